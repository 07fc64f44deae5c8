"""What is sent: prepared by one, checked by another, kept as it left. A later correction stands beside it with its reason."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import Grants, one_in_scope
from shouwang.duties.plan import lock
from shouwang.ledgers.blank.headings import NUMBER
from shouwang.ledgers.blank.layouts import Layout
from shouwang.ledgers.filled.counting import Behind, behind, changed_since, counted
from shouwang.ledgers.filled.filling import fill
from shouwang.ledgers.filled.printing import Header, print_form
from shouwang.ledgers.filled.tables import Catalogue, Table, is_zero
from shouwang.ledgers.models import Report, Snapshot, Version
from shouwang.ledgers.periods import Period
from shouwang.ledgers.reports import period_for, settle_reports
from shouwang.lib.codes import SUBDISTRICT
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.fields import NumberField
from shouwang.lib.ids import uuid7
from shouwang.register.intake.files import FileIsGone, store
from shouwang.register.models import Area, Helper
from shouwang.register.queries import reveal_helper_phone


class AlreadyPrepared(Refusal):
    code = "ledgers.already_prepared"
    sentence = "这张表已经由{who}填好了，等另一个人审核。"


class SameName(Refusal):
    code = "ledgers.same_name"
    sentence = "填报和审核要两个人。这张表是您填的，请另一个人审核。"


class NotWaiting(Refusal):
    code = "ledgers.not_waiting"
    sentence = "这张表已经上报或已撤回，不能再改。"


class NoReason(Refusal):
    code = "ledgers.no_reason"
    sentence = "请写明为什么更正。"


class NotSent(Refusal):
    code = "ledgers.not_sent"
    sentence = "还没有上报的表不用更正，撤回重填就行。"


@dataclass(frozen=True)
class Changed:
    """A cell that would say something else today: the line, the column's heading, what was sent and what is known now."""

    key: str
    heading: str
    sent: Any
    now: Any


def prepare(report: Report, *, catalogue: Catalogue, grants: Grants, by: User, at: datetime) -> Snapshot:
    """Fills a report and leaves it for a second name. Raises: AlreadyPrepared, MayNotSee."""
    lock([report.area_code])  # who records at this moment is waited for; of two who prepare, one does
    there = Snapshot.objects.filter(report=report, corrects=None, withdrawn_at=None).first()
    if there:
        raise AlreadyPrepared(who=there.prepared_by.name)
    return _prepared(report, catalogue=catalogue, grants=grants, by=by, at=at)


def correct(
    sent: Snapshot, *, reason: str, catalogue: Catalogue, grants: Grants, by: User, at: datetime
) -> Snapshot:
    """The same period filled once more, beside what was sent, for a reason. Raises: NoReason, NotSent, AlreadyPrepared."""
    if not reason.strip():
        raise NoReason()
    if not sent.checked_at:
        raise NotSent()
    lock([sent.area_code])
    there = Snapshot.objects.filter(corrects=sent, withdrawn_at=None).first()
    if there:
        raise AlreadyPrepared(who=there.prepared_by.name)
    return _prepared(
        sent.report,
        catalogue=catalogue,
        grants=grants,
        by=by,
        at=at,
        corrects=sent,
        reason=reason.strip()[:200],
    )


def _prepared(
    report: Report,
    *,
    catalogue: Catalogue,
    grants: Grants,
    by: User,
    at: datetime,
    corrects: Snapshot | None = None,
    reason: str = "",
) -> Snapshot:
    period = Period(corrects.from_at, corrects.until) if corrects else period_for(report, now=at)
    table = fill(report.version, report.area_code, period, day=report.day, catalogue=catalogue, grants=grants)
    made = Snapshot.objects.create(
        id=uuid7(at),
        report=report,
        version=report.version,
        area_code=report.area_code,
        from_at=period.from_at,
        until=period.until,
        table=table.as_json(),
        zero=is_zero(report.version, table, catalogue),
        prepared_at=at,
        prepared_by=by,
        corrects=corrects,
        reason=reason,
    )
    audit("ledgers.prepare", at=at, by=by, area=report.area_code, reason=reason, snapshot=made.pk)
    return made


def check(snapshot: Snapshot, *, by: User, at: datetime) -> Snapshot:
    """The second name: the form leaves as it is, its file is kept, what was owed is done.

    Raises: SameName, NotWaiting.
    """
    if snapshot.prepared_by_id == by.pk:
        raise SameName()
    if snapshot.checked_at or snapshot.withdrawn_at:
        raise NotWaiting()
    snapshot.checked_by, snapshot.checked_at = by, at
    content = printed(snapshot, by=by, at=at)
    digest = hashlib.sha256(content).hexdigest()
    stored = store(content, "ledger.xlsx", digest=digest, at=at)
    with transaction.atomic():
        changed = Snapshot.objects.filter(pk=snapshot.pk, checked_at=None, withdrawn_at=None).update(
            checked_at=at, checked_by=by, stored=stored, sha256=digest
        )
        if not changed:
            raise NotWaiting()
    settle_reports([snapshot.report], at=at)
    audit("ledgers.check", at=at, by=by, area=snapshot.area_code, snapshot=snapshot.pk, sha256=digest)
    return snapshot_of(snapshot.pk)


def withdraw(snapshot: Snapshot, *, by: User, at: datetime) -> None:
    """Takes back what nobody has checked yet. Raises: NotWaiting."""
    waiting = Snapshot.objects.filter(pk=snapshot.pk, checked_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=at, withdrawn_by=by):
        raise NotWaiting()
    audit("ledgers.withdraw", at=at, by=by, area=snapshot.area_code, snapshot=snapshot.pk)


def snapshot_of(snapshot: UUID) -> Snapshot:
    """A snapshot in scope. Raises: NotInScope."""
    rows = Snapshot.objects.select_related(
        "report__form", "report__version", "version__form", "prepared_by", "checked_by", "corrects"
    )
    return one_in_scope(rows.filter(pk=snapshot))


def printed(
    snapshot: Snapshot, *, by: User, at: datetime, table: Table | None = None, mark: str = ""
) -> bytes:
    """The form with what the snapshot holds. Raises: FileIsGone."""
    version = snapshot.version
    return print_form(
        blank_of(version),
        Layout.from_json(version.layout),
        table or Table.from_json(snapshot.table),
        header_of(snapshot, by=by, at=at),
        numbers=version.form.shape == "number",
        mark=mark,
    )


def blank_of(version: Version) -> bytes:
    """The blank form as it came. Raises: FileIsGone."""
    path = Path(settings.MEDIA_ROOT) / version.stored
    if not path.exists():
        raise FileIsGone(file=version.filename)
    return path.read_bytes()


def header_of(snapshot: Snapshot, *, by: User, at: datetime) -> Header:
    """Who filled, who checked, for whom, which day; the phone of whoever filled it, where the register of helpers has it."""
    labels = dict(
        Area.objects.filter(code__in=[snapshot.area_code, snapshot.area_code[:SUBDISTRICT]]).values_list(
            "code", "label"
        )
    )
    helper = Helper.objects.filter(user=snapshot.prepared_by).first()
    told = helper and helper.phone_sealed
    return Header(
        unit="".join(labels[code] for code in sorted(labels)),
        prepared_by=snapshot.prepared_by.name,
        checked_by=snapshot.checked_by.name if snapshot.checked_by else "",
        phone=reveal_helper_phone(helper, by=by, at=at, reason="填在报表的联系电话里")
        if told and helper
        else "",
        day=snapshot.report.day,
    )


def changes(snapshot: Snapshot, *, catalogue: Catalogue, grants: Grants) -> list[Changed]:
    """What the records would make of the same period today, cell by cell, where it is not what was sent."""
    period = Period(snapshot.from_at, snapshot.until)
    report = snapshot.report
    fresh = fill(
        snapshot.version, report.area_code, period, day=report.day, catalogue=catalogue, grants=grants
    )
    sent = Table.from_json(snapshot.table)
    headings = {column["index"]: column["heading"] for column in snapshot.version.columns}
    before, after = (
        dict(zip(sent.keys, sent.cells, strict=True)),
        dict(zip(fresh.keys, fresh.cells, strict=True)),
    )
    nothing: list[Any] = [None] * len(snapshot.version.layout["headings"])
    return [
        Changed(key, headings[index], before.get(key, nothing)[index], after.get(key, nothing)[index])
        for key in [*after, *(key for key in before if key not in after)]
        for index, field in enumerate(sent.fields)
        if field not in ("", NUMBER) and before.get(key, nothing)[index] != after.get(key, nothing)[index]
    ]


def told_later(snapshot: Snapshot, *, catalogue: Catalogue) -> list[tuple[str, list[Behind]]]:
    """What is known of the period since it was sent: what came too late for it, what was struck; by column."""
    period = Period(snapshot.from_at, snapshot.until)
    found: list[tuple[str, list[Behind]]] = []
    for index, key in enumerate(snapshot.table["fields"]):
        known = catalogue.fields.get(key)
        if isinstance(known, NumberField) and known.span == "day":
            rows = changed_since(known, snapshot.area_code, period)
            if rows:
                found.append((snapshot.version.layout["headings"][index], rows))
    return found


def records_behind(
    key: str, area: str, period: Period, *, catalogue: Catalogue, first: int, most: int
) -> tuple[NumberField, int, list[Behind]]:
    """One number of a form, and so many of the records behind it. Raises: NotInScope where the field counts nothing."""
    known = catalogue.fields.get(key)
    if not isinstance(known, NumberField):
        raise NotInScope()
    number = counted([known], area, len(area), period)[known.key](area).number
    return known, number or 0, behind(known, area, period, first=first, most=most)
