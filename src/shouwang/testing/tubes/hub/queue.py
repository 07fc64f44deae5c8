"""How long people wait at a point, told by its own swabs: who was called and should have come, without who is through."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shouwang.testing.rounds.timetable import COME_MINUTES

STEP = timedelta(minutes=10)
LATELY = timedelta(minutes=30)
COME = timedelta(minutes=COME_MINUTES)
GONE = timedelta(hours=1)  # who has not been seen so long after their turn is at home, and on the gap list


@dataclass(frozen=True)
class Called:
    """People of a building who were called to the point, how many of them still owe a swab, and when they should be through."""

    people: int
    owing: int
    called_at: datetime
    through_at: datetime


@dataclass(frozen=True)
class Standing:
    """A point now. Units: people; `lately` in the last ten minutes, `per_table` of them at one table, `minutes` to wait.

    Shape: `behind` are those who should be through by the timetable and are not; `minutes` none where nobody can say.
    """

    lately: int
    per_table: float
    waiting: int
    minutes: int | None
    behind: int


def standing(
    calls: Sequence[Called], taken: Mapping[datetime, int], *, tables: int, per_hour: int, now: datetime
) -> Standing:
    """How a point stands. Shape: `taken` people by the beginning of each ten minutes.

    The pace is that of the last half hour; where nobody was swabbed that which the tables should have.
    """
    those = [one for one in calls if one.through_at > now - GONE]
    waiting = sum(_waiting(one, now) for one in those)
    behind = sum(one.owing for one in those if one.through_at <= now)
    lately = sum(many for begins, many in taken.items() if now - STEP <= begins < now)
    recent = sum(many for begins, many in taken.items() if now - LATELY <= begins < now)
    pace = recent / (LATELY / timedelta(minutes=1)) or tables * per_hour / 60
    minutes = round(waiting / pace) if pace else None
    return Standing(lately, round(lately / max(tables, 1), 1), waiting, minutes, behind)


def _waiting(one: Called, now: datetime) -> int:
    """People of a building come evenly within the minutes after they were called; whoever is through was there."""
    share = min(max((now - one.called_at) / COME, 0.0), 1.0)
    return max(round(one.people * share) - (one.people - min(one.owing, one.people)), 0)
