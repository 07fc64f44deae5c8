"""包保: who answers for what, the doors of nobody, and giving, ending and handing over."""

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.catalogue import ANSWERS
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.round_form import own_areas
from shouwang.desk.running.sent import sent
from shouwang.lib.errors import Refusal
from shouwang.register.answering import ANSWERING_ROLES, Helper
from shouwang.register.answering_tree import Branch, helpers_of, tree_of
from shouwang.register.models import Area, Household
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


def tree_taken(request: DeskRequest) -> Listing:
    """The whole tree as a list: each area with its doors and whoever answers for it."""
    words = (_("片区"), _("户"), _("没人负责的门"), _("当什么"), _("谁"), _("网格"), _("电话"))
    rows = (row for tree in _trees(request) for row in _branch_cells(tree, 0))
    return Listing(_("包保"), words, rows)


@page("responsibility.edit")
@exports(tree_taken)
def answering(request: DeskRequest) -> HttpResponse:
    """The tree of one's areas."""
    return render(request, "running/answering.html", {"trees": _trees(request)})


def doors_taken(request: DeskRequest) -> Listing:
    """All doors of an area that nobody answers for."""
    area, doors = _nobodys(request)
    rows = ((door.compound, door.building, door.unit, door.room) for door in doors)
    words = (_("小区"), _("楼栋"), _("单元"), _("房号"))
    return Listing(_("没人负责的门"), words, rows, area)


@page("responsibility.edit")
@exports(doors_taken)
def nobodys_doors(request: DeskRequest) -> HttpResponse:
    """The doors of an area that nobody answers for."""
    area, doors = _nobodys(request)
    label = Area.objects.filter(code=area).values_list("label", flat=True).first() or area
    found = {"area": area, "label": label, "doors": doors[:MOST_DOORS], "count": len(doors)}
    return render(request, "running/nobodys_doors.html", found)


def helpers_taken(request: DeskRequest) -> Listing:
    """All helpers of one's areas."""
    words = (_("姓名"), _("类别"), _("单位"), _("电话"), _("负责几处"), _("可值班时段"), _("离开时间"))
    rows = (
        (one.name, one.kind, one.unit, one.phone_mask, one.areas, one.available, one.left_at)  # type: ignore[attr-defined]
        for one in _helpers(request)
    )
    return Listing(_("人手名单"), words, rows)


@page("responsibility.edit")
@exports(helpers_taken)
def helpers(request: DeskRequest) -> HttpResponse:
    """Everybody who works in one's areas."""
    return render(request, "running/helpers.html", {"helpers": _helpers(request)})


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
    giver = one_in_scope(Helper.objects.filter(pk=helper))
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


def _trees(request: DeskRequest) -> list[Branch]:
    roots = _roots(request.grants.codes)
    return [tree_of(code, now=request.now, roles=ANSWERS[VISIT.name]) for code in roots]


def _branch_cells(branch: Branch, depth: int) -> Iterator[list[object]]:
    """One line for each who answers, one for an area that nobody is named for; then what lies below."""
    begun = ["　" * depth + branch.label, branch.doors, branch.nobody]
    for each in branch.held:
        grid = each.grid.name if each.grid else ""
        role = gettext(each.get_role_display())
        yield [*begun, role, each.helper.name, grid, each.helper.phone_mask]
    if not branch.held:
        yield begun
    for inner in branch.below:
        yield from _branch_cells(inner, depth + 1)


def _nobodys(request: DeskRequest) -> tuple[str, list[Household]]:
    """The area that was asked for and its doors of nobody. Raises: NotInScope."""
    area = request.grants.require_area(request.GET.get("area", ""))
    return area, unanswered(area, ANSWERS[VISIT.name], now=request.now)


def _helpers(request: DeskRequest) -> list[Helper]:
    roots = _roots(request.grants.codes)
    return [helper for code in roots for helper in helpers_of(code, now=request.now)]


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
