"""When isolation begins, what falls on which day, and the hour at which it ends. Values in, values out.

Day 0 is the day from which the regime counts (of the last exposure, of leaving, of the first observation); day 1 is the
day after it. Where the hour is known the time runs from that hour, where only the day is known from its end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.errors import Refusal
from shouwang.plans.form.people import Regime

CLOCK_WORDS = {
    "last_exposure": "末次接触",
    "departure": "离开当地",
    "first_observation_day": "开始观察",
    "sampling": "采样",
    "onset": "发病",
}


class NothingToCountFrom(Refusal):
    code = "isolation.nothing_to_count_from"
    sentence = "“{regime}”要从{clocks}算起，现在都不知道。请先问清楚日期。"


class OpenDays(Refusal):
    code = "isolation.open_days"
    sentence = "预案里“{regime}”没有写天数。请先把预案填完整。"


class NotYetHappened(Refusal):
    code = "isolation.not_yet_happened"
    sentence = "{clock}的日期 {on} 还没有到，请核对。"


@dataclass(frozen=True)
class Moment:
    """When something happened: the day, and the hour where it is known."""

    on: date
    at: datetime | None = None

    def passed(self, zone: tzinfo = ZONE) -> datetime:
        """From when it was over: the hour, or the end of the day."""
        return self.at or datetime.combine(self.on + timedelta(days=1), time(), tzinfo=zone)


@dataclass(frozen=True)
class Origin:
    """What the days are counted from, and which clock said so."""

    clock: str
    moment: Moment


@dataclass(frozen=True)
class Stretch:
    """One stretch of the schedule: how somebody stays where, from when to when."""

    mode: str
    from_at: datetime
    until: datetime
    may_go_out: bool


@dataclass(frozen=True)
class SwabDay:
    """A test is due on this day; `number` is the day's number within its stretch, `swab` where it is taken from (the plan's key).

    Shape: `twice`: two swabs at once, each for a laboratory of its own, before somebody is let out.
    """

    on: date
    number: int
    stretch: int
    swab: str = ""
    twice: bool = False


@dataclass(frozen=True)
class Schedule:
    """What lies before somebody: the stretches, the days of the tests, and the hour of the end."""

    origin: Origin
    stretches: tuple[Stretch, ...]
    tests: tuple[SwabDay, ...]

    @property
    def until(self) -> datetime:
        """The hour at which it is over, by itself."""
        return self.stretches[-1].until

    def stretch_at(self, now: datetime) -> Stretch | None:
        """Where somebody is in it now; nowhere once it is over."""
        return next((one for one in self.stretches if now < one.until), None)


def origin_of(regime: Regime, evidence: Mapping[str, Moment], *, now: datetime) -> Origin:
    """The first clock of the regime for which there is evidence: no ticket, so the first day of observation.

    Raises: NothingToCountFrom, NotYetHappened.
    """
    for clock in regime.counts_from:
        if clock not in evidence:
            continue
        moment = evidence[clock]
        if moment.on > day_of(now):
            raise NotYetHappened(clock=CLOCK_WORDS[clock], on=moment.on)
        return Origin(clock, moment)
    clocks = "或".join(CLOCK_WORDS[clock] for clock in regime.counts_from)
    raise NothingToCountFrom(regime=regime.words, clocks=clocks)


def schedule_of(regime: Regime, origin: Origin, *, home_possible: bool) -> Schedule:
    """The days of a regime. Where the home does not fit, the stretch is spent where the plan says otherwise.

    Raises: OpenDays.
    """
    begins, stretches, tests = origin.moment.passed(), [], []
    for number, step in enumerate(regime.steps):
        if step.days is None:
            raise OpenDays(regime=regime.words)
        mode = step.otherwise if step.otherwise and not home_possible else step.mode
        until = begins + timedelta(days=step.days)
        stretches.append(Stretch(mode, begins, until, step.may_go_out))
        tests += [
            SwabDay(
                _day(begins, day),
                day,
                number,
                step.swab or "",
                step.double_test_at_end and day == step.test_days[-1],
            )
            for day in step.test_days
        ]
        begins = until
    return Schedule(origin, tuple(stretches), tuple(tests))


def swabs_still_due(schedule: Schedule, *, begun_on: date) -> list[SwabDay]:
    """The tests from the day on which measures began; of those that were missed before it, the last is made good at once."""
    ahead = [test for test in schedule.tests if test.on >= begun_on]
    missed = [test for test in schedule.tests if test.on < begun_on]
    if missed and not any(test.on == begun_on for test in ahead):
        last = missed[-1]
        ahead.insert(0, replace(last, on=begun_on))
    return ahead


def restarted(regime: Regime, schedule: Schedule, exposure: Moment, *, home_possible: bool) -> Schedule:
    """The schedule after a new exposure: it counts again from there, where the plan says so, and never ends earlier."""
    if "new_exposure" not in regime.restarts_on:
        return schedule
    again = schedule_of(regime, Origin("last_exposure", exposure), home_possible=home_possible)
    return again if again.until > schedule.until else schedule


def follows(regime: Regime, primary_results: Sequence[str]) -> str:
    """What becomes of somebody who follows a contact's results: `wait`, `release_when_due`, or the new category.

    Shape: results in their order, each negative, positive or pending.
    """
    if regime.follow is None:
        return "release_when_due"
    first = primary_results[: regime.follow.first_tests]
    if "positive" in first:
        return regime.follow.on_positive
    done = [result for result in first if result == "negative"]
    return regime.follow.on_negative if len(done) == regime.follow.first_tests else "wait"


def _day(begins: datetime, number: int) -> date:
    """The calendar day of day `number`: the first is the day on which the stretch begins, or the one that begins with it."""
    at_midnight = begins.astimezone(ZONE).time() == time()
    return day_of(begins) + timedelta(days=number - 1 if at_midnight else number)
