"""What a roster is made from, and the rules about one person and one shift, as data and plain questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

LEAD, EXPERIENCED, NIGHT = "lead", "experienced", "night"
A_DAY = timedelta(days=1)
WEEK_DAYS = 7


@dataclass(frozen=True, order=True)
class Span:
    """From a moment up to, not including, another."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: "Span") -> bool:
        """Whether the two have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.ends_at - self.starts_at).total_seconds() / 3600

    @property
    def day(self) -> date:
        """The day on which it begins: for that day it counts."""
        return self.starts_at.date()


@dataclass(frozen=True)
class Offer:
    """Hours that somebody offers: on these days of the week (0 is Monday), from an hour to an hour, past midnight too."""

    days: frozenset[int] = frozenset(range(WEEK_DAYS))
    from_hour: time = time(0)
    until_hour: time = time(0)

    def covers(self, span: Span) -> bool:
        """Whether a shift lies wholly in what is offered."""
        return any(self._on(span.day - A_DAY * back, span) for back in (0, 1))

    def _on(self, day: date, span: Span) -> bool:
        if day.weekday() not in self.days:
            return False
        begins = datetime.combine(day, self.from_hour, tzinfo=span.starts_at.tzinfo)
        ends = datetime.combine(day, self.until_hour, tzinfo=span.starts_at.tzinfo)
        if self.until_hour <= self.from_hour:
            ends += A_DAY
        if self.until_hour == self.from_hour and (day + A_DAY).weekday() in self.days:
            ends += A_DAY  # all day, and the next day too: a night goes through midnight
        return begins <= span.starts_at and span.ends_at <= ends


@dataclass(frozen=True)
class Worker:
    """Somebody who can be asked.

    Shape: `can` are abilities (lead, experienced, drive, medical); `cannot` are strains that must not be asked (night,
    stairs, outdoors, heavy); `offers` are the hours offered, empty for any; `away` is leave and illness; `wishes` are hours
    they would rather have free; `worked` are shifts beside or before this roster; `near` is where they live or belong.
    """

    key: int
    can: frozenset[str] = frozenset()
    cannot: frozenset[str] = frozenset()
    offers: tuple[Offer, ...] = ()
    away: tuple[Span, ...] = ()
    wishes: tuple[Span, ...] = ()
    worked: tuple[Span, ...] = ()
    near: str = ""


@dataclass(frozen=True)
class Shift:
    """Work at one post from an hour to an hour: each place says what it asks of whoever takes it."""

    key: str
    post: int
    span: Span
    places: tuple[frozenset[str], ...]
    strains: frozenset[str] = frozenset()
    area: str = ""


@dataclass(frozen=True)
class Limits:
    """What is owed to everybody: so much rest between two shifts, so many days at most in seven."""

    rest: timedelta = timedelta(hours=11)
    days_in_seven: int = 6
    night_from: time = time(22)
    night_until: time = time(6)

    def is_night(self, span: Span) -> bool:
        """Whether a shift takes somebody's night: it lies over any of the hours of sleep."""
        begins = datetime.combine(span.day - A_DAY, self.night_from, tzinfo=span.starts_at.tzinfo)
        ends = datetime.combine(span.day, self.night_until, tzinfo=span.starts_at.tzinfo)
        return any(span.meets(Span(begins + A_DAY * day, ends + A_DAY * day)) for day in (0, 1))

    def rested(self, one: Span, other: Span) -> bool:
        """Whether there is rest enough between the two, whichever comes first."""
        first, second = sorted((one, other))
        return second.starts_at - first.ends_at >= self.rest

    def too_many_days(self, days: Iterable[date]) -> bool:
        """Whether these days are more than may be in any seven."""
        ordered = sorted(set(days))
        most = self.days_in_seven
        return any(
            (ordered[index] - ordered[index - most]).days < WEEK_DAYS for index in range(most, len(ordered))
        )


@dataclass(frozen=True)
class Case:
    """Everything that a roster is made from."""

    workers: tuple[Worker, ...]
    shifts: tuple[Shift, ...]
    limits: Limits = Limits()

    @cached_property
    def spans(self) -> list[Span]:
        """The different hours at which anybody works, in order."""
        return sorted({shift.span for shift in self.shifts})

    def why_not(self, worker: Worker, shift: Shift, place: int) -> str | None:
        """The first rule that keeps somebody from a place, whatever else they do; None where they may.

        Shape: "away", "must_not", "skill" and "hours" are about the person; "rest" and "days" come from shifts worked.
        """
        if any(span.meets(shift.span) for span in worker.away):
            return "away"
        if self.strains_of(shift) & worker.cannot:
            return "must_not"
        if not shift.places[place] <= worker.can:
            return "skill"
        if worker.offers and not any(offer.covers(shift.span) for offer in worker.offers):
            return "hours"
        return self.too_tired(worker.worked, shift.span)

    def too_tired(self, worked: Iterable[Span], span: Span) -> str | None:
        """Whether a shift would come too soon, or on a day too many, beside those worked."""
        others = list(worked)
        if not all(self.limits.rested(span, other) for other in others):
            return "rest"
        days = [other.day for other in others]
        return "days" if self.limits.too_many_days([*days, span.day]) else None

    def strains_of(self, shift: Shift) -> frozenset[str]:
        """What a shift asks of a body; by night also the night."""
        return shift.strains | {NIGHT} if self.limits.is_night(shift.span) else shift.strains


@dataclass(frozen=True, order=True)
class Given:
    """A place of a shift and whoever takes it."""

    shift: str
    place: int
    worker: int


@dataclass(frozen=True)
class Roster:
    """Who takes which place, and what stays open.

    Shape: `gap` is how far the fairness found may at most be from the best (0: nothing is better); `bound` what the best
    cannot be below.
    """

    given: tuple[Given, ...]
    open: tuple[tuple[str, int], ...]
    cost: int
    bound: int

    @property
    def gap(self) -> float:
        """How far from the best at most, as a share."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0
