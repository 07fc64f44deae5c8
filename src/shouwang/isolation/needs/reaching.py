"""How many days ago anything reached a door behind which somebody is held (RP26): the doors that nobody serves come first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from shouwang.isolation.models import Need
from shouwang.isolation.overview import held
from shouwang.lib.clock import day_of


@dataclass(frozen=True)
class Door:
    """One door: how many people are held there, and how many days nothing has reached it."""

    household: int
    area_code: str
    compound: str
    door: str
    people: int
    days: int
    ever: bool


def doors(*, now: datetime, most: int) -> list[Door]:
    """The doors behind which somebody is held, the longest without anything first. Cost: one query."""
    brought = Need.objects.filter(household=OuterRef("household"), at__isnull=False, void_at=None)
    last = brought.order_by().values("household").annotate(last=Max("at")).values("last")
    rows = (
        held(now).order_by().values("household").annotate(
            people=Count("id"), begun=Min("decided_at"), last=Subquery(last), area=Min("area_code"),
            compound=Min("household__compound"), building=Min("household__building"), unit=Min("household__unit"),
            room=Min("household__room"),
        ).annotate(reached=Greatest(Coalesce(F("last"), F("begun")), F("begun"))).order_by("reached", "area")
    )  # fmt: skip
    return [_door(row, now) for row in rows[:most]]


def worst(*, now: datetime) -> tuple[int, str] | None:
    """For how many days nothing has reached the door that waits longest, and where that door is.

    Cost: one look at the held for those whom nothing has reached since they are held, one at what was brought.
    """
    brought = Need.objects.filter(at__isnull=False, void_at=None)
    since = brought.filter(household=OuterRef("household"), at__gte=OuterRef("decided_at"))
    never = held(now).filter(~Exists(since)).order_by("decided_at", "area_code")
    here = held(now).filter(household=OuterRef("household"), decided_at__lte=OuterRef("at"))
    last = brought.filter(Exists(here)).order_by().values("household")
    served = last.annotate(last=Max("at"), area=Min("area_code")).order_by("last", "area")
    waiting = [
        *never.values_list("decided_at", "area_code")[:1],
        *served.values_list("last", "area")[:1],
    ]
    if not waiting:
        return None
    reached, area = min(waiting)
    return (day_of(now) - day_of(reached)).days, area


def _door(row: Any, now: datetime) -> Door:
    words = "-".join(part for part in (row["building"], row["unit"], row["room"]) if part)
    days = (day_of(now) - day_of(row["reached"])).days
    return Door(
        row["household"], row["area"], row["compound"], words, row["people"], days, row["last"] is not None
    )
