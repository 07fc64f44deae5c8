"""店铺: prices and supply of shops that stay open, places that may not work yet and by whose leave, suppliers told."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.models import Grant, User
from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.times import DayField
from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.inspection.models import Closure, Look
from shouwang.inspection.places import brief, briefings, close, closures, give_leave, looks
from shouwang.lib.clock import midnight
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.ids import uuid7
from shouwang.register.finding.search import search
from shouwang.register.models import Place
from shouwang.standing.actions import Grounds

FOUND, RECENT = 30, 50
MAY_PROPOSE = ("secretary", "clerk", "commander", "inspector", "grid_lead")
REASON_CODE = "place_closed"
BESIDE = {
    "inspection.no_end": "until",
    "inspection.no_leave": "authority",
    "standing.second_person": "proposed_by",
}


class CloseForm(forms.Form):
    """Until which day, and on what it stands."""

    until = DayField(label=gettext_lazy("哪天起可以营业"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=200)
    authority = forms.CharField(label=gettext_lazy("决定的机关"), max_length=80)
    document = forms.CharField(label=gettext_lazy("文号"), max_length=60)
    legal_basis = forms.CharField(label=gettext_lazy("法律依据"), max_length=200)
    proposed_by = forms.ChoiceField(label=gettext_lazy("谁提出的（不能是您自己）"))

    def __init__(self, proposers: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["proposed_by"].choices = proposers  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """Who allowed it to work earlier, and why."""

    authority = forms.CharField(label=gettext_lazy("谁准许的"), max_length=80)
    document = forms.CharField(label=gettext_lazy("文号（没有就空着）"), max_length=60, required=False)
    reason = forms.CharField(label=gettext_lazy("为什么"), max_length=200)


class BriefingForm(forms.Form):
    """Who brings what, and what they were told."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    supplier = forms.CharField(label=gettext_lazy("谁（送水工、菜店的车）"), max_length=60)
    brings = forms.CharField(label=gettext_lazy("送什么"), max_length=60)
    told = forms.CharField(
        label=gettext_lazy("告诉了什么"), max_length=200, widget=forms.Textarea({"rows": 2})
    )


def taken(request: DeskRequest) -> Listing:
    """What was looked at, with prices, to take away."""
    area = chosen_area(request)
    rows = (
        [one.name, one.at, one.by.name if one.by else "", len(one.wrong), _prices(one)] for one in looks(area)
    )
    return Listing(
        _("店铺检查"), (_("店铺"), _("时间"), _("谁看的"), _("几个问题"), _("物价（元）")), rows, area
    )


@page("inspection.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """Places by name; what was looked at; what may not work yet; who was told."""
    area, asked = chosen_area(request), request.GET.get("q", "").strip()
    form = BriefingForm(request.POST if "brief" in request.POST else None, initial={"id": uuid7(request.now)})

    def write(told: dict[str, Any]) -> None:
        where = request.grants.codes[0] if len(area) < COMMUNITY else area
        brief(where, by=request.user, at=request.now, **told)

    if form.is_bound and done(form, write):
        messages.success(request, _("记下了，已经告知。"))
        return redirect("inspection_places")
    shown = {
        "found": _found(request, asked) if asked else [], "asked": asked, "form": form,
        "looks": [(one, _prices(one)) for one in looks(area)[:RECENT]], "briefings": briefings(area)[:RECENT],
        "closures": closures(area, now=request.now)[:RECENT], "may_decide": "inspection.decide" in request.grants.may,
    }  # fmt: skip
    return render(request, "inspection/places.html", shown, status=422 if form.errors else 200)


@page("inspection.decide")
def closed(request: DeskRequest, place: int) -> HttpResponse:
    """A place may not work before a day."""
    row = one_in_scope(Place.objects.filter(pk=place))
    form = CloseForm(_proposers(request, row), request.POST or None)

    def write(told: dict[str, Any]) -> None:
        words = {name: told[name] for name in ("reason", "authority", "document", "legal_basis")}
        proposer = User.objects.get(pk=told["proposed_by"])
        until = midnight(told["until"])
        close(
            row.pk,
            Grounds(REASON_CODE, **words),
            until=until,
            proposed_by=proposer,
            by=request.user,
            at=request.now,
        )

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("记下了，到那天自动可以营业。"))
        return redirect("inspection_places")
    return render(
        request, "inspection/close.html", {"place": row, "form": form}, status=422 if form.errors else 200
    )


@page("inspection.decide")
def leave(request: DeskRequest, closure: UUID) -> HttpResponse:
    """It may work earlier, by somebody's leave."""
    row = one_in_scope(Closure.objects.select_related("place", "leave_by").filter(pk=closure))
    form = LeaveForm(request.POST or None)

    def write(told: dict[str, Any]) -> None:
        give_leave(row.pk, by=request.user, at=request.now, **told)

    if request.method == "POST" and row.leave_by_id == request.user.pk:
        return redirect("inspection_places")  # sent twice
    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("记下了，可以营业了。"))
        return redirect("inspection_places")
    return render(
        request, "inspection/leave.html", {"closure": row, "form": form}, status=422 if form.errors else 200
    )


def _found(request: DeskRequest, asked: str) -> list[Place]:
    """The places whose name or keeper sounds like this."""
    hits = search(asked[:40], codes=request.grants.codes, limit=FOUND)
    return list(Place.objects.filter(pk__in=[hit.id for hit in hits if hit.kind == "place"]).order_by("name"))


def _prices(one: Look) -> str:
    return "、".join(f"{price.goods} {price.yuan}" for price in one.prices.all())


def _proposers(request: DeskRequest, place: Place) -> list[tuple[str, str]]:
    """Others who may propose here."""
    around = [place.area_code[:length] for length in range(6, len(place.area_code) + 1)]
    held = Grant.objects.in_force(request.now).filter(role__in=MAY_PROPOSE, area_codes__overlap=around)
    rows = (
        User.objects.filter(~Q(pk=request.user.pk), grants__in=held, is_active=True)
        .distinct()
        .order_by("name")
    )
    return [(str(one.pk), one.name) for one in rows]
