"""Goods go from here to there: written down once, in one place, never below zero, never expired to a post."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shouwang.access.models import User
from shouwang.duties.plan import communities_of, lock
from shouwang.lib.clock import day_of
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.supplies.alarms import look_at
from shouwang.supplies.models import (
    COUNTED,
    ISSUED,
    LENT,
    MOVED,
    RECEIVED,
    SPOILED,
    STORE,
    Balance,
    Donation,
    Item,
    Lot,
    Movement,
    Site,
)
from shouwang.supplies.rules import expired
from shouwang.supplies.units import counted

GOES_OUT = (ISSUED, LENT, MOVED)


class NotEnough(Refusal):
    code = "supplies.not_enough"
    sentence = "{site}的{item}（{code}）只有 {left} {unit}，不够 {wanted}。如果架上真有，请先盘点。"


class Expired(Refusal):
    code = "supplies.expired"
    sentence = "{item}（{code}）{on} 到期了，不能发。请单独放开，登记报废。"


class NoExpiry(Refusal):
    code = "supplies.no_expiry"
    sentence = "{item}有保质期，请看包装，写上到期日。"


class NoReason(Refusal):
    code = "supplies.no_reason"
    sentence = "请写明原因。"


class CodeTaken(Refusal):
    code = "supplies.code_taken"
    sentence = "编码 {code} 已经用过了，每一批要有自己的编码。空着就自动编一个。"


class NotThere(Refusal):
    code = "supplies.not_there"
    sentence = "请选从哪里出、到哪里去，两边不能是同一个地方。"


@dataclass(frozen=True)
class Move:
    """One movement. Shape: `id` is made where it was scanned, so that twice counts once."""

    lot: UUID
    kind: str
    quantity: int
    from_site: UUID | None = None
    to_site: UUID | None = None
    reason: str = ""
    about: UUID | None = None
    id: UUID | None = None


@dataclass(frozen=True)
class Delivery:
    """What came of one item. Shape: `code` is what stands on the box; without one a number is given."""

    item: UUID
    quantity: int
    expires_on: date | None = None
    number: str = ""
    code: str = ""


def record(moves: Sequence[Move], *, by: User | None, at: datetime) -> list[Movement]:
    """Writes movements down, all of them or none; told twice they count once. Those that are new.

    Raises: NotInScope, NotThere, NoReason, Expired, NotEnough.
    """
    lots = Lot.objects.select_related("item").in_bulk({move.lot for move in moves})
    sites = Site.objects.in_bulk({pk for move in moves for pk in (move.from_site, move.to_site) if pk})
    if any(move.lot not in lots for move in moves):
        raise NotInScope()
    lock(communities_of(lot.area_code for lot in lots.values()))
    given = [move.id for move in moves if move.id]
    known = set(Movement.objects.filter(pk__in=given).values_list("pk", flat=True))
    fresh = [move for move in moves if move.id not in known]
    for move in fresh:
        _check(move, lots[move.lot], sites, at)
    _enough(fresh, lots, sites)
    rows = [_row(move, lots[move.lot], by, at) for move in fresh]
    Movement.objects.bulk_create(rows)
    look_at({lots[move.lot].item_id for move in fresh}, at=at)
    return rows


def receive(
    deliveries: Sequence[Delivery], *, store: UUID, by: User | None, at: datetime, donation: Donation | None = None,
    id: UUID | None = None,
) -> list[Lot]:  # fmt: skip
    """Goods came: each delivery is a lot with a code of its own. Sent twice (one `id`) it came once.

    Raises: NotInScope, NoExpiry, Expired, CodeTaken.
    """
    site = Site.objects.filter(pk=store, kind=STORE, closed_at=None).first()
    items = Item.objects.in_bulk({one.item for one in deliveries})
    if site is None or len(items) != len({one.item for one in deliveries}):
        raise NotInScope()
    if id and (already := Lot.objects.filter(pk=id).first()):
        return [already]
    community = community_of(site.area_code)
    lock([community])
    number = Lot.objects.filter(area_code=community).count()
    lots = []
    for turn, one in enumerate(deliveries):
        lot = _lot(one, items[one.item], community, f"{number + turn + 1:05d}", at)
        lot.donation, lot.pk = donation, id if id and not turn else uuid7(at)
        lots.append(lot)
    Lot.objects.bulk_create(lots)
    about = donation.pk if donation else None
    record(
        [
            Move(lot.pk, RECEIVED, one.quantity, to_site=site.pk, about=about)
            for lot, one in zip(lots, deliveries, strict=True)
        ],
        by=by,
        at=at,
    )
    return lots


def _lot(one: Delivery, item: Item, community: str, number: str, at: datetime) -> Lot:
    if item.expires and one.expires_on is None:
        raise NoExpiry(item=item.name)
    code = one.code.strip() or number
    if expired(one.expires_on, day_of(at)):
        raise Expired(item=item.name, code=code, on=one.expires_on)
    if Lot.objects.filter(area_code=community, code=code).exists():
        raise CodeTaken(code=code)
    return Lot(
        area_code=community, item=item, code=code[:40], number=one.number.strip()[:40], expires_on=one.expires_on,
        added_at=at,
    )  # fmt: skip


def _check(move: Move, lot: Lot, sites: dict[UUID, Site], at: datetime) -> None:
    """Raises: NotInScope, NotThere, NoReason, Expired."""
    ends = [pk for pk in (move.from_site, move.to_site) if pk]
    if any(pk not in sites or community_of(sites[pk].area_code) != lot.area_code for pk in ends):
        raise NotInScope()
    if not ends or len(set(ends)) != len(ends) or (move.kind in (ISSUED, MOVED) and len(ends) < 2):
        raise NotThere()
    if move.kind in (COUNTED, SPOILED) and not move.reason.strip():
        raise NoReason()
    if move.kind in GOES_OUT and expired(lot.expires_on, day_of(at)):
        raise Expired(item=lot.item.name, code=lot.code, on=lot.expires_on)


def _enough(moves: Sequence[Move], lots: dict[UUID, Lot], sites: dict[UUID, Site]) -> None:
    """Nothing is taken that is not there. Raises: NotEnough."""
    out: Counter[tuple[UUID, UUID]] = Counter()
    for move in moves:
        if move.from_site:
            out[move.from_site, move.lot] += move.quantity
    rows = Balance.objects.filter(site__in={site for site, _lot in out}, lot__in={lot for _site, lot in out})
    there = {(row.site_id, row.lot_id): row.quantity for row in rows}
    for (site, pk), wanted in out.items():
        left, lot = there.get((site, pk), 0), lots[pk]
        if left < wanted:
            raise NotEnough(
                site=sites[site].name, item=lot.item.name, code=lot.code, left=left, unit=counted(lot.item.unit), wanted=wanted
            )  # fmt: skip


def _row(move: Move, lot: Lot, by: User | None, at: datetime) -> Movement:
    return Movement(
        id=move.id or uuid7(at), area_code=lot.area_code, lot=lot, kind=move.kind, quantity=move.quantity,
        from_site_id=move.from_site, to_site_id=move.to_site, at=at, recorded_at=at, by=by,
        reason=move.reason.strip()[:200], about=move.about,
    )  # fmt: skip
