"""Gates are added, manned by a post of the roster, and closed."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.gates.models import Gate
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Place


class GateThere(Refusal):
    code = "gates.gate_there"
    sentence = "这里已经有叫“{name}”的卡口了，请换个名字。"


class NoName(Refusal):
    code = "gates.no_name"
    sentence = "请写卡口的名字，例如“东门”。"


def add_gate(
    area: str, *, kind: str, name: str, place: Place | None = None, post: int | None = None,
    by: User | None, at: datetime,
) -> Gate:  # fmt: skip
    """A new gate, from now on. Raises: NoName, GateThere."""
    if not name.strip():
        raise NoName()
    try:
        with transaction.atomic():
            gate = Gate.objects.create(
                id=uuid7(at), area_code=area, kind=kind, name=name.strip()[:60], place=place, post=post,
                added_at=at, added_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise GateThere(name=name.strip()) from None
    audit("gates.add_gate", at=at, by=by, area=area, gate=gate.pk, kind=kind)
    return gate


def close_gate(gate: UUID, *, by: User | None, at: datetime) -> Gate:
    """From now on nobody passes here. What happened stays. Raises: NotInScope."""
    rows = Gate.objects.filter(pk=gate, closed_at=None)
    found = rows.first()
    if found is None or not rows.update(closed_at=at, closed_by=by):
        raise NotInScope()
    audit("gates.close_gate", at=at, by=by, area=found.area_code, gate=gate)
    return found


def gate_of(gate: UUID) -> Gate:
    """A gate in scope. Raises: NotInScope."""
    return one_in_scope(Gate.objects.filter(pk=gate))
