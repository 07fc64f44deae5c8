"""What each point needs for a round: tubes, boxes, suits, disinfectant, forms; tubes that still lie there are counted off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from shouwang.plans.form.fieldwork import Testing
from shouwang.testing.models import Tube
from shouwang.testing.rounds.models import Call, Point, Round
from shouwang.testing.rounds.who import EVERYONE

SPARE = 1.1
"""A tenth more tubes than people: half-full ones at the end of a table, spilt ones."""
STRIP = 10
HANDS = 2
"""At a table somebody swabs and somebody writes down."""


@dataclass(frozen=True)
class Wanted:
    """What one point needs. Units: pieces; `heads` the people who work there, `people` who are swabbed there."""

    point: Point
    people: int
    heads: int
    tubes: int
    boxes: int
    forms: int


def wanted(
    row: Round, points: Sequence[Point], calls: Sequence[Call], rules: Testing | None, *, per_box: int, left: Mapping[UUID, int]
) -> list[Wanted]:  # fmt: skip
    """What each point needs, by whom the timetable calls there.

    Shape: `left` are the tubes that already lie at a point with codes that nobody has used; `per_box` tubes go into a box.
    """
    strip = (rules.tubes_in_a_strip if rules else None) or STRIP
    pool = row.pool_sizes.get(EVERYONE) or 1
    found = []
    for point in points:
        people = sum(one.people for one in calls if one.point_id == point.pk)
        filled = ceil(people / pool * SPARE)
        lacking = max(filled - left.get(point.pk, 0), 0)
        tubes = ceil(lacking / strip) * strip
        found.append(
            Wanted(point, people, point.tables * HANDS, tubes, ceil(filled / per_box), ceil(filled / strip))
        )
    return found


def used_at(points: Sequence[Point]) -> dict[UUID, int]:
    """How many tubes were used at each point so far."""
    used: dict[UUID, int] = {}
    for point in Tube.objects.filter(point__in=points).values_list("point_id", flat=True):
        used[point] = used.get(point, 0) + 1
    return used
