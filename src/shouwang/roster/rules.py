"""When somebody is left alone, and what a shift asks. Pure: moments and numbers in, moments and words out."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from shouwang.lib.clock import ZONE
from shouwang.roster.solver.cases import EXPERIENCED, LEAD, Limits, Span

ALONE = timedelta(hours=8)  # nobody is called in these hours of a day, duty aside
QUIET = (time(22), time(6))  # those eight hours, where the plan names none of its own
COMES_UP = timedelta(hours=3)  # a turn so near is told at once, whatever the hour
EARLY = timedelta(hours=1)  # from so long before a shift somebody can check in


def limits_of(rest_hours: float | None, work_days_in_seven: int | None) -> Limits:
    """The plan's rest and days; where it names none, eleven hours and six days."""
    usual = Limits()
    rest = timedelta(hours=float(rest_hours)) if rest_hours else usual.rest
    return Limits(rest, work_days_in_seven or usual.days_in_seven)


def may_hear(
    at: datetime,
    *,
    turns: Sequence[Span],
    quiet: tuple[time | None, time | None],
    begins_at: datetime | None = None,
) -> datetime:
    """From when somebody may be written to.

    At once while they work (on call is work), or where what they are told begins soon; otherwise after the quiet hours, and not
    before eight hours have passed since a night at work.
    """
    if any(span.starts_at <= at < span.ends_at for span in turns):
        return at
    if begins_at is not None and begins_at - at <= COMES_UP:
        return at
    slept = max((span.ends_at + ALONE for span in turns if _was_up(span, at)), default=at)
    from_hour, until_hour = quiet if quiet[0] and quiet[1] else QUIET
    return _after(max(at, slept), from_hour or QUIET[0], until_hour or QUIET[1])


def places(people: int, *, led: bool, paired: bool, skills: Sequence[str]) -> tuple[frozenset[str], ...]:
    """What each place of a shift asks: one leads or knows the work, the last ones bring the skills."""
    asked: list[set[str]] = [set() for _ in range(people)]
    if led or paired:
        asked[0].add(LEAD if led else EXPERIENCED)
    for number, skill in enumerate(skills):
        asked[-1 - number % people].add(skill)
    return tuple(frozenset(one) for one in asked)


def hours_of_day(spans: Iterable[Span], midnight: datetime) -> list[int]:
    """How many of these there are in each of the day's 24 hours."""
    counts = [0] * 24
    for span in spans:
        for hour in range(24):
            begins = midnight + timedelta(hours=hour)
            counts[hour] += span.meets(Span(begins, begins + timedelta(hours=1)))
    return counts


def _was_up(span: Span, at: datetime) -> bool:
    """Whether this was a night at work that is not slept off yet."""
    return span.ends_at <= at < span.ends_at + ALONE and Limits().is_night(span)


def _after(at: datetime, from_hour: time, until_hour: time) -> datetime:
    """This moment, or the end of the quiet hours that it lies in."""
    local = at.astimezone(ZONE)
    over_midnight = from_hour > until_hour
    hour = local.time()
    inside = (hour >= from_hour or hour < until_hour) if over_midnight else (from_hour <= hour < until_hour)
    if not inside:
        return at
    days = 1 if over_midnight and hour >= from_hour else 0
    return datetime.combine(local.date() + timedelta(days=days), until_hour, tzinfo=ZONE)
