"""Swabs without a phone: a sheet of ten lines a tube, and its quick entry by door and place, with the keyboard alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.catalogue import SAMPLES
from shouwang.desk.asked.times import in_zone, moment_field
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import BUILDING
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area
from shouwang.testing.rounds.models import Point
from shouwang.testing.tubes.paper import building_of, read_line, told_of

TUBES_ON_A_SHEET, PLACES = 4, 10
TYPED = {"autocomplete": "off"}
ON_PAPER = gettext_lazy("纸上补录")
ABOUT_PEOPLE = ("paper_not_read", "no_such_door", "nobody_there", "paper_too_many")
BESIDE = {f"testing.{code}": "people" for code in ABOUT_PEOPLE} | {"testing.not_yet": "taken_at"}
SWAB = next(kind for kind in SAMPLES if kind.name == "testing.swab")


class LineForm(forms.Form):
    """One tube of the paper."""

    building = forms.ChoiceField(label=gettext_lazy("哪栋楼"))
    point = forms.ChoiceField(label=gettext_lazy("哪个采样点"), required=False)
    taken_at = moment_field(gettext_lazy("什么时候采的"))
    capacity = forms.IntegerField(label=gettext_lazy("几个人一管"), min_value=1, max_value=99, initial=PLACES)
    tube = forms.CharField(
        label=gettext_lazy("管码（用扫码枪扫）"),
        max_length=200,
        widget=forms.TextInput(TYPED),
    )
    people = forms.CharField(
        label=gettext_lazy("谁：502 是一家，502.2 是第二个人"),
        max_length=400,
        widget=forms.TextInput(TYPED),
    )

    def __init__(
        self, buildings: list[tuple[str, str]], points: list[tuple[str, str]], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["building"].choices = buildings  # type: ignore[attr-defined]
        self.fields["point"].choices = [("", _("没有写")), *points]  # type: ignore[attr-defined]
        self.fields["tube" if self.initial.get("building") else "building"].widget.attrs["autofocus"] = True


class CodesForm(forms.Form):
    """Whose codes are to be printed."""

    building = forms.ChoiceField(label=gettext_lazy("哪栋楼"))

    def __init__(self, buildings: list[tuple[str, str]]) -> None:
        super().__init__(auto_id="codes_%s")
        self.fields["building"].choices = buildings  # type: ignore[attr-defined]


@page("swab.record")
def typed(request: DeskRequest) -> HttpResponse:
    """One tube after the other: what is typed once (building, point, hour) stays for the next."""
    area = chosen_community(request).code
    begins: dict[str, object] = {
        name: request.GET[name] for name in ("building", "point", "capacity") if name in request.GET
    }
    begins["taken_at"] = _hour(request)
    buildings = _buildings(area)
    form = LineForm(buildings, _points(area), request.POST or None, initial=begins)
    wrote: list[int] = []

    def write(told: dict[str, Any]) -> None:
        wrote.append(_write(request, told))

    if request.method == "POST" and done(form, write, BESIDE):
        told = form.cleaned_data
        messages.success(request, _("管 {tube}：记了 {many} 人。").format(tube=told["tube"], many=wrote[0]))
        kept = {"building": told["building"], "point": told["point"], "capacity": told["capacity"]}
        when = f"{told['taken_at'].astimezone(ZONE):%Y-%m-%dT%H:%M}"
        query = "&".join(f"{name}={value}" for name, value in {**kept, "taken_at": when}.items())
        return redirect(f"{reverse('testing_paper')}?{query}")
    shown = {"form": form, "codes_form": CodesForm(buildings)}
    return render(request, "testing/tubes/paper.html", shown, status=422 if form.errors else 200)


@page("swab.record")
def blank(request: DeskRequest) -> HttpResponse:
    """The sheet for the table: four tubes, ten lines each, to be filled by hand."""
    return render(
        request,
        "testing/tubes/paper_sheet.html",
        {"tubes": range(TUBES_ON_A_SHEET), "places": range(1, PLACES + 1)},
    )


def _write(request: DeskRequest, told: dict[str, Any]) -> int:
    """The swabs of one tube. How many. Raises: as `read_line`, NotInScope."""
    building = request.grants.require_area(told["building"])
    people = read_line(told["people"], building_of(building), capacity=told["capacity"])
    swabs = told_of(
        people, tube=told["tube"], capacity=told["capacity"], point=UUID(told["point"]) if told["point"] else None,
        taken_at=in_zone(told["taken_at"]), by=request.user, note=str(ON_PAPER), now=request.now,
    )  # fmt: skip
    if not swabs:
        raise NotInScope()
    SWAB.handle(swabs, request.now)
    return len(swabs)


def _hour(request: DeskRequest) -> str | datetime:
    return request.GET.get("taken_at") or in_zone(request.now)


def _buildings(area: str) -> list[tuple[str, str]]:
    rows = Area.objects.filter(
        code__gte=area, code__lt=area + "~", level__in=("compound", "building")
    ).order_by("code")
    labels = dict(rows.values_list("code", "label"))
    return [
        (code, f"{labels.get(code[:14], '')} {label}")
        for code, label in labels.items()
        if len(code) == BUILDING
    ]


def _points(area: str) -> list[tuple[str, str]]:
    rows = Point.objects.filter(area_code__gte=area, area_code__lt=area + "~", closed_at=None).order_by(
        "name"
    )
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]
