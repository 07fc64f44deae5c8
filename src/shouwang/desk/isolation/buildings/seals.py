"""封楼: what is closed and until when; one proposes, another approves; anybody there writes down that the exit is open."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.grounds import grounds_known
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.isolation.buildings.forms import (
    BESIDE,
    ApproveForm,
    LivingForm,
    LongerForm,
    OutForm,
    SealForm,
)
from shouwang.desk.isolation.forms import ReasonForm
from shouwang.desk.isolation.named import refusals
from shouwang.desk.living.acting import allowed, done
from shouwang.desk.open.closed import exit_link, labels_of, public_link, told
from shouwang.desk.running.sent import sent
from shouwang.desk.wording import in_language
from shouwang.flows.seal_building import close_building
from shouwang.isolation.buildings import seals
from shouwang.isolation.buildings.exits import last_out, let_out, not_seen
from shouwang.isolation.buildings.longer import longer_of
from shouwang.isolation.models import ExitCheck, Seal
from shouwang.lib.clock import day_of
from shouwang.lib.codes import subtree
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import in_force as plan_in_force
from shouwang.plans.actions import read as read_plan
from shouwang.register.models import Area

LEVELS = ("compound", "building", "unit")
CHECKS_SHOWN = 14
A_DAY = timedelta(days=1)
EVERYWHERE = ""  # the scope of the page says where


def taken(request: DeskRequest) -> Listing:
    """What is closed now, to take away."""
    closed = list(seals.in_force(now=request.now).order_by("area_code"))
    labels = labels_of([row.area_code for row in closed])
    headings = (_("哪里"), _("原因"), _("到什么时候"), _("谁拿钥匙"), _("文号"))
    rows = ((labels[row.area_code], row.reason, row.until, row.key_holder, row.document) for row in closed)
    return Listing(_("封控的楼"), headings, rows)


@page("visit.record")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """What is closed, what waits for a second person, and whose exit nobody has walked to."""
    closed = list(seals.in_force(now=request.now).order_by("area_code"))
    asked = list(seals.waiting(now=request.now).order_by("area_code"))
    labels = labels_of([row.area_code for row in (*closed, *asked)])
    owed = not_seen(closed, now=request.now)
    shown = {
        "closed": [(row, labels[row.area_code], row.pk in owed) for row in closed],
        "asked": [(row, labels[row.area_code]) for row in asked], "may": request.grants.may,
        "public": sorted({public_link(row.area_code) for row in closed}),
        "left": last_out(EVERYWHERE, since=request.now - A_DAY)[:CHECKS_SHOWN],
    }  # fmt: skip
    return render(request, "isolation/buildings/listed.html", shown)


@page("isolation.propose")
def new(request: DeskRequest) -> HttpResponse:
    """Where, why, until when, and how people get out."""
    areas = list(labels_of([one.code for one in _areas(request)]).items())
    active = plan_in_force(areas[0][0], now=request.now) if areas else None
    rules = read_plan(active.plan) if active else None
    zones = [
        (key, in_language(one.words)) for key, one in (rules.zones if rules else {}).items() if one.movement != "free"
    ]  # fmt: skip
    asked = {
        "area": request.GET.get("area", ""),
        "id": uuid7(request.now),
        **grounds_known(rules, on=day_of(request.now)),
    }
    form = SealForm(areas, zones or [("closed", _("封控"))], request.POST or None, initial=asked)
    made: list[Seal] = []

    def write(typed: dict[str, Any]) -> None:
        made.append(seals.propose(
            typed["area"], typed["zone"], form.grounds(), form.way_out(), until=typed["until"], by=request.user,
            at=request.now, version=active.plan if active else None, living=form.living(), id=typed["id"],
        ))  # fmt: skip

    if request.method == "POST" and done(form, write, BESIDE):
        return redirect("seal", made[0].pk)
    status = 422 if form.errors else 200
    return render(request, "isolation/buildings/new.html", {"form": form}, status=status)


@page("visit.record")
def opened(request: DeskRequest, seal: UUID) -> HttpResponse:
    """One building: the exit first, then why and until when, then what may be done."""
    return shown(request, seals.seal_of(seal))


@page("isolation.decide")
@sent("seals")
def approved(request: DeskRequest, seal: UUID) -> HttpResponse:
    """The second person's word; from now on it is closed."""
    row, form = seals.seal_of(seal), ApproveForm(request.POST)
    if row.approved_by_id == request.user.pk:
        return redirect("seal", row.pk)  # sent twice

    def write(typed: dict[str, Any]) -> None:
        close_building(row.pk, exit_open=typed["exit_open"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, approve_form=form)
    messages.success(request, _("从现在起封控。请马上把告示贴在楼下，把钥匙和通道交代清楚。"))
    return redirect("seal", row.pk)


@page("isolation.propose")
@sent("seals")
def withdrawn(request: DeskRequest, seal: UUID) -> HttpResponse:
    """It is not closed after all."""
    row, form = seals.seal_of(seal), ReasonForm(request.POST, prefix="withdraw")
    if row.withdrawn_at:
        return redirect("seal", row.pk)

    def write(typed: dict[str, Any]) -> None:
        seals.withdraw(row.pk, reason=typed["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, withdraw_form=form)
    messages.success(request, _("撤回了，不封。"))
    return redirect("seals")


@page("isolation.decide")
@sent("seals")
def opened_again(request: DeskRequest, seal: UUID) -> HttpResponse:
    """Open before its time."""
    row, form = seals.seal_of(seal), ReasonForm(request.POST, prefix="open")
    if row.opened_at:
        return redirect("seal", row.pk)

    def write(typed: dict[str, Any]) -> None:
        seals.open_again(row.pk, reason=typed["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, open_form=form)
    messages.success(request, _("解封了。请把楼下的告示取下来。"))
    return redirect("seal", row.pk)


@page("isolation.propose")
@sent("seals")
def told_more(request: DeskRequest, seal: UUID) -> HttpResponse:
    """Supplies, tests, and the days from which the end is computed."""
    row, form = seals.seal_of(seal), LivingForm(request.POST, prefix="tell")

    def write(_typed: dict[str, Any]) -> None:
        seals.tell(row.pk, form.living(), by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, tell_form=form)
    messages.success(request, _("改好了，公开的页面上也改了。"))
    return redirect("seal", row.pk)


@page("visit.record")
@sent("seals")
def left(request: DeskRequest, seal: UUID) -> HttpResponse:
    """A doctor, a birth, a fire: written down at once, whatever else is known. Never refused."""
    row, form = seals.seal_of(seal), OutForm(request.POST, prefix="out")
    why = request.POST.get("why", "")
    as_typed = {
        "id": None,
        "who": request.POST.get("out-who", ""),
        "transport": request.POST.get("out-transport", ""),
    }
    said: dict[str, Any] = form.cleaned_data if form.is_valid() else as_typed
    let_out(
        row.area_code, why=why if why in ("doctor", "birth", "fire") else "doctor", who=said["who"],
        transport=said["transport"], left_at=request.now, by=request.user, at=request.now, id=said["id"],
    )  # fmt: skip
    messages.success(request, _("记下了，马上放行。车没有安排好的，现在就打 120。"))
    return redirect("seal", row.pk)


@page("visit.record")
def called(request: DeskRequest, seal: UUID) -> HttpResponse:
    """The number of whoever has the key, written down before it is shown."""
    row = seals.seal_of(seal)
    if request.method != "POST":
        return redirect("seal", row.pk)
    answer = shown(request, row, number=seals.key_phone(row, by=request.user, at=request.now))
    answer["Cache-Control"] = "no-store"
    return answer


@page("isolation.work")
def notice(request: DeskRequest, seal: UUID) -> HttpResponse:
    """告示: one A4 page for the door of the building. The key-holder's number stands on it, so that it was read is written down."""
    row = seals.seal_of(seal)
    allowed(request, "register.read", row.area_code)
    address = request.build_absolute_uri(public_link(row.area_code))
    shown = told(row, now=request.now) | {
        "number": seals.key_phone(row, by=request.user, at=request.now), "address": address,
    }  # fmt: skip
    return render(request, "isolation/buildings/notice.html", shown)


def _areas(request: DeskRequest) -> list[Area]:
    """What could be closed where somebody answers."""
    mine = [Q(code__gte=low, code__lt=high) for low, high in map(subtree, request.grants.codes)]
    return list(Area.objects.filter(reduce(or_, mine, Q(pk__in=[])), level__in=LEVELS).order_by("code"))


def shown(request: DeskRequest, row: Seal, *, status: int = 200, **typed: Any) -> HttpResponse:
    """The page of one building, with what was typed and refused."""
    days = ("supply_point", "test_plan", "last_case_on", "contacts_clear_on", "clean_round_on")
    checks = ExitCheck.objects.filter(seal=row, void_at=None).select_related("by").order_by("-at")
    found = told(row, now=request.now) | {
        "owed": bool(not_seen([row], now=request.now)), "checks": list(checks[:CHECKS_SHOWN]),
        "may": request.grants.may, "another": row.proposed_by_id != request.user.pk, "exit_link": exit_link(row),
        "asked": row.approved_at is None and row.withdrawn_at is None and row.until > request.now,
        "approve_form": ApproveForm(), "withdraw_form": ReasonForm(prefix="withdraw"),
        "longer": list(longer_of(row)), "mine": request.user.pk,
        "longer_form": LongerForm(prefix="longer", initial={"id": uuid7(request.now)}),
        "open_form": ReasonForm(prefix="open"), "out_form": OutForm(prefix="out", initial={"id": uuid7(request.now)}),
        "tell_form": LivingForm(prefix="tell", initial={name: getattr(row, name) for name in days}),
        "check_id": uuid7(request.now), "refused": refusals(typed), **typed,
    }  # fmt: skip
    return render(request, "isolation/buildings/seal.html", found, status=status)
