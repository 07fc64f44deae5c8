"""结束应急: what still stands in the way, what goes and what stays, two people, and the certificate."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from shouwang.catalogue import RETENTION
from shouwang.desk.close_out.forms import EndForm, SureForm
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.communities import chosen_community, own_communities
from shouwang.flows.ending.close_out import (
    closing_of,
    confirm_end,
    propose_end,
    the_closing,
    waiting,
    withdraw_end,
)
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import plan_of
from shouwang.plans.schema import Plan
from shouwang.register.models import Area
from shouwang.retention.models import Closing
from shouwang.retention.rules import archived, going, in_words

EVIDENCE = ("orders", "lists", "visits", "readings", "samples", "gate_passages")  # what a court may ask for


@page("response.close")
def the_end(request: DeskRequest) -> HttpResponse:
    """Where the end of the response stands in a community."""
    return _shown(request, chosen_community(request))


@page("response.close")
def propose(request: DeskRequest) -> HttpResponse:
    """One asks for the end."""
    if request.method != "POST":
        return redirect("close_out")
    community = chosen_community(request)
    form = EndForm(_keepable(plan_of(community.code, now=request.now)), request.POST)
    if not form.is_valid():
        return _shown(request, community, form=form)
    said = form.cleaned_data
    try:
        propose_end(
            community.code, reason=said["reason"], witness=said["witness"], kept=form.kept,
            by=request.user, at=request.now,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, sentence(refusal))
        return _shown(request, community, form=form)
    messages.success(request, gettext("已提出。要由另一个人确认才算数。"))
    return _back(community)


@page("response.close")
def confirm(request: DeskRequest, closing: UUID) -> HttpResponse:
    """Another confirms: it cannot be taken back."""
    if request.method != "POST":
        return redirect("close_out")
    found = the_closing(closing)
    community = _area_of(found)
    form = SureForm(community, request.POST)
    if not form.is_valid():
        return _shown(request, community, sure=form)
    try:
        confirm_end(found, by=request.user, at=request.now)
    except Refusal as refusal:
        form.add_error(None, sentence(refusal))
        return _shown(request, community, sure=form)
    app.configure_task("shouwang.jobs.destroy_what_ended").defer()
    messages.success(request, gettext("已确认，开始销毁。做完会出证明。"))
    return _back(community)


@page("response.close")
def withdraw(request: DeskRequest, closing: UUID) -> HttpResponse:
    """Not yet, or not at all."""
    if request.method != "POST":
        return redirect("close_out")
    found = the_closing(closing)
    withdraw_end(found, by=request.user, at=request.now)
    messages.success(request, gettext("已撤回，什么都没有动。"))
    return _back(_area_of(found))


@page("response.close")
def certificate(request: DeskRequest, closing: UUID) -> HttpResponse:
    """The certificate, to be printed, signed and sealed."""
    found = the_closing(closing)
    if not found.finished_at:
        raise NotInScope()
    return render(request, "close_out/certificate.html", {"closing": found, "said": found.certificate})


def _shown(
    request: DeskRequest, community: Area, *, form: EndForm | None = None, sure: SureForm | None = None
) -> HttpResponse:
    closing, plan = closing_of(community.code), plan_of(community.code, now=request.now)
    staying = archived(plan)
    going_now = going(RETENTION, [one.rule for one in staying])
    found = {
        "community": community,
        "communities": own_communities(request.grants),
        "closing": closing,
        "mine": closing is not None and closing.proposed_by_id == request.user.pk,
        "lines": list(closing.lines.order_by("-begun_at", "-pk")) if closing and closing.confirmed_at else [],
        "waiting": waiting(community.code, now=request.now),
        "going": in_words(going_now, plan),
        "staying": staying,
        "form": form or EndForm(_keepable(plan)),
        "sure": sure or SureForm(community),
    }
    status = 422 if (form and form.errors) or (sure and sure.errors) else 200
    return render(request, "close_out/end.html", found, status=status)


def _keepable(plan: Plan | None) -> Mapping[str, str]:
    return {rule: words for rule, words, _ in in_words(RETENTION, plan) if rule in EVIDENCE}


def _area_of(closing: Closing) -> Area:
    return Area.objects.get(code=closing.area_code)


def _back(community: Area) -> HttpResponse:
    return redirect(f"{reverse('close_out')}?community={community.code}")
