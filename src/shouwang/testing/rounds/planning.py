"""Points, tables and samplers from the plan's numbers; who is called where and when; what a point that closes leaves to the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Min

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.codes import BUILDING, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.form.fieldwork import Testing
from shouwang.testing.duties import SWAB
from shouwang.testing.rounds.models import Call, Point, Round
from shouwang.testing.rounds.ordering import HasEnded
from shouwang.testing.rounds.timetable import Counter, Day, Group, Rules, Walk, timetable
from shouwang.testing.tubes.models import Tube

MOST_TABLES, MOST_PER_HOUR = 60, 600
WAITING = """
SELECT area_code, sum(amount) FROM duties_count
WHERE kind = %(kind)s AND opens_at = %(opens)s AND due_at = %(due)s AND fact = 'owed' AND area_code >= %(low)s AND area_code < %(high)s
GROUP BY area_code ORDER BY area_code
"""


class NoPoints(Refusal):
    code = "testing.no_points"
    sentence = "这里还没有采样点。请先加采样点和台数。"


class PointThere(Refusal):
    code = "testing.point_there"
    sentence = "已经有叫“{name}”的采样点了，请换个名字。"


class PointClosed(Refusal):
    code = "testing.point_closed"
    sentence = "“{name}”已经关了。"


class WrongTables(Refusal):
    code = "testing.wrong_tables"
    sentence = "台数填 1 到 60，每台每小时填 1 到 600 人。"


@dataclass(frozen=True)
class Advice:
    """What the plan's numbers ask for so many people. Nothing where the plan is silent."""

    people: int
    points: tuple[int, int] | None = None
    samplers: int | None = None
    tables: int | None = None
    per_point: tuple[int, int] | None = None
    minutes: tuple[int | None, int | None] = (None, None)


def advised(people: int, rules: Testing | None) -> Advice:
    """How many points, samplers and tables so many people need: 2,000 to 3,000 a point, one sampler for 360, and so on."""
    if rules is None:
        return Advice(people)
    low_high, per_sampler, per_team = (
        rules.persons_per_point,
        rules.persons_per_sampler,
        rules.persons_per_team_day,
    )
    points = (ceil(people / low_high[1]), ceil(people / low_high[0])) if low_high else None
    return Advice(
        people,
        points,
        ceil(people / per_sampler) if per_sampler else None,
        ceil(people / per_team) if per_team else None,
        rules.teams_per_point,
        (rules.walk_minutes, rules.queue_minutes),
    )


@dataclass(frozen=True)
class Opening:
    """By when the plan asks for the points to take people, and when the first was swabbed at one."""

    due_at: datetime
    first_at: datetime | None

    def state(self, now: datetime) -> str:
        """As of any duty: open, overdue, done or late."""
        if self.first_at:
            return "done" if self.first_at < self.due_at else "late"
        return "open" if now < self.due_at else "overdue"


def opening(row: Round, area: str, rules: Testing | None) -> Opening | None:
    """The clock of the points of an area: it runs from the order, and never ends before the round begins."""
    if rules is None or rules.points_open_within_hours is None:
        return None
    due = row.ordered_at + timedelta(hours=rules.points_open_within_hours[1])
    first = Tube.objects.filter(round=row, point__in=points_in(area)).aggregate(at=Min("opened_at"))["at"]
    return Opening(max(due, row.opens_at), first)


def add_point(
    area: str, *, name: str, where: str = "", tables: int, per_hour: int, by: User | None, at: datetime, id: UUID | None = None,
) -> Point:  # fmt: skip
    """A new point. Sent twice (one `id`) it is one. Raises: WrongTables, PointThere."""
    if not 1 <= tables <= MOST_TABLES or not 1 <= per_hour <= MOST_PER_HOUR:
        raise WrongTables()
    if id and (already := Point.objects.filter(pk=id).first()):
        return already
    try:
        with transaction.atomic():
            point = Point.objects.create(
                id=id or uuid7(at), area_code=area, name=name.strip()[:60], where=where.strip()[:100], tables=tables,
                per_hour=per_hour, added_at=at, added_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise PointThere(name=name.strip()) from None
    audit("testing.add_point", at=at, by=by, area=area, point=point.pk)
    return point


def close_point(pk: UUID, *, by: User | None, at: datetime) -> Point:
    """The point is closed from now on. Raises: NotInScope, PointClosed."""
    point = one_in_scope(Point.objects.filter(pk=pk))
    if not Point.objects.filter(pk=pk, closed_at=None).update(closed_at=at, closed_by=by):
        raise PointClosed(name=point.name)
    audit("testing.close_point", at=at, by=by, area=point.area_code, point=pk)
    return point


def points_in(area: str) -> list[Point]:
    """The open points of an area, doors aside."""
    low, high = subtree(area)
    inside = Point.objects.filter(area_code__gte=low, area_code__lt=high, at_doors=False, closed_at=None)
    return list(inside.order_by("area_code", "name"))


def call(row: Round, area: str, rules: Testing | None, *, by: User | None, at: datetime) -> list[Day]:
    """Lays out who is called where and when, from now on; who has been called to a point that is still open stays where they are.

    Returns a day for each point, for whoever is yet to be called. Raises: NoPoints, HasEnded.
    """
    if row.ended_at or row.due_at <= at:
        raise HasEnded(name=row.name)
    points = points_in(area)
    if not points:
        raise NoPoints()
    begins, stay = max(row.opens_at, at), _stay(row, area, points, at=at)
    counters = [
        Counter(str(one.pk), one.area_code, one.tables, one.per_hour, _free(stay, one, begins))
        for one in points
    ]
    called = {one.area_code for one in stay}
    groups = [one for one in groups_of(row, area) if not called & {one.code, one.code[:BUILDING]}]
    days = timetable(groups, counters, rules_of(rules))
    Call.objects.bulk_create(
        Call(
            round=row, point_id=UUID(one.point), area_code=one.code, people=one.people, called_at=begins + timedelta(minutes=one.minute),
            through_at=begins + timedelta(minutes=one.through), made_at=at, made_by=by,
        )
        for day in days for one in day.called
    )  # fmt: skip
    calls = sum(len(day.called) for day in days)
    audit("testing.call", at=at, by=by, area=area, round=row.pk, points=len(points), calls=calls)
    return days


def _stay(row: Round, area: str, points: list[Point], *, at: datetime) -> list[Call]:
    """Who has been called to one of these points already; every other call of the area is replaced."""
    low, high = subtree(area)
    old = Call.objects.filter(round=row, area_code__gte=low, area_code__lt=high, replaced_at=None)
    stay = list(old.filter(called_at__lte=at, point__in=points))
    old.exclude(pk__in=[one.pk for one in stay]).update(replaced_at=at)
    return stay


def groups_of(row: Round, area: str) -> list[Group]:
    """Of each unit how many still have to come to a point."""
    low, high = subtree(area)
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "kind": SWAB.name,
            "opens": row.opens_at,
            "due": row.due_at,
            "low": low,
            "high": high,
        }
        cursor.execute(WAITING, asked)
        return [Group(code, int(people)) for code, people in cursor.fetchall()]


def rules_of(rules: Testing | None) -> Rules:
    """The minutes that the plan lets people walk and queue."""
    if rules is None:
        return Rules()
    walk = Walk(far=rules.walk_minutes or Walk.far)
    return Rules(rules.queue_minutes or Rules.queue, Walk(min(walk.near, walk.far), walk.far))


def calls_of(row: Round, area: str) -> list[Call]:
    """The timetable that holds, in the order of the day."""
    low, high = subtree(area)
    rows = Call.objects.filter(round=row, area_code__gte=low, area_code__lt=high, replaced_at=None)
    return list(rows.select_related("point").order_by("called_at", "area_code"))


def planned_by(calls: Sequence[Call], moments: Sequence[datetime]) -> list[int]:
    """How many should be through at each of these moments, by the timetable."""
    return [sum(one.people for one in calls if one.through_at <= moment) for moment in moments]


def _free(stay: Sequence[Call], point: Point, begins: datetime) -> float:
    """From which minute on a point takes the next. Units: minutes from the beginning."""
    through = max((one.through_at for one in stay if one.point_id == point.pk), default=begins)
    return max((through - begins).total_seconds() / 60, 0.0)
