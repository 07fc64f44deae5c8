"""Numbers of people in clear: asked for by one with a reason, approved by another, taken within a day, marked and logged."""

from datetime import datetime, timedelta

from django.db.models import Q

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.ledgers.blank.layouts import Layout
from shouwang.ledgers.filled.filling import cleared
from shouwang.ledgers.filled.printing import print_csv
from shouwang.ledgers.filled.tables import Catalogue, Table
from shouwang.ledgers.models import Export, Snapshot
from shouwang.ledgers.snapshots import printed
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import NotInScope, Refusal

OPEN_FOR = timedelta(hours=24)


class NoReason(Refusal):
    code = "ledgers.export_without_reason"
    sentence = "请写明为什么要全号，交给谁。会记下来。"


class ApprovedByAnother(Refusal):
    code = "ledgers.approved_by_another"
    sentence = "要由另一个人批准。"


class NotOpen(Refusal):
    code = "ledgers.export_not_open"
    sentence = "这份申请还没有批准，或者已经过了 24 小时。请重新申请。"


class NothingToClear(Refusal):
    code = "ledgers.nothing_to_clear"
    sentence = "这张表里没有隐去的号码。"


def ask(snapshot: Snapshot, *, reason: str, by: User, at: datetime) -> Export:
    """Asks for the numbers in clear. Raises: NoReason, NothingToClear."""
    if not reason.strip():
        raise NoReason()
    if not snapshot.version.lines or not snapshot.checked_at:
        raise NothingToClear()
    open_one = Export.objects.filter(
        snapshot=snapshot, asked_by=by, approved_at=None, refused_at=None, asked_at__gt=at - OPEN_FOR
    ).first()
    if open_one:
        return open_one
    made = Export.objects.create(
        snapshot=snapshot, area_code=snapshot.area_code, reason=reason.strip()[:200], asked_at=at, asked_by=by
    )
    audit("ledgers.ask_clear", at=at, by=by, area=snapshot.area_code, reason=made.reason, export=made.pk)
    return made


def approve(export: Export, *, by: User, at: datetime) -> None:
    """Another person agrees. Raises: ApprovedByAnother, NotOpen."""
    if export.asked_by_id == by.pk:
        raise ApprovedByAnother()
    waiting = Export.objects.filter(
        pk=export.pk, approved_at=None, refused_at=None, asked_at__gt=at - OPEN_FOR
    )
    if not waiting.update(approved_at=at, approved_by=by):
        raise NotOpen()
    audit(
        "ledgers.approve_clear", at=at, by=by, area=export.area_code, reason=export.reason, export=export.pk
    )


def refuse(export: Export, *, by: User, at: datetime) -> None:
    """Somebody says no, or takes the own request back. Raises: NotOpen."""
    waiting = Export.objects.filter(pk=export.pk, approved_at=None, refused_at=None)
    if not waiting.update(refused_at=at, refused_by=by):
        raise NotOpen()
    audit("ledgers.refuse_clear", at=at, by=by, area=export.area_code, export=export.pk)


def take(export: Export, *, catalogue: Catalogue, as_csv: bool, by: User, at: datetime) -> bytes:
    """The file, for whoever asked for it, written down before it is made; who took it stands on every page.

    Raises: NotInScope for anybody else, NotOpen.
    """
    if export.asked_by_id != by.pk:
        raise NotInScope()
    if not export.approved_at or at >= export.approved_at + OPEN_FOR:
        raise NotOpen()
    snapshot = export.snapshot
    audit("ledgers.take_clear", at=at, by=by, area=export.area_code, reason=export.reason, export=export.pk)
    table = cleared(
        snapshot.version,
        snapshot.area_code,
        Table.from_json(snapshot.table),
        at=snapshot.until,
        catalogue=catalogue,
    )
    if as_csv:
        return print_csv(Layout.from_json(snapshot.version.layout), table)
    mark = f"{by.name} {at.astimezone(ZONE):%Y-%m-%d %H:%M} 取用，{export.reason}"
    return printed(snapshot, by=by, at=at, table=table, mark=mark)


def exports_here(by: User, *, now: datetime) -> list[Export]:
    """What waits for somebody else's word, and what this person may take now."""
    recent = Export.objects.filter(refused_at=None, asked_at__gt=now - 2 * OPEN_FOR)
    rows = recent.filter(Q(approved_at=None) | Q(asked_by=by, approved_at__gt=now - OPEN_FOR))
    return list(rows.select_related("snapshot__report__form", "asked_by", "approved_by").order_by("asked_at"))
