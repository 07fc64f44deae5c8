"""The line of the day: what was still to do and what had been done at every hour, today and yesterday."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from shouwang.lib.clock import day_end, day_of, midnight
from shouwang.lib.codes import COMMUNITY, UNIT, subtree

HOUR = timedelta(hours=1)
Changes = dict[datetime | None, tuple[int, int]]

# What began and ended in each hour, in its own day; what lapsed and no close has booked yet; what stands open now.
EVENTS = """
WITH events AS (
  SELECT hour, fact, due_at, amount FROM duties_hour
  WHERE width = %(width)s AND hour = ANY(%(hours)s) AND area_code >= %(low)s AND area_code < %(high)s
    AND kind = ANY(coalesce(%(kinds)s, ARRAY[kind]))
  UNION ALL
  SELECT CASE WHEN fact = 'owed' AND lapses_at <= %(now)s THEN date_trunc('hour', lapses_at) END,
         CASE WHEN fact = 'owed' AND lapses_at <= %(now)s THEN 'missed' ELSE fact END, due_at, amount
  FROM duties_count
  WHERE area_code >= %(low)s AND area_code < %(high)s AND kind = ANY(coalesce(%(kinds)s, ARRAY[kind]))
    AND opens_at < %(tonight)s
    AND (fact = 'owed' AND due_at <= %(tonight)s AND (lapses_at IS NULL OR lapses_at >= %(yesterday)s)
         OR fact IN ('done', 'late') AND due_at > %(yesterday)s)
), changes AS (
  SELECT hour, due_at, amount, fact IN ('done', 'late') AS done,
         CASE WHEN fact = 'owed' THEN amount WHEN hour IS NULL THEN 0 ELSE -amount END AS more
  FROM events
)
SELECT hour,
  coalesce(sum(more) FILTER (WHERE due_at <= %(tonight)s), 0), coalesce(sum(amount) FILTER (WHERE done AND due_at > %(morning)s), 0),
  coalesce(sum(more) FILTER (WHERE due_at <= %(morning)s), 0), coalesce(sum(amount) FILTER (WHERE done AND due_at > %(yesterday)s), 0)
FROM changes GROUP BY hour
"""


@dataclass(frozen=True)
class Point:
    """A moment of a day, as the board showed it. Units: duties; `left` is still to do by midnight, `done` is done."""

    at: datetime
    left: int
    done: int


@dataclass(frozen=True)
class Course:
    """Today from midnight until now, and the whole of yesterday."""

    today: list[Point]
    yesterday: list[Point]


def course(area: str, *, now: datetime, kinds: Iterable[str] = (), whole: bool = False) -> Course:
    """How the day went in an area, of some kinds or of all; today ends in the very numbers of the board.

    Shape: `whole` communities are in scope, not parts of one: then their own few rows are read.
    Cost: one query over the kept counts; without `whole` two or three rows for each unit and day.
    """
    morning = midnight(day_of(now))
    yesterday = midnight(day_of(morning - HOUR))
    width = COMMUNITY if whole and len(area) <= COMMUNITY else UNIT
    rows = _asked(area, width, list(kinds), now)
    today = {row[0]: (row[1], row[2]) for row in rows}
    before = {row[0]: (row[3], row[4]) for row in rows}
    left, done = before.get(None, (0, 0))
    since = [change for hour, change in before.items() if hour and hour >= morning]
    end = (left - sum(change[0] for change in since), done - sum(change[1] for change in since))
    return Course(
        _backwards(today, morning, now, today.get(None, (0, 0))), _backwards(before, yesterday, morning, end)
    )


def _backwards(changes: Changes, start: datetime, end: datetime, then: tuple[int, int]) -> list[Point]:
    """From what was left and done at the end back to what was at each hour before."""
    left, done = then
    points = [Point(end, left, done)]
    for hour in reversed(_hours(start, end)):
        more, finished = changes.get(hour, (0, 0))
        left, done = left - more, done - finished
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
