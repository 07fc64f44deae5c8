"""Readings that somebody should look at (RP17): nobody has the same temperature all week, nobody sees ten doors in a minute."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class Read:
    """One reading, as far as oddities go."""

    person: int
    household: int
    at: datetime
    temperature_c: Decimal
    by: int | None
    how: str
    id: UUID | None = None


def always_the_same(readings: Iterable[Read], *, days: int) -> set[int]:
    """The people whose value never changed on so many days in a row."""
    by_person: defaultdict[int, dict[date, set[Decimal]]] = defaultdict(lambda: defaultdict(set))
    for reading in readings:
        by_person[reading.person][reading.at.date()].add(reading.temperature_c)
    return {person for person, values in by_person.items() if _unmoved(values, days)}


def too_quick(readings: Iterable[Read], *, doors: int) -> dict[int, list[Read]]:
    """The workers who wrote down so many doors within one minute, each with the first such readings."""
    by_worker: defaultdict[int, list[Read]] = defaultdict(list)
    for reading in readings:
        if reading.by is not None and reading.how == "door":
            by_worker[reading.by].append(reading)
    found = {worker: _within_a_minute(rows, doors) for worker, rows in by_worker.items()}
    return {worker: rows for worker, rows in found.items() if rows}


def _unmoved(values: dict[date, set[Decimal]], days: int) -> bool:
    run, before, last = 0, None, None
    for day in sorted(values):
        one = next(iter(values[day])) if len(values[day]) == 1 else None
        follows = last is not None and day - last == timedelta(days=1)
        run = run + 1 if one is not None and follows and one == before else (1 if one is not None else 0)
        before, last = one, day
        if run >= days:
            return True
    return False


def _within_a_minute(readings: Sequence[Read], doors: int) -> list[Read]:
    rows = sorted(readings, key=lambda one: one.at)
    for start, first in enumerate(rows):
        near = [one for one in rows[start:] if one.at - first.at < timedelta(minutes=1)]
        if len({one.household for one in near}) >= doors:
            return near
    return []
