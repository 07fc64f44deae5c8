"""我的通行证: the code to show at the gate, until when it holds, why it is withdrawn, how to object, and visitors announced."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import scope
from shouwang.desk.asked.times import MOMENT, moment_field
from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.desk.open.passes.door import NotYours, check, digits, known, own, pass_behind, remember
from shouwang.desk.wording import in_language
from shouwang.gates.incidents.contesting import contest, taken_by
from shouwang.gates.incidents.models import Contest
from shouwang.gates.visitors import Visitor, announce, announced, call_off
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.plans.actions import clocks_of, plan_of
from shouwang.standing.bearers import plate_as_kept
from shouwang.standing.cards import kinds_of, spaced, state_of, token_of, withdrawn
from shouwang.standing.models import Hold, Pass
from shouwang.standing.own import own_pass, path_of
from shouwang.standing.queries import held
from shouwang.standing.verdict import GOOD, WITHDRAWN

SOON = timedelta(hours=1)


class ContestForm(forms.Form):
    """What is wrong with the withdrawal."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(label=_("说一下经过"), max_length=2000, widget=forms.Textarea({"rows": 4}))


MOST_SIGNS = 20  # of a number; what is more was typed on purpose


class VisitorForm(forms.Form):
    """Who comes, when, by which car."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("谁来"), max_length=64)
    from_at = moment_field(_("什么时候来"))
    people = forms.IntegerField(label=_("一共几个人"), min_value=1, max_value=50, initial=1)
    plate = forms.CharField(label=_("车牌（没有车不写）"), max_length=16, required=False)


@open_page(tries=40)
def find(request: OpenRequest, area: str) -> HttpResponse:
    """The number on the card and four digits of a phone lead to the page; the same answer for a number that is none."""
    wrong, number = "", request.POST.get("number", "").strip()
    if request.method == "POST":
        try:
            tail = digits(request, f"{area} {number[:MOST_SIGNS]}")
            with scope([area]):
                card = own_pass(area, number=number[:MOST_SIGNS], tail=tail, now=request.now)
            if card is None:
                raise NotYours()
            return remember(redirect(path_of(card)), request, card)
        except Refusal as refusal:
            wrong = sentence(refusal)
    shown = {"area": area, "wrong": wrong, "number": number, "office": community_ways(area).office}
    return render(request, "open/pass_find.html", shown, status=422 if wrong else 200)


@open_page(tries=120, code_tries=300)
def opened(request: OpenRequest, code: str) -> HttpResponse:
    """The page; on a new phone first the question for four digits."""
    with pass_behind(code) as card:
        if known(request, card):
            return _shown(request, code, card)
        if request.method != "POST":
            return render(request, "open/pass_enter.html", {"code": code, "wrong": ""})
        try:
            check(request, card)
        except Refusal as refusal:
            shown = {"code": code, "wrong": sentence(refusal)}
            return render(request, "open/pass_enter.html", shown, status=422)
        return remember(redirect("pass_own", code), request, card)


@open_page(tries=30, code_tries=60)
def contested(request: OpenRequest, code: str) -> HttpResponse:
    """It should not have been withdrawn, says whoever carries it."""
    with own(request, code) as card:
        form = ContestForm(request.POST, prefix="contest")
        if not form.is_valid():
            return _shown(request, code, card, status=422, contest_form=form)
        told = form.cleaned_data
        try:
            contest(card, words=told["words"], at=request.now, id=told["id"])
        except Refusal as refusal:
            return _shown(request, code, card, status=422, wrong=sentence(refusal))
        return redirect("pass_own", code)


@open_page(tries=30, code_tries=60)
def visitor(request: OpenRequest, code: str) -> HttpResponse:
    """Somebody comes to see this household; or comes no more."""
    with own(request, code) as card:
        if "off" in request.POST:
            call_off(request.POST["off"], host=_home(card), at=request.now)
            return redirect("pass_own", code)
        form = VisitorForm(request.POST, prefix="visitor")
        if not form.is_valid():
            return _shown(request, code, card, status=422, visitor_form=form)
        told = form.cleaned_data
        coming = Visitor(
            told["name"], told["from_at"].astimezone(ZONE), told["people"], plate_as_kept(told["plate"]), told["id"]
        )  # fmt: skip
        try:
            announce(_home(card), coming, by=None, at=request.now)
        except Refusal as refusal:
            return _shown(request, code, card, status=422, wrong=sentence(refusal))
        return redirect("pass_own", code)


def _shown(
    request: OpenRequest, code: str, card: Pass, *, status: int = 200, wrong: str = "", **more: Any
) -> HttpResponse:
    bar = withdrawn([card.pk], now=request.now).get(card.pk)
    state = state_of(card, bar, now=request.now)
    kind = kinds_of(plan_of(card.area_code, now=request.now)).get(card.kind)
    home = _home(card)
    person = card.person.kept_id if card.person else None
    shown = {
        "code": code, "card": card, "state": state, "number": spaced(card.number), "bar": bar, "wrong": wrong,
        "scanned": token_of(card) if state == GOOD else "", "kind": in_language(kind.words) if kind else card.kind, "rule": kind,
        "name": card.person.name if card.person else card.holder, "home": card.household or home,
        "incident": taken_by(card, request.now), "can_object": state == WITHDRAWN, "hold": _hold(person, request),
        "contests": Contest.objects.filter(card=card).order_by("-asked_at")[:5],
        "hours": clocks_of(card.area_code, now=request.now), "office": community_ways(card.area_code).office,
        "visitors": announced(home, now=request.now) if home else [], "may_announce": home is not None,
        "contest_form": ContestForm(prefix="contest", initial={"id": uuid7(request.now)}),
        "visitor_form": VisitorForm(prefix="visitor", initial={
            "id": uuid7(request.now), "from_at": (request.now + SOON).astimezone(ZONE).strftime(MOMENT), "people": 1}),
        **more,
    }  # fmt: skip
    return render(request, "open/pass.html", shown, status=status)


def _hold(person: int | None, request: OpenRequest) -> Hold | None:
    """Until when whoever carries it stays at home."""
    return held([person], now=request.now).get(person) if person else None


def _home(card: Pass) -> Any:
    """The household that may announce visitors: of whoever lives here, never of a visitor."""
    return card.household or (card.person.household if card.person else None)
