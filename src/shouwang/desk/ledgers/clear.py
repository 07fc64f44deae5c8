"""Numbers of people in clear: asked for, approved by another, taken."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.written import written
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.ledgers.sending import own_snapshot
from shouwang.desk.ledgers.showing import CATALOGUE
from shouwang.desk.running.sent import sent
from shouwang.ledgers.exports import approve, ask, refuse, take
from shouwang.ledgers.models import Export

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("export")
@sent("ledgers")
def ask_clear(request: DeskRequest, snapshot_id: UUID) -> HttpResponse:
    """Asks for a snapshot's numbers in clear."""
    found = own_snapshot(request, snapshot_id)
    ask(found, reason=written(request, "reason", 200), by=request.user, at=request.now)
    messages.success(request, gettext("已申请，等另一个人批准。批准后在“台账日报”里取。"))
    return redirect("ledger_snapshot", found.pk)


@page("export")
@sent("ledgers")
def approve_clear(request: DeskRequest, export_id: int) -> HttpResponse:
    """The second person agrees."""
    approve(_own(request, export_id), by=request.user, at=request.now)
    messages.success(request, gettext("已批准，24 小时内申请的人可以取。"))
    return redirect("ledgers")


@page("export")
@sent("ledgers")
def refuse_clear(request: DeskRequest, export_id: int) -> HttpResponse:
    """Somebody says no."""
    refuse(_own(request, export_id), by=request.user, at=request.now)
    messages.info(request, gettext("没有批准。"))
    return redirect("ledgers")


@page("export")
@sent("ledgers")
def take_clear(request: DeskRequest, export_id: int) -> HttpResponse:
    """The file, for whoever asked; who took it stands on every page."""
    found = _own(request, export_id)
    as_csv = request.POST.get("as") == "csv"
    content = take(found, catalogue=CATALOGUE, as_csv=as_csv, by=request.user, at=request.now)
    report = found.snapshot.report
    name = f"{report.form.title}-{report.day:%Y%m%d}-{gettext('全号')}.{'csv' if as_csv else 'xlsx'}"
    shown = content_disposition_header(True, name) or ""
    return HttpResponse(
        content, headers={"Content-Type": "text/csv" if as_csv else XLSX, "Content-Disposition": shown}
    )


def _own(request: DeskRequest, export_id: int) -> Export:
    """A request whose whole area is one's own. Raises: NotInScope."""
    rows = Export.objects.select_related(
        "snapshot__report__form", "snapshot__version__form", "snapshot__prepared_by"
    )
    found = one_in_scope(rows.filter(pk=export_id))
    request.grants.require_area(found.area_code)
    return found
