"""The look at a home, on the phones of those who stand at its door: what the plan asks of it, and what they found.

isolation.home_check   Somebody went through what the plan asks of a home, for everybody behind the door.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from shouwang.devices.day import in_areas
from shouwang.duties.models import OWED, Duty
from shouwang.isolation.duties import HOME_CHECK
from shouwang.isolation.homes.fit import behind, conditions
from shouwang.isolation.homes.looking import look, strike_look
from shouwang.isolation.models import Order
from shouwang.lib.characters import NO_NUL
from shouwang.lib.errors import NotInScope
from shouwang.lib.kinds import Asking, EventKind, Odd, Part, Told
from shouwang.plans.models import PlanVersion
from shouwang.register.models import Household
from shouwang.register.queries import areas_of

WORK = "isolation.work"
NOBODY = "nobody_isolated"


class Looked(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What this home lacks of what the plan asks; nothing where all of it is there."""

    household: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    lacks: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=NO_NUL)]],
        msgspec.Meta(max_length=20),
    ] = []


def looked(told: Sequence[Told], at: datetime) -> Odd:
    """What was found behind each door, for whoever was isolated there at that moment."""
    here = areas_of(Household, (one.payload.household for one in told))
    odd = {one.id: "not_in_scope" for one in told if one.payload.household not in here}
    for one in told:
        if one.id in odd:
            continue
        orders = list(behind(one.payload.household, at=one.at).values_list("pk", flat=True))
        if orders:
            look(orders, lacks=one.payload.lacks, looked_at=one.at, by=one.by, at=at, id=one.id)
        else:
            odd[one.id] = NOBODY
    return odd


def took_back(told: Sequence[Told], at: datetime) -> Odd:
    """Looks that were told by mistake."""
    odd: dict[UUID, str] = {}
    for one in told:
        try:
            strike_look(one.payload.of, by=one.by, at=at)
        except NotInScope:
            odd[one.id] = "not_in_scope"
    return odd


def homes(asking: Asking) -> Mapping[str, Any]:
    """The doors behind which somebody still has to look, and what the plan asks of those homes."""
    owed = Duty.objects.filter(in_areas(asking.codes), kind=HOME_CHECK.name, fact=OWED)
    orders = Order.objects.filter(pk__in=owed.values("about")).order_by("household__kept", "pk")
    doors = list(orders.values_list("household__kept", "plan"))
    versions = PlanVersion.objects.in_bulk({version for _door, version in doors}) if doors else {}
    found: dict[str, dict[str, list[str]]] = {}
    for door, version in doors:
        row = found.setdefault(str(door), {"asks": []})
        row["asks"] += [one for one in conditions(versions[version]) if one not in row["asks"]]
    return found


KINDS = (EventKind(HOME_CHECK.name, HOME_CHECK.words, Looked, looked, WORK, took_back),)
PARTS = (Part("homes", homes, frozenset({WORK})),)
