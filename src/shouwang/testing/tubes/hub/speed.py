"""How fast points work, how long people wait there, and how long samples are on their way."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from shouwang.lib.clock import ZONE
from shouwang.testing.rounds.gap import Covered
from shouwang.testing.rounds.models import Call, Point, Round
from shouwang.testing.tubes.hub.queue import Called, Standing, standing
from shouwang.testing.tubes.hub.seen import BoxLine

HOUR_SECONDS = 3600
HALF_HOUR = timedelta(minutes=30)
TENS = """
SELECT point_id, date_bin('10 minutes', at, %(opens)s) AS begins, count(*), array_agg(DISTINCT by_id)
FROM testing_swab
WHERE round_id = %(round)s AND void_at IS NULL AND point_id IS NOT NULL AND recorded_at >= %(opens)s
GROUP BY 1, 2 ORDER BY 2
"""


@dataclass
class PointLine:
    """A point: how many were swabbed in each ten minutes, by how many hands, how it stands now, how long its boxes travel."""

    point: Point
    tens: dict[datetime, int] = field(default_factory=dict)
    workers: set[int] = field(default_factory=set)
    now: Standing | None = None
    road_hours: float | None = None

    @property
    def swabs(self) -> int:
        """How many in all."""
        return sum(self.tens.values())

    @property
    def hands(self) -> int:
        """How many swabbed there."""
        return len(self.workers)

    @property
    def hours(self) -> dict[datetime, int]:
        """How many in each full hour."""
        found: dict[datetime, int] = defaultdict(int)
        for begins, many in self.tens.items():
            found[begins.astimezone(ZONE).replace(minute=0, second=0, microsecond=0)] += many
        return dict(found)


@dataclass(frozen=True)
class OnTheWay:
    """How far the boxes were at a moment. Units: boxes, each counted from then on."""

    at: datetime
    sealed: int
    gone: int
    came: int


def points_of(
    row: Round, calls: Sequence[Call], owing: Mapping[str, Covered], *, ways: Sequence[BoxLine], now: datetime
) -> list[PointLine]:
    """The points of a round, the longest wait first. Shape: `owing` by unit, `ways` its boxes. Cost: two statements."""
    with connection.cursor() as cursor:
        cursor.execute(TENS, {"round": row.pk, "opens": row.opens_at})
        rows = cursor.fetchall()
    points = {call.point_id: call.point for call in calls}
    if not_called := {point for point, *_others in rows} - points.keys():
        points |= Point.objects.in_bulk(not_called)
    lines = {pk: PointLine(point) for pk, point in points.items()}
    for point, begins, many, workers in (told for told in rows if told[0] in lines):
        lines[point].tens[begins] = many
        lines[point].workers |= set(workers) - {None}
    for pk, line in lines.items():
        line.now = _standing(line, [call for call in calls if call.point_id == pk], owing, now)
    _add_roads(lines, ways)
    return sorted(lines.values(), key=lambda line: (-(line.now.minutes or 0 if line.now else 0), -line.swabs))


def on_the_way(ways: Sequence[BoxLine], *, since: datetime, now: datetime) -> list[OnTheWay]:
    """By each half hour how many boxes were sealed, had left their point and had come to the laboratory."""
    told = [
        ([step.at for step in way.account.steps if step.kind == "sealed"][-1:],
         [step.at for step in way.account.steps if step.kind == "gave"][:1], [way.came_at] if way.came_at else [])
        for way in ways
    ]  # fmt: skip
    first = min(
        (moment for those in told for times in those for moment in times if moment >= since), default=None
    )
    found: list[OnTheWay] = []
    at = first.replace(minute=0, second=0, microsecond=0) if first else now
    while first and at < now:
        at = min(at + HALF_HOUR, now)
        counts = [sum(any(since <= one <= at for one in those[leg]) for those in told) for leg in range(3)]
        found.append(OnTheWay(at, *counts))
    return found


def _standing(
    line: PointLine, calls: Sequence[Call], owing: Mapping[str, Covered], now: datetime
) -> Standing:
    called = [Called(one.people, _owing(one, owing), one.called_at, one.through_at) for one in calls]
    return standing(called, line.tens, tables=line.point.tables, per_hour=line.point.per_hour, now=now)


def _owing(call: Call, owing: Mapping[str, Covered]) -> int:
    those = (one for unit, one in owing.items() if unit.startswith(call.area_code))
    return sum(one.left - one.left_at_doors for one in those)


def _add_roads(lines: dict[UUID, PointLine], ways: Sequence[BoxLine]) -> None:
    """The hours between the first swab in a box and the laboratory: the middle one of the boxes of each point."""
    hours: defaultdict[str, list[float]] = defaultdict(list)
    for way in ways:
        began = min((step.at for step in way.account.steps), default=None)
        if way.came_at and began:
            hours[way.point].append((way.came_at - began).total_seconds() / HOUR_SECONDS)
    for line in lines.values():
        those = sorted(hours[line.point.name])
        line.road_hours = round(those[len(those) // 2], 1) if those else None
