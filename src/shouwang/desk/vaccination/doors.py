"""疫苗接种 on the picture of the buildings: behind which doors somebody of an age still lacks a dose."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from shouwang.desk.asked.numbers import place_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.matrix import Cell, Staircase, area_asked, compounds_of, doors_in, staircases
from shouwang.duties.matrix import Mark, marks
from shouwang.lib.clock import day_of
from shouwang.lib.codes import COMPOUND
from shouwang.register.floors import Block, blocks
from shouwang.vaccination.queries import Behind, by_door
from shouwang.vaccination.rules import BANDS, USUAL_DOSES

OLD = 60
NO_KIND = ""


@dataclass(frozen=True)
class Covered:
    """One building of the page. Units: people of the age."""

    label: str
    staircases: list[Staircase]
    loose: tuple[Cell, ...]
    people: int
    enough: int


@page("register.read")
def doors(request: DeskRequest) -> HttpResponse:
    """All buildings of a compound for one age, coloured by who has enough doses."""
    compounds = compounds_of(request.grants)
    area, ages = area_asked(request, compounds), _ages(request)
    behind = by_door(area, USUAL_DOSES, ages, day=day_of(request.now)) if area else {}
    drawn = blocks(marks(area, NO_KIND, now=request.now)) if area else []
    found = {
        "compounds": compounds, "area": area, "compound": next((one for one in compounds if one.code == area[:COMPOUND]), None),
        "ages": ages, "bands": BANDS, "doses": USUAL_DOSES, "buildings": [_building(one, behind) for one in drawn],
        "people": sum(one.people for one in behind.values()), "enough": sum(one.enough for one in behind.values()),
        "unknown": sum(one.unknown for one in behind.values()),
    }  # fmt: skip
    return render(request, "vaccination/doors.html", found)


def _ages(request: DeskRequest) -> tuple[int, int | None]:
    """The ages that were asked for, else the old."""
    asked = place_number(request.GET.get("from", ""), OLD)
    return next((ages for ages in BANDS if ages[0] == asked), next(ages for ages in BANDS if ages[0] == OLD))


def _building(block: Block[Mark], behind: dict[int, Behind]) -> Covered:
    own = doors_in(block)
    cells = {door.id: _cell(door, behind.get(door.id)) for door in own}
    there = [behind[door.id] for door in own if door.id in behind]
    return Covered(
        block.label, staircases(block.drawing, cells), tuple(cells[door.id] for door in block.drawing.loose),
        sum(one.people for one in there), sum(one.enough for one in there),
    )  # fmt: skip


def _cell(door: Mark, found: Behind | None) -> Cell:
    """A door in sign and words: everybody has enough, so many do not, or nobody of the age lives there."""
    if found is None:
        return Cell(door.id, "·", door.room, door.building, "none", gettext("没有这个年龄的人"))
    left = found.people - found.enough
    if not left:
        words = gettext("{people} 人都打满了").format(people=found.people)
        return Cell(door.id, "●", door.room, door.building, "done", words)
    words = gettext("{left} 人没打满，其中 {unknown} 人不知道").format(left=left, unknown=found.unknown)
    return Cell(door.id, f"○{left}", door.room, door.building, "open", words)
