"""发证: for everybody of a compound or building in one run, for one visitor or car, for everybody on a list who was asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.asked.times import MOMENT
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import allowed, done
from shouwang.desk.passes.forms import BESIDE, IssueForm, ListedForm, SingleForm
from shouwang.desk.passes.where import areas_of, plan_here
from shouwang.flows.gates.passes_from_list import (
    AT_HOME,
    ELSEWHERE,
    NOT_ASKED,
    WHO,
    passes_for_the_listed,
    who_can_have_one,
)
from shouwang.lib.clock import ZONE, midnight
from shouwang.lib.codes import COMPOUND
from shouwang.lib.doors import parse_door
from shouwang.lib.errors import Refusal
from shouwang.plans.actions import plan_of
from shouwang.register.models import Household
from shouwang.standing.bearers import Bearer, every_household_in, everybody_in
from shouwang.standing.cards import kinds_of
from shouwang.standing.models import Pass
from shouwang.standing.passes import Terms, issue

FORTNIGHT = timedelta(days=14)
NAMED = 200
WHY_NOT = {
    NOT_ASKED: gettext_lazy("还没核实"), ELSEWHERE: gettext_lazy("没对上或者不是本辖区的"),
    AT_HOME: gettext_lazy("正在隔离，解除后再发"), WHO: gettext_lazy("没有姓名"),
}  # fmt: skip


class NoSuchDoor(Refusal):
    code = "desk.no_such_door"
    sentence = "这个小区里没有 {door} 这一户。"


@page("pass.issue")
def new(request: DeskRequest) -> HttpResponse:
    """Everybody of a compound or a building who has none of this kind gets one; sent twice, nobody has two."""
    areas, kinds = areas_of(request), kinds_of(plan_here(request))
    form = IssueForm(areas, kinds, request.POST or None, initial=_soon(request))
    made: list[Pass] = []

    def write(typed: dict[str, Any]) -> None:
        allowed(request, "pass.issue", typed["area"])
        made.extend(_for_area(request, typed))

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _said(len(made)))
        return redirect(f"{reverse('pass_print')}?area={form.cleaned_data['area']}")
    shown = {"form": form, "kinds": kinds.values(), "areas": areas, "here": "new"}
    return render(request, "passes/new.html", shown, status=422 if form.errors else 200)


@page("pass.issue")
def single(request: DeskRequest) -> HttpResponse:
    """Somebody from outside, or a car."""
    areas, kinds = areas_of(request, ("compound",)), kinds_of(plan_here(request))
    form = SingleForm(areas, kinds, request.POST or None, initial=_soon(request))
    made: list[Pass] = []

    def write(typed: dict[str, Any]) -> None:
        allowed(request, "pass.issue", typed["area"])
        made.extend(_for_one(request, typed))

    if request.method == "POST" and done(form, write, BESIDE):
        if made:
            messages.success(request, _said(1))
            return redirect("pass", made[0].pk)
        messages.info(request, _("已经有一张同样的证了。"))
        return redirect(f"{reverse('passes')}?q={form.cleaned_data['plate'] or form.cleaned_data['holder']}")
    shown = {"form": form, "areas": areas, "here": "single"}
    return render(request, "passes/single.html", shown, status=422 if form.errors else 200)


@page("pass.issue")
def of_list(request: DeskRequest, listed: UUID) -> HttpResponse:
    """Everybody on a list who was asked; the others with the reason."""
    found = who_can_have_one(listed, at=request.now)
    kinds = kinds_of(plan_of(found.listed.area_code, now=request.now))
    form = ListedForm(kinds, request.POST or None, initial={**_soon(request), "kind": "temporary"})
    made: list[Pass] = []

    def write(typed: dict[str, Any]) -> None:
        allowed(request, "pass.issue", found.listed.area_code)
        terms = Terms(
            typed["kind"], request.now, typed["until"].astimezone(ZONE), reason=found.listed.title[:100]
        )
        made.extend(passes_for_the_listed(listed, terms, by=request.user, at=request.now))

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _said(len(made)))
        return redirect(f"{reverse('passes')}?which=unprinted")
    seen = "register.read" in request.grants.may
    shown = {
        "listed": found.listed, "can": len(found.bearers), "cannot": len(found.left_out), "form": form,
        "left_out": [(line.name if seen else f"{line.name[:1]}**", WHY_NOT[why]) for line, why in found.left_out[:NAMED]],
    }  # fmt: skip
    return render(request, "passes/of_list.html", shown, status=422 if form.errors else 200)


def _for_area(request: DeskRequest, typed: dict[str, Any]) -> list[Pass]:
    area, plan = typed["area"], plan_here(request, typed["area"])
    kind = kinds_of(plan).get(typed["kind"])
    who = every_household_in(area) if kind and kind.per == "household" else everybody_in(area)
    terms = Terms(typed["kind"], request.now, typed["until"].astimezone(ZONE), reason=typed["reason"])
    return issue(terms, who, plan=plan, by=request.user, at=request.now)


def _for_one(request: DeskRequest, typed: dict[str, Any]) -> list[Pass]:
    host = _host(typed["area"], typed["door"]) if typed["door"] else None
    who = Bearer(
        host.area_code if host else typed["area"], host=host.pk if host else None, holder=typed["holder"],
        phone=typed["phone"], plate=typed["plate"],
    )  # fmt: skip
    terms = Terms(typed["kind"], request.now, typed["until"].astimezone(ZONE), reason=typed["reason"])
    return issue(terms, [who], plan=plan_here(request, typed["area"]), by=request.user, at=request.now)


def _host(area: str, written: str) -> Household:
    """The door of this compound that somebody wrote. Raises: NoSuchDoor."""
    door = parse_door(written)
    rows = Household.objects.filter(area_code__startswith=area[:COMPOUND])
    if door and door.room:
        found = rows.filter(building=door.building, unit=door.unit or "", room=door.room).first()
        if found:
            return found
    raise NoSuchDoor(door=written)


def _soon(request: DeskRequest) -> dict[str, object]:
    """A fortnight from today, and the area that the address names."""
    until = midnight(request.now.astimezone(ZONE).date() + FORTNIGHT)
    return {"until": until.strftime(MOMENT), "area": request.GET.get("area", "")}


def _said(many: int) -> str:
    return _("发了 {many} 张证，可以打印了。").format(many=many) if many else _("都有证了，没有再发。")
