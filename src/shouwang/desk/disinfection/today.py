"""消杀: today's spots, one tap each; the list of spots and their sheets; what was missed."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.written import written
from shouwang.desk.board import chosen_area
from shouwang.desk.disinfection.sheets import choices_of_kinds
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.disinfection.models import Round, Spot
from shouwang.disinfection.rounds import Done, record_rounds, strike
from shouwang.disinfection.spots import LEVELS, add_spots, end_spot, spot_of
from shouwang.disinfection.today import Today, today
from shouwang.lib.codes import COMPOUND, subtree
from shouwang.lib.ids import uuid7
from shouwang.register.models import Area

RECENT = 20
BESIDE = {"disinfection.spot_twice": "name", "disinfection.no_areas": "each"}
STATES = {
    "waiting": gettext_lazy("还没到时间"),
    "open": gettext_lazy("等着消"),
    "overdue": gettext_lazy("已超时"),
    "missed": gettext_lazy("漏了"),
    "done": gettext_lazy("消过了"),
    "late": gettext_lazy("消过了"),
    "waived": gettext_lazy("免办"),
    "void": gettext_lazy("已撤销"),
}
EACH = {
    "compound": gettext_lazy("每个小区一个"),
    "building": gettext_lazy("每栋楼一个"),
    "unit": gettext_lazy("每个单元一个"),
}


class SpotForm(forms.Form):
    """A spot, or one in every building: how often is what the plan says of its kind."""

    area = forms.ChoiceField(label=gettext_lazy("在哪里"))
    each = forms.ChoiceField(label=gettext_lazy("建几个"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("哪一类（预案说多久消一次）"))
    name = forms.CharField(label=gettext_lazy("叫什么（单元门、电梯、垃圾点）"), max_length=30)
    agent = forms.CharField(label=gettext_lazy("用什么药"), max_length=40)
    chlorine_mg_per_l = forms.IntegerField(
        label=gettext_lazy("有效氯（毫克/升）"), min_value=1, max_value=100_000, required=False
    )
    area_m2 = forms.IntegerField(
        label=gettext_lazy("面积（平方米）"), min_value=1, max_value=1_000_000, required=False
    )
    contact_minutes = forms.IntegerField(
        label=gettext_lazy("作用多少分钟"), min_value=1, max_value=1440, required=False
    )

    def __init__(self, request: DeskRequest, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = _areas(request)  # type: ignore[attr-defined]
        self.fields["each"].choices = [("", _("就这一个")), *((key, EACH[key]) for key in LEVELS)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = choices_of_kinds(request)  # type: ignore[attr-defined]


class RoundForm(forms.Form):
    """What was different this time."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    agent = forms.CharField(label=gettext_lazy("用什么药"), max_length=40)
    chlorine_mg_per_l = forms.IntegerField(
        label=gettext_lazy("有效氯（毫克/升）"), min_value=1, max_value=100_000, required=False
    )
    area_m2 = forms.IntegerField(
        label=gettext_lazy("面积（平方米）"), min_value=1, max_value=1_000_000, required=False
    )
    note = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)


def taken(request: DeskRequest) -> Listing:
    """Today's spots, to take away."""
    area = chosen_area(request)
    rows = (
        [one.spot.name, one.spot.agent, one.spot.area_m2, one.done, len(one.windows), str(STATES[one.now])]
        for one in today(area, now=request.now)
    )
    headings = (_("点位"), _("用什么药"), _("面积（平方米）"), _("消了几次"), _("应消几次"), _("情况"))
    return Listing(_("今天的消杀"), headings, rows, area)


@page("disinfection.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """Today's spots by compound, what is owed first; one tap each."""
    rows = today(chosen_area(request), now=request.now)
    labels = dict(Area.objects.filter(level="compound").values_list("code", "label"))
    tapped = [(one, STATES[one.now], uuid7(request.now)) for one in rows]
    shown = {
        "compounds": [(labels.get(code, ""), list(those)) for code, those in groupby(tapped, key=_compound)],
        "count": len(rows), "counts": _counts(rows), "may_plan": "disinfection.plan" in request.grants.may,
    }  # fmt: skip
    return render(request, "disinfection/today.html", shown)


@page("disinfection.work")
@sent("disinfection")
def tapped(request: DeskRequest, spot: UUID) -> HttpResponse:
    """消好了: as the sheet says, now."""
    row = spot_of(spot)
    record_rounds([Done(row.pk, request.now, id=_uuid(request))], by=request.user, at=request.now)
    messages.success(request, _("{spot}消好了。").format(spot=row.name))
    return redirect("disinfection")


@page("disinfection.work")
def opened(request: DeskRequest, spot: UUID) -> HttpResponse:
    """One spot: its rounds, and one that was different."""
    row = spot_of(spot)
    told = {
        "id": uuid7(request.now),
        "agent": row.agent,
        "chlorine_mg_per_l": row.chlorine_mg_per_l,
        "area_m2": row.area_m2,
    }
    form = RoundForm(request.POST or None, initial=told)

    def write(typed: dict[str, Any]) -> None:
        record_rounds([Done(row.pk, request.now, **typed)], by=request.user, at=request.now)

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("{spot}消好了。").format(spot=row.name))
        return redirect("disinfection_spot", row.pk)
    rounds = Round.objects.filter(spot=row).select_related("by").order_by("-at")[:RECENT]
    kinds = dict(choices_of_kinds(request))
    shown = {
        "spot": row, "rounds": rounds, "form": form, "kind": kinds.get(row.kind, row.kind),
        "may_plan": "disinfection.plan" in request.grants.may,
    }  # fmt: skip
    return render(request, "disinfection/spot.html", shown, status=422 if form.errors else 200)


@page("disinfection.plan")
def new(request: DeskRequest) -> HttpResponse:
    """Spots that are disinfected from today."""
    form = SpotForm(request, request.POST or None)
    made: list[Spot] = []

    def write(typed: dict[str, Any]) -> None:
        area = request.grants.require_area(typed.pop("area"))
        made.extend(add_spots(area, by=request.user, at=request.now, **typed))

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("建了 {many} 个点位。").format(many=len(made)))
        return redirect("disinfection")
    return render(request, "disinfection/new.html", {"form": form}, status=422 if form.errors else 200)


@page("disinfection.plan")
@sent("disinfection")
def ended(request: DeskRequest, spot: UUID) -> HttpResponse:
    """This spot is disinfected no longer."""
    end_spot(spot, by=request.user, at=request.now)
    messages.success(request, _("这个点位不再消了。"))
    return redirect("disinfection")


@page("disinfection.work")
@sent("disinfection")
def struck(request: DeskRequest, done_round: UUID) -> HttpResponse:
    """It was written down by mistake."""
    row = one_in_scope(Round.objects.filter(pk=done_round))
    strike(row.pk, reason=written(request, "reason", 100) or _("记错了"), by=request.user, at=request.now)
    messages.success(request, _("撤销了，这一次还要消。"))
    return redirect("disinfection_spot", row.spot_id)


def _areas(request: DeskRequest) -> list[tuple[str, str]]:
    """The areas that are all one's own, each with what it lies in."""
    levels = ("community", "compound", "building", "unit")
    low, high = subtree(chosen_area(request))
    rows = list(Area.objects.filter(code__gte=low, code__lt=high, level__in=levels).order_by("code"))
    labels = {row.code: row.label for row in rows}
    return [
        (
            row.code,
            "".join(labels.get(row.code[:width], "") for width in (14, 17, 19) if width <= len(row.code))
            or row.label,
        )
        for row in rows
        if row.code.startswith(request.grants.codes)
    ]


def _compound(line: tuple[Today, object, UUID]) -> str:
    return line[0].spot.area_code[:COMPOUND]


def _counts(rows: list[Today]) -> dict[str, int]:
    """How many spots are done, owed, missed now."""
    states = [one.now for one in rows]
    return {
        "open": states.count("open") + states.count("overdue"), "done": states.count("done") + states.count("late"),
        "missed": sum(any(state == "missed" for _duty, state in one.windows) for one in rows),
    }  # fmt: skip


def _uuid(request: DeskRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid7(request.now)
