"""借出: who has what until when, and that it came back, or why it will not."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.supplies.duties import RETURN
from shouwang.supplies.models import CAME_BACK, LENT, Loan, Lot, Movement
from shouwang.supplies.moving import Move, record
from shouwang.supplies.units import counted


class ReturnInThePast(Refusal):
    code = "supplies.return_in_the_past"
    sentence = "归还的时间已经过了，请改一下。"


class TooManyBack(Refusal):
    code = "supplies.too_many_back"
    sentence = "只借出去 {out} {unit}，还回来的不能比这多。"


class BackAlready(Refusal):
    code = "supplies.back_already"
    sentence = "这一笔已经还清了。"


def lend(
    lot: UUID, *, store: UUID, quantity: int, borrower: str, due_at: datetime, by: User, at: datetime,
    id: UUID | None = None,
) -> Loan:  # fmt: skip
    """Something is lent until a time; from now on it is owed back. Sent twice (one `id`) it is lent once.

    Raises: NotInScope, ReturnInThePast, and as `record`.
    """
    found = one_in_scope(Lot.objects.filter(pk=lot))
    if id and (already := Loan.objects.filter(pk=id).first()):
        return already
    if due_at <= at:
        raise ReturnInThePast()
    row = Loan.objects.create(
        id=id or uuid7(at), area_code=found.area_code, lot=found, quantity=quantity, borrower=borrower.strip()[:64],
        lent_at=at, lent_by=by, due_at=due_at,
    )  # fmt: skip
    record([Move(lot, LENT, quantity, from_site=store, about=row.pk)], by=by, at=at)
    who = Loan.objects.filter(pk=row.pk).annotate(subject=F("area_code"), about=F("id"))
    plan(RETURN, who, Window(at, due_at), at=at)
    return row


def take_back(loan: UUID, *, store: UUID, quantity: int, by: User, at: datetime) -> Loan:
    """So many of it are back; when all are, it is settled. Raises: NotInScope, BackAlready, TooManyBack."""
    row = _open(loan)
    out = still_out(row)
    if quantity > out:
        raise TooManyBack(out=out, unit=counted(row.lot.item.unit, out))
    record([Move(row.lot_id, CAME_BACK, quantity, to_site=store, about=row.pk)], by=by, at=at)
    if quantity == out:
        _settle(row, by=by, at=at)
    return _read(loan)


def give_up(loan: UUID, *, reason: str, by: User, at: datetime) -> Loan:
    """What is still out will not come back, and why. Raises: NotInScope, BackAlready."""
    row = _open(loan)
    Loan.objects.filter(pk=loan).update(lost_reason=reason.strip()[:100])
    _settle(row, by=by, at=at)
    audit("supplies.give_up", at=at, by=by, area=row.area_code, reason=reason, loan=loan)
    return _read(loan)


def still_out(row: Loan) -> int:
    """How many are not back yet."""
    back = Movement.objects.filter(about=row.pk, kind=CAME_BACK).aggregate(back=Sum("quantity"))["back"]
    return row.quantity - (back or 0)


def loans(area: str) -> QuerySet[Loan]:
    """What is out, the next due first."""
    low, high = subtree(community_of(area))
    rows = Loan.objects.filter(area_code__gte=low, area_code__lt=high, at=None)
    return rows.select_related("lot__item", "lent_by").order_by("due_at", "id")


def _settle(row: Loan, *, by: User, at: datetime) -> None:
    if not Loan.objects.filter(pk=row.pk, at=None).update(at=at, taken_back_by=by):
        raise BackAlready()
    settle_about(RETURN, [row.pk], communities=[row.area_code], at=at)


def _read(pk: UUID) -> Loan:
    return one_in_scope(Loan.objects.select_related("lot__item", "lent_by", "taken_back_by").filter(pk=pk))


def _open(pk: UUID) -> Loan:
    row = _read(pk)
    if row.at:
        raise BackAlready()
    return row
