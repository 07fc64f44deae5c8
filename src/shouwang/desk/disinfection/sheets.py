"""The code that hangs at a spot: one sheet each, and the kinds of spots as the plan calls them."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.access.links import token
from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.wording import in_language
from shouwang.disinfection.models import AFTER_CASE, Spot
from shouwang.disinfection.spots import SPOT, inside
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import NotInScope
from shouwang.outreach.channels import WaysOut, ways_out
from shouwang.plans.actions import plan_of
from shouwang.plans.form.fieldwork import Disinfection


@dataclass(frozen=True)
class Sheet:
    """A spot's sheet as it is printed."""

    spot: Spot
    link: str


@page("disinfection.plan")
def printed(request: DeskRequest) -> HttpResponse:
    """One sheet of A4 for each spot, or for one."""
    rows = list(inside(chosen_area(request)))
    if one := request.GET.get("spot"):
        rows = [row for row in rows if str(row.pk) == one]
    if not rows:
        raise NotInScope()
    ways = ways_out(row.area_code[:COMMUNITY] for row in rows)
    sheets = [_sheet(request, row, ways[row.area_code[:COMMUNITY]]) for row in rows]
    return render(request, "disinfection/sheets.html", {"sheets": sheets})


def choices_of_kinds(request: DeskRequest) -> list[tuple[str, str]]:
    """The kinds of spots that the plan in force names."""
    area = chosen_area(request)
    plan = plan_of(area, now=request.now) if area else None
    kinds = plan.disinfection.items() if plan else ()
    return [(key, _with_strength(rule)) for key, rule in kinds if key != AFTER_CASE]


def _with_strength(rule: Disinfection) -> str:
    """A kind of spot, and how strong the plan wants the agent."""
    words, strength = in_language(rule.words), rule.chlorine_mg_per_l
    if strength is None:
        return words
    return _("{words}（有效氯 {low} 到 {high} 毫克/升）").format(
        words=words, low=strength[0], high=strength[1]
    )


def _sheet(request: DeskRequest, spot: Spot, ways: WaysOut) -> Sheet:
    office = ways.office
    path = reverse("spot_done", args=[token(SPOT, spot.pk, spot.area_code)])
    link = f"{office.address.rstrip('/')}{path}" if office else request.build_absolute_uri(path)
    return Sheet(spot, link)
