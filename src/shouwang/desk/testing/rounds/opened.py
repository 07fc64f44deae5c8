"""A round's page: how far it is and where, over the hours against the timetable; who is missing, down to the names."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.desk.testing.rounds.forms import BESIDE, ElsewhereForm, EndForm, ExemptForm, TriedForm
from shouwang.desk.testing.rounds.where import labels_of, rules_at, shown_area, trail_of
from shouwang.duties.models import Duty
from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.codes import LEVELS, UNIT, is_code
from shouwang.lib.errors import NotInScope
from shouwang.lib.identity import mask_name
from shouwang.testing.duties import DOOR_SWAB
from shouwang.testing.models import Round
from shouwang.testing.rounds import gap
from shouwang.testing.rounds.exempting import exempt, tested_elsewhere
from shouwang.testing.rounds.ordering import round_of
from shouwang.testing.rounds.planning import advised, calls_of, planned_by, points_in

PAGE, FIRST = 50, 12
NEXT = {gap.CALL: "先打电话", gap.VISIT: "要上门", gap.WAIT: "约好了", gap.TALK: "去做工作"}


@dataclass(frozen=True)
class Below:
    """One area of the round: its words, how far it is, and where its own page is."""

    words: str
    covered: gap.Covered
    inside: str
    names: str


@page("visit.record")
def opened(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """How far the round is, area by area."""
    row = round_of(round_id)
    area = shown_area(request, row)
    calls, points = calls_of(row, area), points_in(area)
    all_of_it = gap.so_far(row, area)
    shown = {
        "round": row,
        "area": area,
        "trail": trail_of(area, row, request.grants),
        "covered": all_of_it,
        "below": _below(row, area),
        "hours": _hours(row, area, calls, request.now),
        "advice": advised(all_of_it.asked, rules_at(area, request)),
        "points": points,
        "calls": len(calls),
        "over": bool(row.ended_at) or row.due_at <= request.now,
        "may_end": "round.open" in request.grants.may and any(row.area_code.startswith(code) for code in request.grants.codes),
        "end_form": EndForm(),
        "own_end": row.end_asked_by_id == request.user.pk,
        "tab": "round",
    }  # fmt: skip
    return render(request, "testing/rounds/round.html", shown)


def taken(request: DeskRequest, round_id: UUID) -> Listing:
    """Everybody who is missing, to take away: names masked."""
    row = round_of(round_id)
    area = shown_area(request, row)
    rows = gap.told(list(gap.names(row, area)), now=request.now)
    words = (_("门牌"), _("姓名"), _("电话"), _("怎么采"), _("试过"), _("下一步"))
    lines = (_cells(one) for one in rows)
    return Listing(_("未检名单"), words, lines, area)


@page("visit.record")
@exports(taken)
def missing(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """未检名单: who is still to be swabbed, door by door, what was tried and what comes next."""
    row = round_of(round_id)
    area = shown_area(request, row)
    rows = list(_after(request, row, area)[: PAGE + 1])
    shown = {
        "round": row,
        "area": area,
        "trail": trail_of(area, row, request.grants),
        "covered": gap.so_far(row, area),
        "rows": gap.told(rows[:PAGE], now=request.now),
        "next": NEXT,
        "door_kind": DOOR_SWAB.name,
        "more": _more(area, rows[PAGE - 1]) if len(rows) > PAGE else "",
        "from_start": urlencode({"area": area}) if "after" in request.GET else "",
        "tab": "missing",
        "over": bool(row.ended_at),
    }
    return render(request, "testing/rounds/missing.html", shown)


@page("visit.record")
def one(request: DeskRequest, round_id: UUID, duty: int) -> HttpResponse:
    """One person who is missing: not reached, exempt, swabbed elsewhere."""
    row, owed = _owed(request, round_id, duty)
    forms = {
        "tried": TriedForm(prefix="t"),
        "exempt": ExemptForm(prefix="e"),
        "elsewhere": ElsewhereForm(prefix="o"),
    }
    what = request.POST.get("what", "")
    if request.method == "POST" and what in forms:
        form = forms[what] = type(forms[what])(request.POST, prefix=forms[what].prefix)
        if done(form, lambda told: _do(request, row, owed, what, told), BESIDE):
            messages.success(request, _("记好了。"))
            return redirect(f"{_address(row)}?{urlencode({'area': owed.area_code[:UNIT]})}")
    shown = {
        "round": row, "one": gap.told([owed], now=request.now)[0], "forms": forms, "next": NEXT, "area": owed.area_code[:UNIT],
        "may_waive": "duty.waive" in request.grants.may,
    }  # fmt: skip
    return render(
        request,
        "testing/rounds/one.html",
        shown,
        status=422 if any(form.errors for form in forms.values()) else 200,
    )


@page("visit.record")
@sent("testing_rounds")
def called(request: DeskRequest, round_id: UUID, duty: int) -> HttpResponse:
    """没接电话, in one tap from the list."""
    row, owed = _owed(request, round_id, duty)
    gap.say_tried(row, owed.pk, "no_reply", by=request.user, at=request.now)
    messages.success(request, _("记好了：没接电话，要上门。"))
    return redirect(
        f"{_address(row)}?{urlencode({'area': request.POST.get('area') or owed.area_code[:UNIT]})}"
    )


def _do(request: DeskRequest, row: Round, owed: Duty, what: str, told: dict) -> None:
    by, at = request.user, request.now
    if what == "tried":
        gap.say_tried(row, owed.pk, told["outcome"], by=by, at=at, next_try_at=told["next_at"])
        return
    if "duty.waive" not in request.grants.may:
        raise NotInScope()
    if what == "exempt":
        exempt(row, [owed.person.pk], reason=told["reason"], note=told["note"], by=by, at=at)
        return
    tested_elsewhere(row, owed.person.pk, taken_at=told["taken_at"], proof=told["proof"], by=by, at=at)


def _cells(one: gap.Missing) -> list[object]:
    person = one.duty.person
    where = _("上门") if one.duty.kind == DOOR_SWAB.name else _("到采样点")
    tried = _(gap.OUTCOMES.get(one.tried.outcome, "")) if one.tried else ""
    return [str(person.household), mask_name(person.name), person.phone_mask, where, tried, _(NEXT[one.next])]


def _owed(request: DeskRequest, round_id: UUID, duty: int) -> tuple[Round, Duty]:
    row = round_of(round_id)
    owed = one_in_scope(
        Duty.objects.filter(pk=duty, batch=row.pk, kind__in=gap.KINDS, fact="owed").select_related(
            "person__household"
        )
    )
    return row, owed


def _address(row: Round) -> str:
    return reverse("testing_missing", args=[row.pk])


def _below(row: Round, area: str) -> list[Below]:
    width = next((length for length in LEVELS if length > len(area)), UNIT)
    if len(area) >= UNIT:
        return []
    parts = gap.covered(row, area, width=min(width, UNIT))
    labels = labels_of(parts.keys())
    found = [
        Below(labels.get(code, "") or code[len(area) :].lstrip("0") or _("其他"), covered, code if len(code) < UNIT else "", code)
        for code, covered in parts.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.covered.left)


def _hours(row: Round, area: str, calls: list, now: datetime) -> list[tuple[float, str, int, int]]:
    """Each hour of the day that is shown: how many were swabbed by then, and how many should have been."""
    points = gap.by_the_hour(row, area, now=now)
    day = day_of(min(now, row.due_at))
    today = [(at, many) for at, many in points if day_of(at) == day]
    planned = planned_by(calls, [at for at, _many in today])
    return [
        (at.astimezone(ZONE).hour + at.minute / 60, f"{at.astimezone(ZONE):%H:%M}", many, wanted)
        for (at, many), wanted in zip(today, planned, strict=True)
    ]


def _after(request: DeskRequest, row: Round, area: str) -> QuerySet[Duty]:
    rows = gap.names(row, area)
    code, _dot, last = request.GET.get("after", "").partition(".")
    if is_code(code) and (duty := row_number(last)) is not None:
        rows = rows.filter(Q(area_code__gt=code) | Q(area_code=code, id__gt=duty))
    return rows


def _more(area: str, last: Duty) -> str:
    return urlencode({"area": area, "after": f"{last.area_code}.{last.pk}"})
