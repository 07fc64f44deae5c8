"""Isolation begins at once, with the reason in each person's hands; care is owed from then on, each day by itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Left

from shouwang.access.models import User
from shouwang.duties.plan import communities_of
from shouwang.isolation.buildings.seals import in_force
from shouwang.isolation.daily import held_on, plan_day
from shouwang.isolation.home import path_of
from shouwang.isolation.homes.fit import owe_looks
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import decide, owe_transfers
from shouwang.lib.clock import day_of
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.plans.actions import plan_of
from shouwang.standing.actions import Grounds
from shouwang.standing.models import Hold
from shouwang.testing.results.pools import give_way

PURPOSE = "isolation_told"


def begin_isolation(
    orders: Sequence[UUID], grounds: Grounds, *, by: User, at: datetime, above: bool = False
) -> list[Hold]:
    """The decision is there: it holds from now on, today's care is owed, and each person has the reason. Raises as `decide`."""
    rows = Order.objects.filter(pk__in=orders)
    with transaction.atomic():
        give_way([one for one in rows.values_list("person__kept", flat=True) if one], by=by, at=at)
        holds = decide(orders, grounds, by=by, at=at, above=above)
        owe_looks(rows, at=at)
        owe_transfers(rows, at=at)
    for community in sorted(communities_of(hold.area_code for hold in holds)):
        owe_the_day(community, now=at)
    tell(rows, by=by, at=at)
    return holds


def owe_the_day(community: str, *, now: datetime) -> int:
    """Whoever is held in this community today is owed today's care; how much is new. Nothing without a plan."""
    rules = plan_of(community, now=now)
    return plan_day(community, day_of(now), rules=rules, at=now) if rules else 0


def communities_with_isolation(*, now: datetime) -> list[str]:
    """Where anybody is held, or anything is closed, today."""
    held = held_on("", day_of(now)).annotate(community=Left("area_code", COMMUNITY))
    closed = communities_of(in_force(now=now).values_list("area_code", flat=True))
    return sorted(closed.union(held.order_by().values_list("community", flat=True).distinct()))


def tell(orders: QuerySet[Order], *, by: User | None, at: datetime) -> Sent:
    """A message to everybody whom these orders are about, with the way to their page; who shares a phone has it once."""
    keys = sealer(settings.SEALING_KEY_FILE)
    first: dict[str, Wanted] = {}
    for order in orders.select_related("person").order_by("area_code", "pk"):
        phone = next(filter(MOBILE.fullmatch, map(keys.open, order.person.phones_sealed)), "")
        first.setdefault(phone or str(order.pk), _wanted(order, phone))
    return send(first.values(), by=by, at=at)


def _wanted(order: Order, phone: str) -> Wanted:
    return Wanted(
        phone=phone, purpose=PURPOSE, once=str(order.pk), area_code=order.area_code, about=order.pk,
        params={"path": path_of(order)}, urgent=True,
    )  # fmt: skip
