"""跟着谁的结果走: the contact whom a secondary contact follows, found by name, door or number, or named by the contact's own page."""

from uuid import UUID

from django.db.models import Q

from shouwang.desk.doors import DeskRequest
from shouwang.desk.isolation.named import door_of, name_of
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import open_orders
from shouwang.plans.schema import Plan
from shouwang.register.finding.search import search

OFFERED = 20


def followed(rules: Plan) -> set[str]:
    """The categories whose people others follow, by this plan."""
    return {one.follow.primary for one in rules.regimes.values() if one.follow}


def contacts(request: DeskRequest, rules: Plan, *, typed: str, named: str) -> list[tuple[str, str]]:
    """Who can be followed: whoever was named by an order, and whoever is found by what was typed; each with the door."""
    hits = search(typed, codes=request.grants.codes) if typed else []
    found = {kind: [hit.id for hit in hits if hit.kind == kind] for kind in ("person", "household")}
    wanted = Q(person__in=found["person"]) | Q(household__in=found["household"])
    if order := _uuid(named):
        wanted |= Q(pk=order)
    runs = open_orders().filter(wanted, category__in=followed(rules), until__gt=request.now)
    rows = runs.exclude(decided_at=None, lapses_at__lte=request.now).order_by("area_code", "person_id")
    people = rows.select_related("person", "household")[:OFFERED]
    return [(str(one.pk), f"{name_of(request, one.person)} {door_of(one)}") for one in people]


def may_be_followed(order: Order, rules: Plan) -> bool:
    """Whether somebody else's order may hang on this one's results."""
    return order.category in followed(rules)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
