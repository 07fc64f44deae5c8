"""回执: whoever reported sees what they said, corrects it, or asks that it be deleted. Nobody else's, and nothing of the register."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shouwang.access.links import read
from shouwang.access.scope import scope
from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.desk.open.notice import notice_of
from shouwang.desk.open.report import Where, all_valid, answered, by_script, forms_of, one_more_line, wrong_of
from shouwang.desk.open.report_forms import BACK, COMING, STAYED, Words, said
from shouwang.lib.clock import day_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.screening.reports import actions, posters
from shouwang.screening.reports.actions import Said
from shouwang.screening.reports.links import OWN
from shouwang.screening.reports.models import DELETE, WISHES, SelfReport, Wish
from shouwang.screening.reports.queries import answers_due, versions_of
from shouwang.screening.reports.rules import asks_of


class ReceiptForm(forms.Form):
    """The number on the receipt, and the end of the telephone."""

    receipt = Words(
        label=_("回执号（10 位数字）"), max_length=20, widget=forms.TextInput({"inputmode": "numeric"})
    )
    tail = forms.RegexField(
        r"^\d{4}$", label=_("联系电话的后四位"), error_messages={"invalid": _("请写手机号的最后四位数字。")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}),
    )  # fmt: skip


class WishForm(forms.Form):
    """What somebody wants done about what they said."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("您要"),
        choices=[(key, _(words)) for key, words in WISHES],
        initial=DELETE,
        widget=forms.RadioSelect,
    )
    words = Words(
        label=_("为什么（可以不写）"), max_length=400, required=False, widget=forms.Textarea({"rows": 3})
    )


@open_page(tries=30)
def receipt(request: OpenRequest) -> HttpResponse:
    """From another phone: the number and the last four digits lead to what was said."""
    form = ReceiptForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            told = form.cleaned_data
            return HttpResponseRedirect(actions.find(told["receipt"], told["tail"], at=request.now))
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
    return render(request, "open/receipt.html", {"form": form}, status=422 if form.errors else 200)


@open_page(tries=60, code_tries=120, count_reading=True)
def own(request: OpenRequest, code: str) -> HttpResponse:
    """What was said, and what was asked about it."""
    first, area = _known(code)
    with scope([area]):
        versions = versions_of(first)
        if not versions:
            raise NotInScope()
        wishes = answers_due(Wish.objects.filter(report=first).order_by("at"), now=request.now)
        shown = {
            "versions": versions, "report": versions[0], "people": versions[0].people.order_by("number"),
            "wishes": wishes, "code": code, "receipt": actions.receipt_of(first), "new": "new" in request.GET,
            "form": WishForm(initial={"id": uuid7(request.now)}), "notice": notice_of(area, now=request.now),
        }  # fmt: skip
        return render(request, "open/own.html", shown)


@open_page(tries=30, code_tries=30)
def ask(request: OpenRequest, code: str) -> HttpResponse:
    """Asks for deletion, or says that something is not so."""
    first, area = _known(code)
    form = WishForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        actions.wish(first, area=area, kind=told["kind"], words=told["words"], id=told["id"], at=request.now)
    return HttpResponseRedirect(f"/r/own/{code}/")


@open_page(tries=60, code_tries=60)
def correct(request: OpenRequest, code: str) -> HttpResponse:
    """The same form, filled with what was said; the earlier version is kept. Numbers left empty stay as they were."""
    first, area = _known(code)
    with scope([area]):
        versions = versions_of(first)
        if not versions:
            raise NotInScope()
        where = Where(area, posters.community_words(area))
        return _correct(request, where, versions[0])


def _correct(request: OpenRequest, where: Where, before: SelfReport) -> HttpResponse:
    asks = asks_of(plan_of(where.area, now=request.now))
    posted = request.method == "POST"
    data = one_more_line(request) if posted else None
    form, people, stops = forms_of(request, asks, where, named=False, data=data, **_initial(before, request))
    form.fields["phone"].required = False
    form.fields["phone"].help_text = before.phone_mask
    if posted and "more" not in request.POST and all_valid(form, people, stops):
        told = said(form, people, stops, first=before.first, compound=before.compound, at=request.now)
        kept = actions.complete(told, before)
        taken = actions.report(
            kept, area=before.area_code, poster=before.poster, asked=before.asked, by=None, at=request.now
        )
        return answered(request, taken)
    if posted and by_script(request):
        return JsonResponse({"wrong": wrong_of(form, people, stops)}, status=422)
    shown = {
        "where": where, "asks": asks, "form": form, "people": people, "stops": stops, "before": before,
        "notice": notice_of(where.area, now=request.now),
    }  # fmt: skip
    return render(request, "open/report.html", shown, status=422 if posted and form.errors else 200)


def _known(code: str) -> tuple[UUID, str]:
    known = read(OWN, code)
    if known is None:
        raise NotInScope()
    return known


def _initial(before: SelfReport, request: OpenRequest) -> dict[str, Any]:
    """What was said, for the form; of numbers only what the screen may show."""
    form = {name: getattr(before, name) for name in Said.__dataclass_fields__ if hasattr(before, name)}
    coming = before.arrived_on and before.arrived_on > day_of(request.now)
    state = STAYED if not before.from_place else COMING if coming else BACK
    people = [{"name": one.name, "symptoms": one.symptoms} for one in before.people.order_by("number")]
    stops = [
        {"place": stop["place"], "since": stop.get("from"), "until": stop.get("until")}
        for stop in before.travel
    ]
    return {
        "form": {**form, "id": uuid7(request.now), "state": state, "phone": ""},
        "people": people,
        "stops": stops,
    }
