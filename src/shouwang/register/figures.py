"""The figures that a community is asked for, each the length of a list that can be opened.

Two denominators that must not be mixed: the doors of the compounds, lived in or not, and the homes and people that
live there. What a figure means is said once, where it is offered to ledgers (`fields.py`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Left

from shouwang.lib.codes import subtree
from shouwang.register import fields
from shouwang.register.models import Area, Helper, Household, Place
from shouwang.register.queries import empty_doors, unknown_doors

PAUSED = "暂停"
ENTERTAINMENT = ("KTV", "酒吧", "网吧", "棋牌室", "歌舞厅", "游戏厅", "影院", "台球厅", "洗浴")


List = Callable[[str], QuerySet | None]


def _standing(rows: List, **still: None) -> List:
    """Those of a ledger's rows that stand now: each for itself, and still here."""

    def now(area: str) -> QuerySet | None:
        found = rows(area)
        return None if found is None else found.filter(kept_id=F("id"), **still).order_by("area_code", "id")

    return now


# Lists by their names; None where nobody can know (the own province, under a provisional code).
DOORS: Mapping[str, List] = {
    "doors": _standing(fields.doors),
    "homes": _standing(fields.homes),
    "empty": empty_doors,
    "unknown": unknown_doors,
}
PEOPLE: Mapping[str, List] = {
    "people": _standing(fields.people, left_at=None),
    "other_provinces": _standing(fields.from_other_provinces, left_at=None),
    "other_cities": _standing(fields.from_other_cities, left_at=None),
    "hubei": _standing(fields.from_hubei, left_at=None),
}


@dataclass(frozen=True)
class PlacesOfAKind:
    """Places of one kind. Units: places; `staff` are people, None where no place says how many."""

    kind: str
    amount: int
    staff: int | None
    paused: int


def figures_of(area: str) -> dict[str, int | None]:
    """The length of every list, and how many compounds and buildings there are. Cost: one query."""
    low, high = subtree(area)
    areas = Area.objects.filter(code__gte=low, code__lt=high)
    rows: dict[str, QuerySet | None] = {name: found(area) for name, found in {**DOORS, **PEOPLE}.items()}
    rows |= {"compounds": areas.filter(level="compound"), "buildings": areas.filter(level="building")}
    return _lengths(rows)


def places_by_kind(area: str) -> list[PlacesOfAKind]:
    """What kinds of places there are, the most frequent first."""
    low, high = subtree(area)
    rows = Place.objects.filter(kept_id=F("id"), area_code__gte=low, area_code__lt=high).exclude(kind="")
    counted = rows.values("kind").annotate(
        amount=Count("id"), staff=Sum("staff_count"), paused=Count("id", filter=Q(state=PAUSED))
    )
    return [PlacesOfAKind(**row) for row in counted.order_by("-amount", "kind")]


def helpers_in_service(area: str, *, now: datetime) -> int:
    """How many people work in the response."""
    return _in_service(area, now).count()


def women_in_service(area: str, *, now: datetime) -> tuple[int | None, int]:
    """How many of them are women, and of how many nobody has written down whether they are; then, and of nobody at all, none is told."""
    told = _in_service(area, now).aggregate(
        women=Count("id", filter=Q(sex="f")), unknown=Count("id", filter=Q(sex="")), all=Count("id")
    )
    return (told["women"] if told["all"] and not told["unknown"] else None), told["unknown"]


def _in_service(area: str, now: datetime) -> QuerySet[Helper]:
    low, high = subtree(area)
    rows = Helper.objects.filter(area_code__gte=low, area_code__lt=high)
    return rows.filter(Q(left_at=None) | Q(left_at__gt=now))


def doors_by_width(area: str, width: int) -> dict[str, int]:
    """How many doors lie in each area of a level. Cost: reads the doors of the area."""
    low, high = subtree(area)
    doors = Household.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"))
    counted = doors.annotate(inside=Left("area_code", width)).order_by().values("inside")
    return dict(counted.annotate(amount=Count("id")).values_list("inside", "amount"))


def _lengths(rows: Mapping[str, QuerySet | None]) -> dict[str, int | None]:
    """How long several lists are, asked at once."""
    known = {name: found for name, found in rows.items() if found is not None}
    asked = [found.order_by().values("pk").query.sql_with_params() for found in known.values()]
    counts = ", ".join(f"(SELECT count(*) FROM ({words}) AS list)" for words, _values in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", _flat(values for _words, values in asked))
        found = dict(zip(known, cursor.fetchone(), strict=True))
    return {name: found.get(name) for name in rows}


def _flat(values: Iterable[tuple[Any, ...]]) -> list[Any]:
    return [value for own in values for value in own]
