"""A building stays closed longer than was written: asked for with a reason and a document, approved by another, before its end.

What nobody approves in time changes nothing: the building is open at the hour that was written.
"""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.isolation.buildings.models import Longer, Seal
from shouwang.isolation.buildings.seals import Opened, in_force, seal_of
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.standing.actions import NotLonger, SecondPerson, Unfounded


class LongerWaits(Refusal):
    code = "isolation.longer_waits"
    sentence = "已经有一份延长在等批准。"


class LongerSettled(Refusal):
    code = "isolation.longer_settled"
    sentence = "这份延长已经批准了。"


def propose_longer(
    seal: UUID, *, until: datetime, reason: str, document: str, by: User, at: datetime, id: UUID | None = None
) -> Longer:  # fmt: skip
    """Asks that a building stay closed longer. Raises: NotInScope, Opened, NotLonger, Unfounded, LongerWaits."""
    row = _closed(seal, at)
    if until <= row.until:
        raise NotLonger(until=f"{row.until.astimezone(ZONE):%m月%d日 %H:%M}")
    if not reason.strip() or not document.strip():
        raise Unfounded()
    try:
        with transaction.atomic():
            longer, made = Longer.objects.get_or_create(id=id or uuid7(at), defaults={
                "area_code": row.area_code, "seal": row, "was_until": row.until, "until": until,
                "reason": reason.strip()[:200], "document": document.strip()[:60], "proposed_at": at, "proposed_by": by,
            })  # fmt: skip
    except IntegrityError as broken:
        if "longer_one_waits" not in str(broken):
            raise
        raise LongerWaits() from broken
    if made:
        audit("isolation.propose_longer", at=at, by=by, area=row.area_code, reason=reason, document=document)
    return longer


def approve_longer(longer: UUID, *, by: User, at: datetime) -> Seal:
    """A second person's word, before the end that was written; from now on the new end holds, and everybody reads why.

    Raises: NotInScope, SecondPerson, Opened, LongerSettled.
    """
    asked = one_in_scope(Longer.objects.filter(pk=longer))
    if asked.proposed_by_id == by.pk:
        raise SecondPerson()
    row = _closed(asked.seal_id, at)
    with transaction.atomic():
        if not Longer.objects.filter(pk=longer, approved_at=None).update(approved_at=at, approved_by=by):
            raise LongerSettled()
        Seal.objects.filter(pk=row.pk).update(until=asked.until)
    audit(
        "isolation.longer", at=at, by=by, area=row.area_code, reason=asked.reason, document=asked.document,
        until=asked.until, was_until=asked.was_until,
    )  # fmt: skip
    return seal_of(row.pk)


def longer_of(row: Seal) -> QuerySet[Longer]:
    """Every time that it was asked for or made to last longer, the latest first."""
    return (
        Longer.objects.filter(seal=row).select_related("proposed_by", "approved_by").order_by("-proposed_at")
    )


def _closed(seal: UUID, at: datetime) -> Seal:
    row = seal_of(seal)
    if not in_force(now=at).filter(pk=seal).exists():
        raise Opened()
    return row
