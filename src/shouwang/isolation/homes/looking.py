"""Somebody stood at the door, or asked: what the home lacks. Who looked last is believed, in whatever order it was told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Exists, OuterRef

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, unvoid, void
from shouwang.isolation.caring import BY_MISTAKE, Done, record_cares
from shouwang.isolation.changing import move_of, open_changes, propose_moves, refuse_change
from shouwang.isolation.duties import HOME_CHECK
from shouwang.isolation.homes.fit import LOOKED, NOT_OVER, looks_at, moves_to
from shouwang.isolation.models import Care, Change, Order
from shouwang.lib.errors import NotInScope

LOOKED_BEFORE = "looked_before"
LOOKED_AGAIN = "家里的情况后来改记了，以最后看的为准"


def look(
    orders: Sequence[UUID], *, lacks: Sequence[str], looked_at: datetime, by: User, at: datetime, id: UUID
) -> list[Change]:
    """What this home lacks, for everybody behind the door. Told twice it counts once.

    A request goes where the plan then says; whoever is held already goes nowhere until a second person agrees: what was
    proposed for that is returned. Raises: NotInScope.
    """
    rows = _locked(orders)
    _keep_answers(rows)
    told = [
        Done(order=row.pk, at=looked_at, what=LOOKED, id=uuid5(id, str(row.pk)), lacks=lacks) for row in rows
    ]
    if not record_cares(told, by=by, at=at):
        return []
    for area in sorted(communities_of(row.area_code for row in rows)):
        audit("isolation.look_at_home", at=at, by=by, area=area, orders=len(rows), lacks=len(lacks))
    return _believe(rows, by=by, at=at)


def strike_look(told: UUID, *, by: User, at: datetime) -> None:
    """Takes back a look that somebody told by mistake; what was known before it counts again. Twice is once. Raises: NotInScope."""
    mine = [
        one for one in Care.objects.filter(what=LOOKED, by=by) if one.pk == uuid5(told, str(one.order_id))
    ]
    if not mine:
        raise NotInScope()
    struck = Care.objects.filter(pk__in=[one.pk for one in mine], void_at=None)
    if not struck.update(void_at=at, void_by=by, void_reason=BY_MISTAKE):
        return
    rows = _locked([one.order_id for one in mine])
    for area in sorted(communities_of(row.area_code for row in rows)):
        audit("isolation.strike_look", at=at, by=by, area=area, reason=BY_MISTAKE, orders=len(rows))
    _believe(rows, by=by, at=at)


def _believe(rows: Sequence[Order], *, by: User, at: datetime) -> list[Change]:
    """Each home is as it was found last; what was proposed for an earlier finding is taken back. What waits now is returned."""
    last = {row.pk: next(reversed(looks_at(row)), None) for row in rows}
    for row in rows:
        found = last[row.pk]
        row.home_unmet = found.lacks if found else []
        row.home_fit = not row.home_unmet
    Order.objects.bulk_update(rows, ["home_fit", "home_unmet"])
    for row in rows:
        _take_back_moves(row, last[row.pk], by, at)
        waits = Order.objects.filter(NOT_OVER, pk=row.pk, decided_at=None)
        waits.update(mode=moves_to(row, at) or row.mode)
    _settle([*last], communities=communities_of(row.area_code for row in rows), at=at)
    propose_moves([*last], at=at)
    return list(open_changes().filter(pk__in=[move_of(found) for found in last.values() if found]))


def _take_back_moves(row: Order, last: Care | None, by: User, at: datetime) -> None:
    looks = Care.objects.filter(order=row, what=LOOKED)
    moves = [move_of(one) for one in looks if last is None or one.pk != last.pk]
    for change in open_changes().filter(pk__in=moves).values_list("pk", flat=True):
        refuse_change(change, reason=LOOKED_AGAIN, by=by, at=at)


def _settle(orders: Sequence[UUID], *, communities: set[str], at: datetime) -> None:
    """A look from before the decision, told only after it, leaves nothing to owe."""
    owed = Duty.objects.filter(kind=HOME_CHECK.name, about__in=orders)
    unvoid(owed, reason=LOOKED_BEFORE, at=at)
    settle_about(HOME_CHECK, orders, communities=sorted(communities), at=at)
    before = Care.objects.filter(
        order=OuterRef("about"), what=LOOKED, void_at=None, at__lt=OuterRef("opens_at")
    )
    void(owed.filter(Exists(before), fact="owed"), reason=LOOKED_BEFORE, at=at)


def _keep_answers(rows: Sequence[Order]) -> None:
    """What was answered when somebody asked by hand is the first look at that home, kept as such before it is looked at again."""
    looked = set(Care.objects.filter(order__in=rows, what=LOOKED).values_list("order", flat=True))
    asked = [row for row in rows if row.origin_row is None and row.pk not in looked]
    Care.objects.bulk_create(
        Care(
            id=uuid5(row.pk, LOOKED), area_code=row.area_code, at=row.proposed_at, recorded_at=row.proposed_at,
            by=row.proposed_by, order=row, what=LOOKED, lacks=row.home_unmet,
        )
        for row in asked
    )  # fmt: skip


def _locked(orders: Sequence[UUID]) -> list[Order]:
    """The orders, held until this is done: whoever decides about a change of theirs meanwhile sees what was found. Raises: NotInScope."""
    held = Order.objects.select_for_update(of=("self",)).filter(pk__in=orders).order_by("pk")
    rows = list(held.select_related("plan", "proposed_by"))
    if not rows or len(rows) != len(set(orders)):
        raise NotInScope()
    return rows
