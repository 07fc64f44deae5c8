"""When a point is owed: once by its hour, or so many times on each of its days. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from shouwang.duties.windows import Window
from shouwang.lib.clock import ZONE, midnight

DAY = timedelta(days=1)


def once(arrived_at: datetime, due_at: datetime) -> Window:
    """From its arrival to its hour; later is late, never too late."""
    return Window(arrived_at, due_at)


def daily(from_on: date, last_on: date, *, times: int, by_hour: time | None = None) -> Iterator[Window]:
    """One window for each time of each day. What a day did not see is missed: yesterday's call cannot be made today.

    Shape: several times a day share the day evenly, so that two in one evening are not morning and evening.
    """
    day = from_on
    while day <= last_on:
        opens, step = midnight(day), DAY / times
        for number in range(times):
            starts, ends = opens + number * step, opens + (number + 1) * step
            due = datetime.combine(day, by_hour, tzinfo=ZONE) if by_hour and times == 1 else ends
            yield Window(starts, due, ends)
        day += DAY
