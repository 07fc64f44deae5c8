"""包保: who answers for what, the doors of nobody, and giving, ending and handing over."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.catalogue import ANSWERS
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.round_form import own_areas
from shouwang.desk.running.sent import sent
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.answering import ANSWERING_ROLES, Helper
from shouwang.register.answering_tree import helpers_of, tree_of
from shouwang.register.models import Area
from shouwang.register.responsibility import end, give, hand_over, unanswered
from shouwang.screening.duties import VISIT

MOST_DOORS = 300


class GiveForm(forms.Form):
    """Who answers for an area from now on, in which role."""

    area = forms.ChoiceField(label=_("哪里"))
    role = forms.ChoiceField(label=_("当什么"), choices=[(name, _(words)) for name, words in ANSWERING_ROLES])
    helper = forms.ChoiceField(label=_("谁"))


class HandOverForm(forms.Form):
    """To whom everything of somebody goes."""

    taker = forms.ChoiceField(label=_("交给谁"))


@page("responsibility.edit")
def answering(request: DeskRequest) -> HttpResponse:
    """The tree of one's areas."""
    trees = [
        tree_of(code, now=request.now, roles=ANSWERS[VISIT.name]) for code in _roots(request.grants.codes)
    ]
    return render(request, "running/answering.html", {"trees": trees, "roles": dict(ANSWERING_ROLES)})


@page("responsibility.edit")
def nobodys_doors(request: DeskRequest) -> HttpResponse:
    """The doors of an area that nobody answers for."""
    area = request.grants.require_area(request.GET.get("area", ""))
    doors = unanswered(area, ANSWERS[VISIT.name], now=request.now)
    label = Area.objects.filter(code=area).values_list("label", flat=True).first() or area
    found = {"area": area, "label": label, "doors": doors[:MOST_DOORS], "count": len(doors)}
    return render(request, "running/nobodys_doors.html", found)


@page("responsibility.edit")
def helpers(request: DeskRequest) -> HttpResponse:
    """Everybody who works in one's areas."""
    found = [helper for code in _roots(request.grants.codes) for helper in helpers_of(code, now=request.now)]
    return render(request, "running/helpers.html", {"helpers": found})


@page("responsibility.edit")
def give_area(request: DeskRequest) -> HttpResponse:
    """Somebody answers for an area from now on."""
    form = GiveForm(request.POST or None, initial={"area": request.GET.get("area", "")})
    form.fields["area"].choices = own_areas(request.grants)  # type: ignore[attr-defined]
    form.fields["helper"].choices = _in_service()  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid() and _given(request, form):
        messages.success(request, gettext("已安排。"))
        return redirect("answering")
    return render(request, "running/give_area.html", {"form": form})


@page("responsibility.edit")
@sent("answering")
def end_answering(request: DeskRequest, responsibility: int) -> HttpResponse:
    """Somebody answers for an area no longer."""
    end([responsibility], by=request.user, at=request.now)
    messages.success(request, gettext("已结束。没有别人负责的门会列在“没人负责的门”里。"))
    return redirect("answering")


@page("responsibility.edit")
def hand_over_all(request: DeskRequest, helper: int) -> HttpResponse:
    """All that somebody answers for goes to somebody else, at once."""
    giver = Helper.objects.filter(pk=helper).first()
    if giver is None:
        raise NotInScope()
    form = HandOverForm(request.POST or None)
    form.fields["taker"].choices = [one for one in _in_service() if one[0] != giver.pk]  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        taker = int(form.cleaned_data["taker"])
        try:
            moved = hand_over(from_helper=giver.pk, to_helper=taker, by=request.user, at=request.now)
            messages.success(request, gettext("已移交 {moved} 处。").format(moved=moved))
            return redirect("answering")
        except Refusal as refusal:
            form.add_error("taker", sentence(refusal))
    return render(request, "running/hand_over.html", {"form": form, "giver": giver})


def _given(request: DeskRequest, form: GiveForm) -> bool:
    told = form.cleaned_data
    area = request.grants.require_area(told["area"])
    try:
        give(
            role=told["role"], helper=int(told["helper"]), area_codes=[area], by=request.user, at=request.now
        )
    except Refusal as refusal:
        form.add_error("helper", sentence(refusal))
        return False
    return True


def _in_service() -> list[tuple[int, str]]:
    """Those who serve, with the place or unit where two have the same name."""
    rows = Helper.objects.filter(Q(left_at=None)).order_by("name")
    return [(one.pk, f"{one.name} {one.unit or one.kind}".strip()) for one in rows]


def _roots(codes: tuple[str, ...]) -> list[str]:
    """One's areas without those that lie in another of them."""
    return [code for code in codes if not any(code != other and code.startswith(other) for other in codes)]
