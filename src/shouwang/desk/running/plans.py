"""预案设置: which plan holds where, what would change, what must still be set, and switching over (平急转换)."""

from functools import lru_cache
from itertools import groupby
from pathlib import Path

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.communities import chosen_community, own_communities
from shouwang.desk.running.filling.asked import FillForm
from shouwang.flows.hands.call_people_up import activate_and_call
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import in_force, read, what_changes
from shouwang.plans.filling import as_filled, fill, filled, keep_filled, last_filled
from shouwang.plans.form.entries import entries
from shouwang.plans.loader import load, shipped
from shouwang.plans.models import Activation, PlanVersion
from shouwang.plans.schema import Plan
from shouwang.register.models import Area

PAST_SHOWN = 20


class ReasonForm(forms.Form):
    """On whose order a plan is activated."""

    reason = forms.CharField(label=_("依据，如上级文件号"), max_length=200)


@page("plan.activate")
def plans(request: DeskRequest) -> HttpResponse:
    """The plans there are, which holds in a community, and what held before."""
    community = chosen_community(request)
    held = in_force(community.code, now=request.now)
    plan_held = read(held.plan) if held else None
    found = {
        "community": community,
        "communities": own_communities(request.grants),
        "held": held,
        "held_plan": plan_held,
        "shipped": [(name, plan, _loaded(_path(name))) for name, plan in as_filled(community.code).items()],
        "past": Activation.objects.filter(area_code=community.code)
        .select_related("plan", "by")
        .order_by("-from_at")[:PAST_SHOWN],
    }
    return render(request, "running/plans.html", found)


@page("plan.activate")
def plan_page(request: DeskRequest, name: str) -> HttpResponse:
    """A plan to read: every rule in words, with its source."""
    plan = _loaded(_path(name))
    rows = [(entry, plan.sources.get(entry.source)) for entry in entries(plan)]
    sections = [(title, list(own)) for title, own in groupby(rows, key=lambda row: row[0].place[0])]
    return render(request, "running/plan.html", {"plan": plan, "name": name, "sections": sections})


@page("plan.activate")
def fill_plan(request: DeskRequest, name: str) -> HttpResponse:
    """What a plan leaves open, filled in by the community: saved as a new version, which then can be activated."""
    plan, community = _loaded(_path(name)), chosen_community(request)
    last = last_filled(community.code).get(name)
    known, because = filled(name, last)
    form = FillForm(plan, known=known, because=because, data=request.POST or None)
    if form.is_bound and form.is_valid():
        told = {"area": community.code, "because": form.cleaned_data["because"]}
        try:
            version = fill(name, form.values(), **told, by=request.user, at=request.now)
            messages.success(
                request, gettext("已存为本地第 {number} 版，还没有启用。").format(number=version.filling)
            )
            return redirect(f"{reverse('switch_plan', args=[name])}?community={community.code}")
        except Refusal as refusal:
            form.refuse(refusal)
    found = {"community": community, "plan": plan, "form": form, "filling": last.filling if last else 0}
    return render(request, "running/fill_plan.html", found)


@page("plan.activate")
def switch(request: DeskRequest, name: str) -> HttpResponse:
    """What changes, said before; with a reason it holds from now on."""
    _path(name)
    community = chosen_community(request)
    version = keep_filled(name, area=community.code, at=request.now)
    held = in_force(community.code, now=request.now)
    same = bool(held and held.plan_id == version.pk)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            if same:
                messages.info(request, gettext("这个预案已经在用，没有再启用一次。"))
            else:
                _activate(request, community, version, form.cleaned_data["reason"])
            return redirect("plans")
        except Refusal as refusal:
            form.add_error("reason", sentence(refusal))
    plan = read(version)
    found = {
        "community": community, "plan": plan, "name": name, "version": version, "form": form, "held": held,
        "same": same, "changes": what_changes(community.code, version, now=request.now),
        "to_be_set": plan.to_be_set, "squads": plan.squads.values(),
    }  # fmt: skip
    return render(request, "running/switch.html", found)


def _activate(request: DeskRequest, community: Area, version: PlanVersion, reason: str) -> None:
    """The plan holds from now on, and its squads are called."""
    _, called = activate_and_call(community.code, version, reason=reason, by=request.user, at=request.now)
    messages.success(request, gettext("已启用。已经开始的事按原来的预案办完。"))
    if called:
        told = gettext("专班的 {called} 人都叫了，回了没有看“叫人”。")
        messages.success(request, told.format(called=called))


def _path(name: str) -> Path:
    """The file of a plan that comes with the system. Raises: NotInScope."""
    if name not in shipped():
        raise NotInScope()
    return shipped()[name]


@lru_cache(maxsize=16)
def _loaded(path: Path) -> Plan:
    return load(path)
