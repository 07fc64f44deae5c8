"""What waits for a decision of the meeting: doors tried most often, rows owed longest, points that nobody answered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shouwang.directives.models import Point
from shouwang.directives.queries import unanswered
from shouwang.duties.models import Attempt, Duty
from shouwang.lib.codes import subtree
from shouwang.register.models import Area
from shouwang.screening.duties import LIST_ROW
from shouwang.screening.models import ListRow

MOST, TRIED_OFTEN = 10, 3


@dataclass(frozen=True)
class Waiting:
    """One line: the duty, what is written over it, how often it was tried."""

    duty: Duty
    words: str
    tries: int = 0
    about: UUID | None = None


def doors_waiting(area: str, *, often: int | None, now: datetime) -> list[Waiting]:
    """Doors and places that are overdue or were tried `often` in vain (the plan's number, three where it has none):
    the most tries first, then the oldest.

    Cost: one question; each door owed is looked up once among the attempts.
    """
    rows = _owed(area, now).filter(Q(household__isnull=False) | Q(place__isnull=False), about=None)
    tries = Coalesce(Subquery(_tries()), 0)
    wanted = rows.annotate(tries=tries).filter(Q(due_at__lte=now) | Q(tries__gte=often or TRIED_OFTEN))
    found = wanted.select_related("household", "place").order_by("-tries", "due_at", "area_code", "id")[:MOST]
    return [Waiting(duty, _door(duty), duty.tries) for duty in found]


def rows_waiting(area: str, *, often: int | None, now: datetime) -> list[Waiting]:
    """Rows of lists that nobody answered within their clock, or that were tried as often as the plan asks: the oldest first."""
    rows = _owed(area, now).filter(kind=LIST_ROW.name)
    same = Attempt.objects.filter(kind=OuterRef("kind"), about=OuterRef("about")).order_by().values("about")
    tries = Coalesce(Subquery(same.annotate(many=Count("pk")).values("many")), 0)
    in_vain = Q(tries__gte=often) if often else Q(pk__in=[])
    wanted = rows.annotate(tries=tries).filter(Q(due_at__lte=now) | in_vain)
    found = list(wanted.order_by("due_at", "-tries", "id")[:MOST])
    names = dict(ListRow.objects.filter(pk__in=[duty.about for duty in found]).values_list("pk", "name"))
    return [Waiting(duty, names[duty.about], duty.tries, duty.about) for duty in found if duty.about in names]


def points_waiting(area: str, *, now: datetime) -> list[Waiting]:
    """Points of documents and decisions that are overdue, the oldest first."""
    found = unanswered(*subtree(area), now=now, most=MOST)
    points = Point.objects.in_bulk([duty.about for duty in found])
    labels = dict(
        Area.objects.filter(code__in=[duty.area_code for duty in found]).values_list("code", "label")
    )
    return [
        Waiting(duty, f"{labels.get(duty.area_code, '')} {points[duty.about].words}", 0, duty.about)
        for duty in found
        if duty.about in points
    ]


def _owed(area: str, now: datetime) -> QuerySet[Duty]:
    low, high = subtree(area)
    owed = Duty.objects.filter(fact="owed", opens_at__lte=now, area_code__gte=low, area_code__lt=high)
    return owed.filter(Q(lapses_at=None) | Q(lapses_at__gt=now))


def _tries() -> QuerySet:
    """How often a door's duty was tried since it opened."""
    same = Attempt.objects.filter(
        kind=OuterRef("kind"), household=OuterRef("household"), about=None, at__gte=OuterRef("opens_at")
    )
    return same.order_by().values("household").annotate(many=Count("pk")).values("many")


def _door(duty: Duty) -> str:
    door = duty.household
    return f"{door.compound} {door.door}" if door else str(duty.place or "")
