"""The line of the day: what was still to do and what had been done at every hour, today and yesterday."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from shouwang.lib.clock import day_end, day_of, midnight
from shouwang.lib.codes import COMMUNITY, UNIT, subtree

HOUR = timedelta(hours=1)

# What began and ended in each hour, in its own day; what lapsed and no close has booked yet; what stands open now.
EVENTS = """
WITH events AS (
  SELECT hour, fact, due_at, amount FROM duties_hour
  WHERE width = %(width)s AND hour = ANY(%(hours)s) AND area_code >= %(low)s AND area_code < %(high)s
    AND kind = ANY(coalesce(%(kinds)s, ARRAY[kind]))
  UNION ALL
  SELECT CASE WHEN lapses_at <= %(now)s THEN date_trunc('hour', lapses_at) END,
         CASE WHEN lapses_at <= %(now)s THEN 'missed' ELSE 'owed' END, due_at, amount
  FROM duties_count
  WHERE area_code >= %(low)s AND area_code < %(high)s
    AND kind = ANY(coalesce(%(kinds)s, ARRAY[kind])) AND fact = 'owed' AND opens_at < %(tonight)s AND due_at <= %(tonight)s
    AND (lapses_at IS NULL OR lapses_at >= %(yesterday)s)
)
SELECT hour,
  coalesce(sum(amount) FILTER (WHERE fact IN ('done', 'late')), 0),
  coalesce(sum(CASE fact WHEN 'owed' THEN amount ELSE -amount END) FILTER (WHERE due_at <= %(tonight)s), 0),
  coalesce(sum(CASE fact WHEN 'owed' THEN amount ELSE -amount END) FILTER (WHERE due_at <= %(morning)s), 0)
FROM events GROUP BY hour
"""


@dataclass(frozen=True)
class Point:
    """A moment of a day. Units: duties; `left` was due by that day's end and still open, `done` since its midnight."""

    at: datetime
    left: int
    done: int


@dataclass(frozen=True)
class Course:
    """Today from midnight until now, and the whole of yesterday."""

    today: list[Point]
    yesterday: list[Point]


def course(area: str, *, now: datetime, kinds: Iterable[str] = (), whole: bool = False) -> Course:
    """How the day went in an area, of some kinds or of all; today ends in the very number of the board.

    Shape: `whole` communities are in scope, not parts of one: then their own few rows are read.
    Cost: one query over the kept counts; without `whole` two or three rows for each unit and day.
    """
    morning = midnight(day_of(now))
    yesterday = midnight(day_of(morning - HOUR))
    width = COMMUNITY if whole and len(area) <= COMMUNITY else UNIT
    rows = _asked(area, width, list(kinds), now)
    changes = {hour: (done, tonights, mornings) for hour, done, tonights, mornings in rows if hour}
    open_now, open_then = next(((row[2], row[3]) for row in rows if row[0] is None), (0, 0))
    today = _backwards(changes, 1, now, morning, open_now)
    since = sum(change[2] for hour, change in changes.items() if hour >= morning)
    return Course(today, _backwards(changes, 2, morning, yesterday, open_then - since))


def _backwards(
    changes: dict[datetime, tuple[int, int, int]], column: int, end: datetime, start: datetime, left: int
) -> list[Point]:
    """From what was left at the end back to what was left at each hour before."""
    hours = _hours(start, end)
    done = sum(changes[hour][0] for hour in hours if hour in changes)
    points = [Point(end, left, done)]
    for hour in reversed(hours):
        change = changes.get(hour, (0, 0, 0))
        left, done = left - change[column], done - change[0]
        points.insert(0, Point(hour, left, done))
    return points


def _hours(start: datetime, end: datetime) -> list[datetime]:
    """Each full hour from the start on, before the end."""
    amount = -(-(end - start) // HOUR)
    return [start + number * HOUR for number in range(amount)]


def _asked(area: str, width: int, kinds: list[str], now: datetime) -> list[tuple[Any, ...]]:
    low, high = subtree(area)
    morning = midnight(day_of(now))
    yesterday = midnight(day_of(morning - HOUR))
    asked: dict[str, Any] = {
        "low": low,
        "high": high,
        "width": width,
        "kinds": kinds or None,
        "hours": _hours(yesterday, now + HOUR),
        "yesterday": yesterday,
        "morning": morning,
        "tonight": day_end(now),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, asked)
        return cursor.fetchall()
