"""What a day asks of hands by itself: rounds of disinfection, goods that run short, a second visit to some of yesterday's doors."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Left

from shouwang.disinfection.models import Spot
from shouwang.disinfection.spots import owe_the_day
from shouwang.inspection.second import First, draw
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.plans.actions import plan_of
from shouwang.screening.models import Visit
from shouwang.supplies.alarms import look_at
from shouwang.supplies.models import Item

A_DAY = timedelta(days=1)


def owe_works(community: str, *, now: datetime) -> int:
    """Today's rounds, alarms and second visits of a community; told again, nothing is owed twice. How much is new."""
    low, high = subtree(community)
    items: list[UUID] = list(
        Item.objects.filter(area_code__gte=low, area_code__lt=high).values_list("pk", flat=True)
    )
    return owe_the_day(community, now=now) + look_at(items, at=now) + draw_second_visits(community, now=now)


def draw_second_visits(community: str, *, now: datetime) -> int:
    """Of the doors that were visited yesterday, as many of a hundred as the plan says. None without a plan."""
    rules = plan_of(community, now=now)
    percent = rules.screening.second_visits_percent if rules and rules.screening else None
    if not percent:
        return 0
    yesterday = day_of(now) - A_DAY
    low, high = subtree(community)
    rows = Visit.objects.filter(
        area_code__gte=low, area_code__lt=high, at__gte=midnight(yesterday), at__lt=midnight(day_of(now)), void_at=None,
    )  # fmt: skip
    told = rows.order_by("at").values_list(
        "pk", "household__kept_id", "area_code", "at", "by", "people_count"
    )
    visits = [First(pk, door, area, at, by, people) for pk, door, area, at, by, people in told if door]
    return draw(community, yesterday, visits, percent=percent, at=now) if visits else 0


def communities_with_works(*, now: datetime) -> list[str]:
    """Where spots or goods are kept, or doors were visited since yesterday morning."""
    since = midnight(day_of(now)) - A_DAY
    asked: tuple[QuerySet, ...] = (
        Spot.objects.filter(ended_at=None),
        Item.objects.all(),
        Visit.objects.filter(recorded_at__gte=since, void_at=None),
    )
    found = (rows.order_by().annotate(community=Left("area_code", COMMUNITY)) for rows in asked)
    return sorted({code for rows in found for code in rows.values_list("community", flat=True).distinct()})
