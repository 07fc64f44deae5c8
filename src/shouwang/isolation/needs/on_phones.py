"""What was asked for, on the phones of those who bring it: what waits for which door, and that it stands there.

isolation.brought   Something reached its door; where the plan asks for it, with a photograph of what stands there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec

from shouwang.devices.day import in_areas, minute, plain_row
from shouwang.isolation.asking import Settled, bring
from shouwang.isolation.models import Need
from shouwang.lib.characters import NO_NUL
from shouwang.lib.errors import NotInScope
from shouwang.lib.kinds import Asking, EventKind, Odd, Part, Told
from shouwang.register.uploads import Upload

WORK = "isolation.work"
ALREADY = "brought_before"


class Brought(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """It stands at the door. Units: `amount` in yuan, as text. Shape: `bag` is the number on the sealed bag of a medicine."""

    need: UUID
    bag: Annotated[str, msgspec.Meta(max_length=24, pattern=NO_NUL)] = ""
    amount: Annotated[str, msgspec.Meta(pattern=r"^\d{1,6}(\.\d{1,2})?$")] | None = None


def brought(told: Sequence[Told], at: datetime) -> Odd:
    """Each as it happened; what somebody else had brought before stays as it was."""
    odd: dict[UUID, str] = {}
    for one in told:
        said = one.payload
        amount = Decimal(said.amount) if said.amount else None
        try:
            bring(said.need, brought_at=one.at, by=one.by, at=at, amount=amount, bag=said.bag)
        except NotInScope:
            odd[one.id] = "not_in_scope"
        except Settled:
            odd[one.id] = ALREADY
    return odd


def pictured(event: UUID, said: Brought, file: Upload) -> str | None:
    """Where the request lies of which a photograph came; its page shows the first."""
    here = Need.objects.filter(pk=said.need)
    here.filter(at__isnull=False, photo=None).update(photo=file)
    return here.values_list("area_code", flat=True).first()


def needs(asking: Asking) -> Mapping[str, Any]:
    """What waits for a door; what is private is brought from the desk alone. A medicine is the number of its bag."""
    rows = Need.objects.filter(in_areas(asking.codes), at=None, void_at=None, private=False).order_by(
        "due_at", "pk"
    )
    told = rows.values_list("pk", "household__kept_id", "what", "due_at", "bag")
    return {
        str(pk): plain_row(door=door, what=what, due=minute(due), bag=bag)
        for pk, door, what, due, bag in told
    }


KINDS = (EventKind("isolation.brought", "送到门口", Brought, brought, WORK, pictured=pictured),)
PARTS = (Part("needs", needs, frozenset({WORK})),)
