"""台账日报: what is owed and what was sent; one report, filled as it would leave now; the records behind a number."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.desk.asked.numbers import place_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.ledgers.showing import CATALOGUE, PAGE, PAGES_OF, sheet_of
from shouwang.disinfection.models import Spot
from shouwang.gates.models import Gate
from shouwang.ledgers.blank.forms import MayNotSee
from shouwang.ledgers.exports import exports_here
from shouwang.ledgers.filled.counting import Behind
from shouwang.ledgers.filled.filling import count_lines, fill
from shouwang.ledgers.models import Question, Report
from shouwang.ledgers.now import numbers_now
from shouwang.ledgers.periods import Period
from shouwang.ledgers.reports import period_for, report_of, reports_here, standings
from shouwang.ledgers.snapshots import records_behind, snapshot_of
from shouwang.lib.codes import is_code
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area, Household, Person, Place

MOST, DAYS = 60, 7
OPEN = ("owed", "overdue", "waiting")
SUBJECTS = {"household": Household, "person": Person, "place": Place, "spot": Spot, "gate": Gate}


@dataclass(frozen=True)
class Record:
    """One record behind a number: whose, and the page that it opens."""

    behind: Behind
    words: str
    address: str


@page("ledger")
def ledgers(request: DeskRequest) -> HttpResponse:
    """What is to be sent, what waits for a second name, what was sent in the last days."""
    rows = [
        row
        for row in reports_here(now=request.now, most=MOST)
        if row.from_at > request.now - timedelta(days=DAYS)
    ]
    labels = dict(Area.objects.filter(code__in={row.area_code for row in rows}).values_list("code", "label"))
    shown = [(one, labels.get(one.report.area_code, "")) for one in standings(rows, now=request.now)]
    found = {
        "open": [line for line in shown if line[0].state in OPEN and not line[0].report.form.retired_at],
        "sent": [line for line in shown if line[0].state not in OPEN],
        "several": len(labels) > 1,
        "exports": exports_here(request.user, now=request.now),
        "questions": Question.objects.filter(closed_at=None)
        .select_related("form")
        .order_by("form", "id")[:MOST],
        "area": _widest(request),
    }
    return render(request, "ledgers/ledgers.html", found)


@page("ledger")
def now(request: DeskRequest) -> HttpResponse:
    """此刻数字: the text to paste, into the page that asked for it; a page of its own where no script runs."""
    area = request.grants.require_area(request.GET.get("area", ""))
    if not is_code(area):
        raise NotInScope()
    text = numbers_now(area, now=request.now, catalogue=CATALOGUE)
    part = "ledgers/parts/now.html" if request.headers.get("HX-Request") else "ledgers/now.html"
    return render(request, part, {"text": text, "area": area})


@page("ledger")
def report(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """One report: as it would leave now, or what was prepared or sent."""
    found = report_of(report_id)
    request.grants.require_area(found.area_code)
    standing = standings([found], now=request.now)[0]
    if standing.snapshot:
        return redirect("ledger_snapshot", standing.snapshot.pk)
    period = period_for(found, now=request.now)
    grants = replace(request.grants, codes=(found.area_code,))
    table = fill(
        found.version, found.area_code, period, day=found.day, catalogue=CATALOGUE, grants=grants, most=PAGE
    )
    shown = {
        "report": found,
        "standing": standing,
        "period": period,
        "area": Area.objects.get(code=found.area_code),
        "sheet": sheet_of(found.version, table, found),
        "lines": count_lines(found.version, found.area_code, period, catalogue=CATALOGUE),
        "early": request.now < found.until,
    }
    return render(request, "ledgers/report.html", shown)


@page("ledger")
def behind(request: DeskRequest, report_id: UUID, column: int) -> HttpResponse:
    """The records that make up one number: of the report as it would leave now, or of what was sent."""
    found = report_of(report_id)
    area = request.grants.require_area(request.GET.get("line", found.area_code))
    if not is_code(area) or not area.startswith(found.area_code):
        raise NotInScope()
    period, keys = _counted(request, found)
    first = _page(request) * PAGE
    known, number, rows = records_behind(
        keys.get(column, ""), area, period, catalogue=CATALOGUE, first=first, most=PAGE + 1
    )
    if known.needs not in request.grants.may:
        raise MayNotSee(heading=known.words, field=known.words)
    query = request.GET.copy()
    query.pop("page", None)
    shown = {
        "report": found,
        "known": known,
        "period": period,
        "number": number,
        "records": _records(rows[:PAGE], known.subject),
        "several": any(row.amount != 1 for row in rows),
        "next": _page(request) + 1 if len(rows) > PAGE else 0,
        "query": query.urlencode(),
    }
    return render(request, "ledgers/behind.html", shown)


def _counted(request: DeskRequest, found: Report) -> tuple[Period, Mapping[int, str]]:
    """The period and the fields of the columns: as they were sent, or as they are now."""
    try:
        sent = UUID(request.GET.get("sent", ""))
    except ValueError:
        keys = {one["index"]: one["field"] for one in found.version.columns}
        return period_for(found, now=request.now), keys
    snapshot = snapshot_of(sent)
    if snapshot.report_id != found.pk:
        raise NotInScope()
    return Period(snapshot.from_at, snapshot.until), dict(enumerate(snapshot.table["fields"]))


def _records(rows: list[Behind], subject: str) -> list[Record]:
    """Each record with the door, the person or the place that it is about, in one query."""
    there = SUBJECTS[subject].objects.in_bulk([row.subject for row in rows if row.subject])  # type: ignore[attr-defined]
    return [Record(row, _words(there.get(row.subject)), PAGES_OF[subject]) for row in rows]


def _words(subject: object) -> str:
    if isinstance(subject, Household):
        return f"{subject.compound} {subject.door}"
    return str(subject or "")


def _page(request: DeskRequest) -> int:
    return place_number(request.GET.get("page", ""))


def _widest(request: DeskRequest) -> str:
    return min(request.grants.codes, key=lambda code: (len(code), code))
