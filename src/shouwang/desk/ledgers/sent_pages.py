"""What was sent: as it left, the file, what is known later, what was corrected and why."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render

from shouwang.access.audit import record
from shouwang.desk.asked.numbers import place_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.ledgers.sending import own_snapshot
from shouwang.desk.ledgers.showing import CATALOGUE, PAGE, sheet_of
from shouwang.ledgers.blank.layouts import Layout
from shouwang.ledgers.filled.printing import print_csv
from shouwang.ledgers.filled.tables import Table
from shouwang.ledgers.models import Snapshot
from shouwang.ledgers.snapshots import changes, told_later
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area

MOST_CHANGES = 50


@page("ledger")
def snapshot(request: DeskRequest, snapshot_id: UUID) -> HttpResponse:
    """One snapshot: every number opens its records; below it what came to be known since."""
    found = own_snapshot(request, snapshot_id)
    table = Table.from_json(found.table)
    at = place_number(request.GET.get("page", ""))
    sheet = sheet_of(found.version, table, found.report, found, page=at)
    shown = {
        "snapshot": found,
        "report": found.report,
        "area": Area.objects.get(code=found.area_code),
        "sheet": sheet,
        "more": f"page={at + 1}" if sheet.more else "",
        "from_start": "page=0" if at else "",
        "waits": not found.checked_at and not found.withdrawn_at,
        "mine": found.prepared_by_id == request.user.pk,
        "corrections": found.corrections.exclude(withdrawn_at=None, checked_at=None).order_by("prepared_at"),
        "open_correction": found.corrections.filter(withdrawn_at=None).first(),
        **_since(request, found, at),
    }
    return render(request, "ledgers/snapshot.html", shown)


@page("ledger")
def file(request: DeskRequest, snapshot_id: UUID) -> HttpResponseBase:
    """The file as it left, or its lines for the system above (直报); who took it is written down."""
    found = own_snapshot(request, snapshot_id)
    path = Path(settings.MEDIA_ROOT) / found.stored
    if not found.checked_at or not path.exists():
        raise NotInScope()
    as_csv = request.GET.get("as") == "csv"
    record(
        "ledgers.file", at=request.now, by=request.user, area=found.area_code, snapshot=found.pk, csv=as_csv
    )
    name = f"{found.report.form.title}-{found.report.day:%Y%m%d}"
    if as_csv:
        lines = print_csv(Layout.from_json(found.version.layout), Table.from_json(found.table))
        return HttpResponse(lines, headers=_named(f"{name}.csv", "text/csv"))
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx")


def _named(name: str, kind: str) -> dict[str, str]:
    from django.utils.http import content_disposition_header

    return {"Content-Type": kind, "Content-Disposition": content_disposition_header(True, name) or ""}


def _since(request: DeskRequest, found: Snapshot, at: int) -> dict[str, object]:
    """What the records say of the same period today; looked at only where it was sent, and on its first page."""
    if not found.checked_at or at:
        return {}
    fresh = changes(found, catalogue=CATALOGUE, grants=request.grants)
    return {
        "changes": fresh[:MOST_CHANGES],
        "more_changes": max(len(fresh) - MOST_CHANGES, 0),
        "later": told_later(found, catalogue=CATALOGUE),
        "page_size": PAGE,
    }
