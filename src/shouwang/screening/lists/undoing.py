"""A decision about a row taken back: what was chosen, refused or sent elsewhere a moment ago is open again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.screening.lists.deciding import ENTERED, key_of, move_duties
from shouwang.screening.lists.models import (
    CANDIDATES,
    FOUND,
    NEW,
    NOT_OURS,
    Inquiry,
    ListRow,
    NotThisPerson,
    Settlement,
)
from shouwang.screening.lists.settling import ASKED, settle_again

MINUTES = 60
REASON = "选错了"


class NothingToUndo(Refusal):
    code = "screening.nothing_to_undo"
    sentence = "最近 {minutes} 分钟里没有可以撤销的选择。"


class AskedMeanwhile(Refusal):
    code = "screening.asked_meanwhile"
    sentence = "“{name}”后来已经有人核实过，不能撤销选择了。请到他的核查页更正。"


class HandedOver(Refusal):
    code = "screening.handed_over"
    sentence = "“{name}”已经转给别的社区，那边已经收到。请联系那边退回。"


class InTheRegister(Refusal):
    code = "screening.in_the_register"
    sentence = "“{name}”已经登记进底册了，不能撤销。登记错了，请到他的页上更正。"


def undo_last(*, by: User, at: datetime) -> list[ListRow]:
    """The last decision of this person is taken back, for all rows that it was made for.

    Raises: NothingToUndo, InTheRegister, AskedMeanwhile, HandedOver.
    """
    mine = ListRow.objects.filter(decided_by=by, decided_at__gt=at - timedelta(minutes=MINUTES))
    last = mine.aggregate(last=Max("decided_at"))["last"]
    if last is None:
        raise NothingToUndo(minutes=MINUTES)
    rows = list(mine.filter(decided_at=last).select_related("list", "inquiry"))
    for row in rows:
        if row.why == [ENTERED] and row.outcome == FOUND:
            raise InTheRegister(name=row.name)
    _strike(rows, by, at)
    _forget_refused(rows, by, last)
    _open_again(rows, at)
    audit("screening.undo_decision", at=at, by=by, area=rows[0].desk, rows=len(rows))
    return rows


def _strike(rows: Sequence[ListRow], by: User, at: datetime) -> None:
    """What the decision settled counts no longer; what people said since then is not touched."""
    settled = Settlement.objects.filter(row__in=rows, void_at=None).select_related("row")
    for one in settled:
        if one.outcome == ASKED:
            raise AskedMeanwhile(name=one.row.name)
        if one.to_area:
            raise HandedOver(name=one.row.name)
    settled.update(void_at=at, void_by=by, void_reason=REASON)


def _forget_refused(rows: Sequence[ListRow], by: User, decided_at: datetime) -> None:
    NotThisPerson.objects.filter(by=by, at=decided_at).delete()
    for row in rows:
        row.candidates = [
            {name: value for name, value in one.items() if name != "refused"} for one in row.candidates
        ]


def _open_again(rows: Sequence[ListRow], at: datetime) -> None:
    """The rows lie with the community again, in an inquiry of their own where they had joined another."""
    gathered: dict[bytes, Inquiry] = {}
    for row in rows:
        known = row.outcome == NOT_OURS and row.inquiry.person_id
        if row.outcome == FOUND:
            row.inquiry, row.why = _apart(row, gathered, at), []
        row.outcome = FOUND if known else _as_it_came(row)
        row.area_code = row.inquiry.area_code if known else row.desk
        row.decided_at = row.decided_by = None
    fields = ["candidates", "outcome", "area_code", "why", "decided_at", "decided_by", "inquiry"]
    ListRow.objects.bulk_update(rows, fields)
    for code in {row.area_code for row in rows}:
        move_duties([row.pk for row in rows if row.area_code == code], code, at)
    settle_again(rows, at=at)


def _as_it_came(row: ListRow) -> str:
    if row.candidates:
        return CANDIDATES
    return NOT_OURS if row.elsewhere else NEW


def _apart(row: ListRow, gathered: dict[bytes, Inquiry], at: datetime) -> Inquiry:
    key = key_of(row)
    if key in gathered:
        return gathered[key]
    alone = not ListRow.objects.filter(inquiry=row.inquiry).exclude(decided_at=row.decided_at).exists()
    made = Inquiry.objects.create(id=uuid7(at), area_code=row.desk, key=key, opened_at=row.list.arrived_at)
    if alone:
        Inquiry.objects.filter(pk=row.inquiry_id).update(key=b"")
    gathered[key] = made
    return made
