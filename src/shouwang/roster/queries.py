"""What the pages of the roster show: the day hour by hour, posts without people, somebody's turns and load."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.roster.models import Absence, Arrival, Shift, Turn
from shouwang.roster.posts import shifts_in, span_of
from shouwang.roster.rules import hours_of_day
from shouwang.roster.solver import Limits
from shouwang.roster.workers import held

A_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass
class Line:
    """One shift of the day: who has its turns, who has been seen there, and how it stands now.

    Shape: `state` is waiting, empty (it has begun and nobody is there), short, full or over.
    """

    shift: Shift
    turns: list[Turn] = field(default_factory=list)
    there: set[UUID] = field(default_factory=set)
    state: str = "waiting"

    @property
    def missing(self) -> int:
        """How many places nobody has."""
        return max(0, self.shift.people - len(self.turns))


@dataclass(frozen=True)
class Day:
    """今天人手. Units: people and places; `needed` and `given` by hour have 24 numbers each."""

    lines: list[Line]
    needed: list[int]
    given: list[int]
    there: list[int]

    @property
    def needs(self) -> int:
        """How many places the day has."""
        return sum(line.shift.people for line in self.lines)

    @property
    def has(self) -> int:
        """How many of them somebody has."""
        return sum(min(len(line.turns), line.shift.people) for line in self.lines)

    @property
    def lacks(self) -> int:
        """How many nobody has."""
        return self.needs - self.has

    def in_state(self, *states: str) -> list[Line]:
        """The shifts that stand so now."""
        return [line for line in self.lines if line.state in states]

    @property
    def wanting_out(self) -> list[Turn]:
        """Those who said that they cannot come."""
        return [turn for line in self.lines for turn in line.turns if turn.wants_out_at]


def day_of_hands(area: str, day: date, *, now: datetime) -> Day:
    """What a day needs against who is there, hour by hour, and each post with how it stands. Cost: three questions."""
    low, high = subtree(area)
    begins, ends = midnight(day), midnight(day + A_DAY)
    rows = Shift.objects.filter(
        area_code__gte=low, area_code__lt=high, cancelled_at=None, starts_at__lt=ends, ends_at__gt=begins
    )
    shifts = list(rows.select_related("post").order_by("starts_at", "post__kind", "post__name"))
    lines = lines_of(shifts, now=now)
    spans = [span_of(line.shift) for line in lines]
    return Day(
        lines,
        hours_of_day(
            [span for line, span in zip(lines, spans, strict=True) for _ in range(line.shift.people)], begins
        ),
        hours_of_day([span for line, span in zip(lines, spans, strict=True) for _ in line.turns], begins),
        hours_of_day([span for line, span in zip(lines, spans, strict=True) for _ in line.there], begins),
    )


def lines_of(shifts: Sequence[Shift], *, now: datetime) -> list[Line]:
    """These shifts with their turns and who was seen."""
    turns, there = held(shifts), _seen_there(shifts)
    return [
        Line(one, turns[one.pk], there[one.pk], _state(one, turns[one.pk], there[one.pk], now))
        for one in shifts
    ]


def week(area: str, first: date, *, now: datetime, post: int = 0) -> list[Line]:
    """The shifts of seven days with their turns."""
    rows = shifts_in(area, from_on=first, until_on=first + WEEK)
    return lines_of(list(rows.filter(post=post) if post else rows), now=now)


def around(shift: Shift, *, now: datetime) -> list[Line]:
    """A shift and the others of its day and of the next, each with its turns. Cost: three questions."""
    day, (low, high) = day_of(shift.starts_at), subtree(shift.area_code[:COMMUNITY])
    rows = Shift.objects.filter(
        Q(pk=shift.pk) | Q(ends_at__gt=now), area_code__gte=low, area_code__lt=high, cancelled_at=None,
        starts_at__gte=midnight(day), starts_at__lt=midnight(day + 2 * A_DAY),
    )  # fmt: skip
    return lines_of(list(rows.select_related("post").order_by("starts_at", "post__name")), now=now)


def turns_of(helper: int, *, now: datetime) -> list[Turn]:
    """Somebody's turns from the one that runs on, as far as they were told."""
    rows = Turn.objects.filter(
        helper=helper, ended_at=None, told_at__isnull=False, shift__ends_at__gt=now, shift__cancelled_at=None
    )
    return list(rows.select_related("shift__post").order_by("from_at"))


def arrived(turns: Iterable[Turn]) -> dict[UUID, datetime]:
    """When those who have come came, by turn."""
    rows = Arrival.objects.filter(turn__in=list(turns), void_at=None).order_by("-at")
    return dict(rows.values_list("turn_id", "at"))


@dataclass(frozen=True)
class Load:
    """How much somebody works: for whoever leads them, and for themselves. Units: turns and hours of seven days."""

    turns: int
    nights: int
    hours: float
    came: int


def load_of(helper: int, *, now: datetime) -> Load:
    """The seven days before and the turns that are known for today. No ranking is made from it."""
    rows = Turn.objects.filter(
        helper=helper, ended_at=None, shift__starts_at__gte=midnight(day_of(now)) - WEEK,
        shift__starts_at__lt=midnight(day_of(now) + A_DAY), shift__cancelled_at=None,
    )  # fmt: skip
    turns = list(rows.select_related("shift"))
    spans = [span_of(turn.shift) for turn in turns]
    return Load(
        len(turns), sum(map(Limits().is_night, spans)), sum(span.hours for span in spans), len(arrived(turns))
    )


def on_duty(helpers: Sequence[int], *, now: datetime) -> dict[int, list[Turn]]:
    """The turns of these people that run now or ran in the night before."""
    rows = Turn.objects.filter(
        helper__in=helpers, ended_at=None, shift__starts_at__lte=now, shift__ends_at__gt=now - A_DAY,
        shift__cancelled_at=None,
    )  # fmt: skip
    found: dict[int, list[Turn]] = defaultdict(list)
    for turn in rows.select_related("shift"):
        found[turn.helper_id].append(turn)
    return found


def away_today(area: str, *, now: datetime) -> QuerySet[Absence]:
    """Who is on leave or ill now."""
    low, high = subtree(area)
    rows = Absence.objects.filter(
        Q(until=None) | Q(until__gt=now),
        area_code__gte=low,
        area_code__lt=high,
        void_at=None,
        from_at__lte=now,
    )
    return rows.exclude(why="wish").select_related("helper").order_by("helper__name")


def _seen_there(shifts: Sequence[Shift]) -> dict[UUID, set[UUID]]:
    rows = Arrival.objects.filter(turn__shift__in=shifts, turn__ended_at=None, void_at=None)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for shift, turn in rows.values_list("turn__shift_id", "turn_id"):
        found[shift].add(turn)
    return found


def _state(shift: Shift, turns: list[Turn], there: set[UUID], now: datetime) -> str:
    if shift.ends_at <= now:
        return "over"
    if shift.starts_at > now:
        return "waiting" if len(turns) >= shift.people else "short"
    if not there:
        return "empty"
    return "full" if len(there) >= shift.people else "short"
