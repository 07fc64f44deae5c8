"""盘点: the shelf beside the book. What differs is a movement with a reason; nothing is ever overwritten."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.plan import communities_of, lock
from shouwang.lib.ids import uuid7
from shouwang.supplies.models import COUNTED, STORE, Balance, Site, StockCount
from shouwang.supplies.moving import Move, NoReason, record


def count(
    store: UUID, found: Mapping[UUID, int], *, reason: str, by: User | None, at: datetime, id: UUID | None = None
) -> StockCount:  # fmt: skip
    """So many of each lot were found in a store; a difference needs a reason. Sent twice (one `id`) it counts once.

    Raises: NotInScope, NoReason.
    """
    site = one_in_scope(Site.objects.filter(pk=store, kind=STORE))
    if id and (already := StockCount.objects.filter(pk=id).first()):
        return already
    lock(communities_of([site.area_code]))
    book = dict(Balance.objects.filter(site=store, lot__in=found).values_list("lot", "quantity"))
    differing = {lot: there - book.get(lot, 0) for lot, there in found.items() if there != book.get(lot, 0)}
    if differing and not reason.strip():
        raise NoReason()
    row = StockCount.objects.create(
        id=id or uuid7(at), area_code=site.area_code, site=site, at=at, recorded_at=at, by=by,
        note=reason[:200], lots=len(found), differing=len(differing),
    )  # fmt: skip
    moves = [
        Move(lot, COUNTED, change, to_site=store, reason=reason, about=row.pk)
        if change > 0
        else Move(lot, COUNTED, -change, from_site=store, reason=reason, about=row.pk)
        for lot, change in differing.items()
    ]
    record(moves, by=by, at=at)
    audit("supplies.count", at=at, by=by, area=site.area_code, site=store, differing=len(differing))
    return row
