"""一张图看隔离: the curve of the days, the buildings with who is held where, and how much each worker carries."""

from collections import Counter
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwang.catalogue import ANSWERS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.watching.drawing import BAR, bars
from shouwang.desk.living.matrix import Cell, Staircase, compounds_of, staircases
from shouwang.isolation.duties import BEGIN
from shouwang.isolation.overview import curve, held, open_needs, without_reading
from shouwang.lib.codes import COMPOUND, is_code, subtree
from shouwang.lib.errors import NotInScope
from shouwang.register.floors import blocks
from shouwang.register.models import Household
from shouwang.register.responsibility import who_answers

PAST_DAYS, AHEAD_DAYS = 7, 14  # so that a phone shows today without being pushed aside


@dataclass(frozen=True)
class Building:
    """One building in which somebody is held."""

    label: str
    people: int
    staircases: list[Staircase]
    loose: tuple[Cell, ...]


@dataclass
class Load:
    """What one worker carries: doors, people, open requests."""

    name: str
    doors: int = 0
    people: int = 0
    needs: int = 0


@page("isolation.work")
def drawn(request: DeskRequest) -> HttpResponse:
    """The pictures of one compound, and the curve and the loads of everything that somebody answers for."""
    compounds = compounds_of(request.grants)
    area = request.GET.get("area", "") or (compounds[0].code if compounds else "")
    if area and not (is_code(area) and area in {one.code for one in compounds}):
        raise NotInScope()
    counts = curve(request.now, past=PAST_DAYS, ahead=AHEAD_DAYS)
    shown = {
        "compounds": compounds, "area": area, "buildings": _buildings(area[:COMPOUND], request) if area else [],
        "bars": bars(counts, request.now), "counts": counts, "width": len(counts) * BAR + 8, "loads": _loads(request),
    }  # fmt: skip
    return render(request, "isolation/watching/pictures.html", shown)


def _buildings(area: str, request: DeskRequest) -> list[Building]:
    low, high = subtree(area)
    inside = {"area_code__gte": low, "area_code__lt": high}
    people = Counter(held(request.now).filter(**inside).values_list("household", flat=True))
    late = set(without_reading(request.now).filter(**inside).values_list("household", flat=True))
    codes = Household.objects.filter(pk__in=people).values_list("building", flat=True)
    doors = Household.objects.filter(building__in=set(codes), **inside)
    return [_building(block, people, late) for block in blocks(doors)]


def _building(block, people: Counter, late: set[int]) -> Building:  # type: ignore[no-untyped-def]
    drawing = block.drawing
    doors = [door for floor in drawing.floors for unit in floor.units for door in unit if door]
    cells = {door.id: _cell(door, people[door.id], door.id in late) for door in (*doors, *drawing.loose)}
    loose = tuple(cells[door.id] for door in drawing.loose)
    return Building(block.label, sum(people[pk] for pk in cells), staircases(drawing, cells), loose)


def _cell(door: Household, people: int, late: bool) -> Cell:
    words = _("隔离 {people} 人").format(people=people) if people else _("没有人隔离")
    said = f"{words} {_('还没报体温')}" if late else words
    looks = "overdue" if late else "open" if people else "none"
    return Cell(door.pk, f"{'!' if late else ''}{people or '·'}", door.room, door.building, looks, said)


def _loads(request: DeskRequest) -> list[Load]:
    """In the order of names, never of numbers: who carries much is helped, nobody is ranked."""
    rows = list(held(request.now).values_list("area_code", "household"))
    asked = list(open_needs().values_list("area_code", flat=True))
    answers = who_answers({code for code, _door in rows} | set(asked), ANSWERS[BEGIN.name], now=request.now)
    found: dict[int, Load] = {}
    seen: set[tuple[int, int]] = set()
    for code, door in rows:
        if helper := answers.get(code):
            load = found.setdefault(helper.pk, Load(helper.name))
            load.people += 1
            load.doors += (helper.pk, door) not in seen
            seen.add((helper.pk, door))
    for code in asked:
        if helper := answers.get(code):
            found.setdefault(helper.pk, Load(helper.name)).needs += 1
    return sorted(found.values(), key=lambda load: load.name)
