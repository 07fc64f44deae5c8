"""The line of the day as rows of a table: the numbers stand in the page, the picture is drawn from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from shouwang.access.scope import Grants
from shouwang.duties.course import HOUR, Course, Point, course
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import COMMUNITY

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Moment:
    """One hour: its number and words, and both days then; empty where the day has not come so far."""

    hour: float
    words: str
    now: Point | None
    then: Point | None


def line_of_day(area: str, grants: Grants, *, now: datetime, kinds: Iterable[str] = ()) -> list[Moment]:
    """Both days by the hour, from shortly before anything happened; nothing where nothing is asked."""
    whole = all(len(code) <= COMMUNITY for code in grants.codes)
    found = course(area, now=now, kinds=kinds, whole=whole)
    if not any(point.left or point.done for point in found.today + found.yesterday):
        return []
    morning = midnight(day_of(now))
    today = {point.at: point for point in found.today}
    yesterday = {point.at + DAY: point for point in found.yesterday}
    begun = _begun(found, morning)
    return [
        Moment((at - morning) / HOUR, _words(at, morning), today.get(at), yesterday.get(at))
        for at in sorted(today.keys() | yesterday.keys())
        if at >= begun
    ]


def _begun(found: Course, morning: datetime) -> datetime:
    """An hour before the first change of either day."""
    changes = [
        earlier.at
        for points in (found.today, [Point(one.at + DAY, one.left, one.done) for one in found.yesterday])
        for earlier, later in pairwise(points)
        if (earlier.left, earlier.done) != (later.left, later.done)
    ]
    return max(min(changes, default=morning) - HOUR, morning)


def _words(at: datetime, morning: datetime) -> str:
    """14:00, and 24:00 for the midnight that ends the day."""
    minutes = int((at - morning) / timedelta(minutes=1))
    return f"{minutes // 60}:{minutes % 60:02d}"
