"""Rubbish from doors in isolation: the bags are counted, and what was owed for each person behind the door is done."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet

from shouwang.access.models import User
from shouwang.disinfection.rounds import Fetched, record_collections
from shouwang.isolation.caring import Done, record_cares
from shouwang.isolation.models import Order
from shouwang.isolation.overview import held
from shouwang.lib.codes import subtree


def fetch_waste(bags: Mapping[int, int], *, once: UUID, by: User | None, at: datetime) -> int:
    """So many bags from each household; told twice (one `once`) they count once. How many doors are new.

    Raises: NotInScope, NoBags.
    """
    fetched = [
        Fetched("waste", many, at, household=home, id=uuid5(once, str(home))) for home, many in bags.items()
    ]
    rows = record_collections(fetched, by=by, at=at)
    orders = held(at).filter(household__in=bags)
    done = [Done(order=one.pk, at=at, what="waste", id=uuid5(once, f"care {one.pk}")) for one in orders]
    record_cares(done, by=by, at=at)
    return len(rows)


def doors_in_isolation(area: str, *, now: datetime) -> QuerySet[Order]:
    """The people who are held, in the order in which somebody walks from door to door."""
    low, high = subtree(area)
    rows = held(now).filter(area_code__gte=low, area_code__lt=high)
    return rows.select_related("household").order_by("area_code", "household", "id")
