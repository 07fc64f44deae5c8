"""Gates are added, made of the roster's posts in one step, and closed; and the sheet with the code of a place."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.links import token
from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.flows.gates.gate_shifts import gates_of_posts
from shouwang.gates.keeping import add_gate, close_gate, gate_of
from shouwang.gates.models import KINDS
from shouwang.gates.scanning import PLACE
from shouwang.lib.codes import COMMUNITY, COMPOUND, subtree
from shouwang.outreach.channels import community_ways
from shouwang.register.models import Area, Place

BESIDE = {"gates.gate_there": "name", "gates.no_name": "name"}
MOST_PLACES = 500


class GateForm(forms.Form):
    """A gate: what it lets into, of which kind."""

    area = forms.ChoiceField(label=gettext_lazy("进哪里"))
    kind = forms.ChoiceField(
        label=gettext_lazy("哪一种"), choices=[(key, gettext_lazy(words)) for key, words in KINDS]
    )
    name = forms.CharField(label=gettext_lazy("叫什么（东门、北路口）"), max_length=60)
    place = forms.TypedChoiceField(
        label=gettext_lazy("哪个场所（只有场所要选）"), coerce=int, empty_value="", required=False
    )

    def __init__(self, request: DeskRequest, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        low, high = subtree(chosen_area(request))
        rows = Area.objects.filter(code__gte=low, code__lt=high, level__in=("community", "compound"))
        own = [
            (row.code, row.label)
            for row in rows.order_by("code")
            if row.code.startswith(request.grants.codes)
        ]
        places = Place.objects.filter(area_code__gte=low, area_code__lt=high).order_by("name")[:MOST_PLACES]
        self.fields["area"].choices = own  # type: ignore[attr-defined]
        self.fields["place"].choices = [("", ""), *((row.pk, row.name) for row in places)]  # type: ignore[attr-defined]


@page("gate.manage")
def new(request: DeskRequest) -> HttpResponse:
    """One more gate."""
    form = GateForm(request, request.POST or None)

    def write(typed: dict[str, Any]) -> None:
        place = Place.objects.filter(pk=typed.pop("place") or 0).first()
        area = request.grants.require_area(typed.pop("area"))
        add_gate(area, place=place, by=request.user, at=request.now, **typed)

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("建好了。给值守的人登记手机，就可以用了。"))
        return redirect("gates")
    return render(request, "gates/new.html", {"form": form}, status=422 if form.errors else 200)


@page("gate.manage")
@sent("gates")
def from_posts(request: DeskRequest) -> HttpResponse:
    """All posts of the roster that are gates become gates, in one step."""
    made = gates_of_posts(request.grants.require_area(chosen_area(request)), by=request.user, at=request.now)
    messages.success(request, _("按排班的岗位建了 {many} 个卡口。").format(many=len(made)))
    return redirect("gates")


@page("gate.manage")
@sent("gates")
def closed(request: DeskRequest, gate: UUID) -> HttpResponse:
    """Nobody passes here from now on."""
    row = close_gate(gate, by=request.user, at=request.now)
    messages.success(request, _("{gate}撤了，以前的记录都在。").format(gate=row.name))
    return redirect("gates")


@page("gate.manage")
def sheet(request: DeskRequest, gate: UUID) -> HttpResponse:
    """The code for the door of a place, one page to print."""
    row = gate_of(gate)
    office = community_ways(row.area_code[:COMMUNITY]).office
    path = reverse("place_scan", args=[token(PLACE, row.pk, row.area_code)])
    link = f"{office.address.rstrip('/')}{path}" if office else request.build_absolute_uri(path)
    return render(request, "gates/sheet.html", {"gate": row, "link": link, "width": COMPOUND})
