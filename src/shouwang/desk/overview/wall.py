"""投屏: the board for a wall that everybody walks past: numbers alone, no names, no doors, nothing about health.

Only kinds that the catalogue lists for it are counted at all. An area with so few doors that a number could point at one
of them stands together with others; where none would hide it, areas are not told apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from shouwang.catalogue import DUTY_KINDS, ON_THE_WALL
from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.overview.day import line_of_day
from shouwang.duties.board import Line, crossed, total
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import BUILDING, COMMUNITY, LEVELS
from shouwang.lib.errors import Refusal
from shouwang.register.figures import doors_by_width
from shouwang.register.models import Area

FEWEST_DOORS, MOST_ROWS = 20, 14


class TooFewDoors(Refusal):
    code = "desk.too_few_doors"
    sentence = "这里不到 {fewest} 户，投出来大家会知道说的是谁。请选大一点的区域。"


@dataclass(frozen=True)
class Row:
    """A line of the wall: its words and its numbers; it opens nothing. `code` is what the wall can be turned to."""

    words: str
    line: Line
    code: str = ""


@page("wall")
def wall(request: DeskRequest) -> HttpResponse:
    """The whole page; its numbers renew themselves."""
    return render(request, "overview/wall.html", _shown(request))


@page("wall")
def wall_numbers(request: DeskRequest) -> HttpResponse:
    """Only the numbers, asked for every few seconds."""
    return render(request, "overview/wall_numbers.html", _shown(request))


@page("wall")
def wall_hours(request: DeskRequest) -> HttpResponse:
    """Only the line of the day, asked for every minute."""
    return render(request, "overview/hours.html", _hours(request, _large_enough(chosen_area(request))))


def _shown(request: DeskRequest) -> dict[str, object]:
    area = _large_enough(chosen_area(request))
    width = next((length for length in LEVELS if len(area) < length <= BUILDING), 0)
    found = crossed(area, now=request.now, width=width or BUILDING)
    lines = {key: line for key, line in found.items() if key[0] in ON_THE_WALL}
    kinds = {name: total(one for (kind, _), one in lines.items() if kind == name) for name in ON_THE_WALL}
    return {
        "area": area,
        "place": Area.objects.filter(code=area).values_list("label", flat=True).first() or "",
        "all": total(lines.values()),
        "kinds": [Row(gettext(DUTY_KINDS[name].words), line) for name, line in kinds.items() if line.total],
        "areas": _areas(area, width, lines) if width else [],
        "as_of": request.now.astimezone(ZONE),
        **_hours(request, area),
    }


def _large_enough(area: str) -> str:
    """Raises: TooFewDoors where the numbers of the whole area would already point at somebody."""
    if len(area) > COMMUNITY and sum(doors_by_width(area, len(area)).values()) < FEWEST_DOORS:
        raise TooFewDoors(fewest=FEWEST_DOORS)
    return area


def _hours(request: DeskRequest, area: str) -> dict[str, object]:
    address = f"{reverse('wall_hours')}?{urlencode({'area': area})}"
    hours = line_of_day(area, request.grants, now=request.now, kinds=ON_THE_WALL)
    return {"hours": hours, "hours_address": address, "wall": True}


def _areas(area: str, width: int, lines: Mapping[tuple[str, str], Line]) -> list[Row]:
    """One line for each area just below, those with the most left first; small ones together."""
    below: dict[str, Line] = {}
    for (_kind, code), line in lines.items():
        below[code] = below.get(code, Line()) + line
    doors = doors_by_width(area, width) if len(area) >= COMMUNITY else dict.fromkeys(below, FEWEST_DOORS)
    hidden = too_small({code: doors.get(code, 0) for code in below})
    labels = dict(Area.objects.filter(code__in=below).values_list("code", "label"))
    told = sorted(
        (code for code in below if code not in hidden and labels.get(code)), key=lambda one: -below[one].left
    )
    shown = told[:MOST_ROWS]
    rest = total(below[code] for code in below if code not in shown)
    rows = [Row(labels[code], below[code], code) for code in shown]
    return [*rows, Row(gettext("其他"), rest)] if shown and rest.total else rows


def too_small(doors: Mapping[str, int], fewest: int = FEWEST_DOORS) -> set[str]:
    """The areas that must not stand alone: too few doors, and as many more that their sum points at nobody either."""
    hidden: set[str] = set()
    behind = 0
    for code in sorted(doors, key=lambda code: (doors[code], code)):
        if doors[code] >= fewest and (not hidden or behind >= fewest):
            break
        hidden.add(code)
        behind += doors[code]
    return hidden
