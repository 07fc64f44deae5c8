"""Preparing, checking, taking back, correcting: each in one tap, by two names."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from shouwang.access.scope import Grants
from shouwang.desk.asked.written import written
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.ledgers.showing import CATALOGUE
from shouwang.desk.running.sent import sent
from shouwang.ledgers.models import Snapshot
from shouwang.ledgers.reports import report_of
from shouwang.ledgers.snapshots import AlreadyPrepared, check, correct, prepare, snapshot_of, withdraw


@page("ledger")
@sent("ledgers")
def prepare_report(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Fills the report and leaves it for a second name; sent twice, it is filled once."""
    found = report_of(report_id)
    try:
        made = prepare(
            found,
            catalogue=CATALOGUE,
            grants=_inside(request, found.area_code),
            by=request.user,
            at=request.now,
        )
    except AlreadyPrepared:
        return redirect("ledger_report", found.pk)
    messages.success(request, gettext("填好了，等另一个人审核。"))
    return redirect("ledger_snapshot", made.pk)


@page("ledger")
@sent("ledgers")
def check_snapshot(request: DeskRequest, snapshot_id: UUID) -> HttpResponse:
    """The second name: it is sent."""
    found = own_snapshot(request, snapshot_id)
    if found.checked_by_id == request.user.pk:
        return redirect("ledger_snapshot", found.pk)
    check(found, by=request.user, at=request.now)
    messages.success(request, gettext("已上报。这份表不再变，下载的就是报出去的那一份。"))
    return redirect("ledger_snapshot", found.pk)


@page("ledger")
@sent("ledgers")
def withdraw_snapshot(request: DeskRequest, snapshot_id: UUID) -> HttpResponse:
    """Takes back what nobody has checked."""
    found = own_snapshot(request, snapshot_id)
    if not found.withdrawn_at:
        withdraw(found, by=request.user, at=request.now)
    messages.success(request, gettext("已撤回，可以重新填。"))
    return redirect(
        "ledger_snapshot" if found.corrects_id else "ledger_report", found.corrects_id or found.report_id
    )


@page("ledger")
@sent("ledgers")
def correct_snapshot(request: DeskRequest, snapshot_id: UUID) -> HttpResponse:
    """The same period once more, for a reason, beside what was sent."""
    found = own_snapshot(request, snapshot_id)
    made = correct(
        found,
        reason=written(request, "reason", 200),
        catalogue=CATALOGUE,
        grants=_inside(request, found.area_code),
        by=request.user,
        at=request.now,
    )
    messages.success(request, gettext("更正填好了，等另一个人审核。原来那份不动。"))
    return redirect("ledger_snapshot", made.pk)


def own_snapshot(request: DeskRequest, snapshot_id: UUID) -> Snapshot:
    """A snapshot whose whole area is one's own. Raises: NotInScope."""
    found = snapshot_of(snapshot_id)
    request.grants.require_area(found.area_code)
    return found


def _inside(request: DeskRequest, area: str) -> Grants:
    return replace(request.grants, codes=(request.grants.require_area(area),))
