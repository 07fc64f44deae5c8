"""楼栋图: every building as somebody draws it on paper, coloured by how its doors stand today."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwang.access.scope import Grants
from shouwang.catalogue import ANSWERS, DUTY_KINDS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.owed.listed import STATES
from shouwang.duties.matrix import NOTHING, Mark, marks
from shouwang.lib.codes import BUILDING, COMPOUND, is_code
from shouwang.lib.errors import NotInScope
from shouwang.lib.kinds import Kind
from shouwang.register.floors import Block, Drawing, blocks
from shouwang.register.models import Area
from shouwang.register.responsibility import who_answers

# What a household owes, and swabs: a door shows whoever of it is still to come.
KINDS = [
    kind
    for kind in DUTY_KINDS.values()
    if kind.subject == "household" or (kind.subject == "person" and kind.name.startswith("testing."))
]


SIGNS = {"done": "●", "late": "◉", "open": "○", "waiting": "○", "overdue": "!", "waived": "–", "missed": "×"}


@dataclass(frozen=True)
class Cell:
    """A door as it is drawn: its sign and number, its looks, and the whole of it in words for who listens."""

    id: int
    sign: str
    label: str
    building: str
    looks: str
    words: str


class Saying:
    """The words of one page in the reader's language, looked up once and not for every door."""

    def __init__(self) -> None:
        self.states = {name: str(words) for name, words in STATES.items()} | {NOTHING: _("今天不用去")}
        self.empty, self.unknown, self.nobody = _("空户"), _("没登记人"), _("没人负责")
        self.tried = _("去过 %(tries)s 次没见到人")

    def cell(self, door: Mark, nobody: bool) -> Cell:
        """The cell of one door."""
        tried, unknown = door.owes and door.tries, not door.empty and not door.lived_in
        sign = SIGNS.get(door.state, "·")
        told = [
            ("", self.states[door.state]),
            ("tried", self.tried % {"tries": door.tries} if tried else ""),
            ("vacant", self.empty if door.empty else ""),
            ("unknown", self.unknown if unknown else ""),
            ("nobody", self.nobody if nobody else ""),
        ]
        said = [(look, words) for look, words in told if words]
        return Cell(
            door.id,
            ("!" if sign == "!" else "") + f"◐{door.tries}" if tried else sign,
            door.room,
            door.building,
            " ".join([door.state, *(look for look, _words in said if look)]),
            " ".join(words for _look, words in said),
        )


@dataclass(frozen=True)
class Counts:
    """Of one building, or of all: doors that owe today, those that are finished, those that nobody answers for."""

    doors: int
    asked: int
    finished: int
    left: int
    nobody: int


@dataclass(frozen=True)
class Staircase:
    """One unit as a table: for each floor from the top its number and its doors."""

    label: str
    width: int
    rows: list[tuple[object, list["Cell | None"]]]


@dataclass(frozen=True)
class Building:
    """One building of the page."""

    label: str
    area: str
    staircases: list[Staircase]
    loose: tuple["Cell", ...]
    counts: Counts


@page("register.read")
def drawn(request: DeskRequest) -> HttpResponse:
    """All buildings of a compound, or one building, on one page."""
    compounds = compounds_of(request.grants)
    area, kind = area_asked(request, compounds), _kind(request)
    doors = marks(area, kind.name, subject=kind.subject, now=request.now) if area else []
    say = Saying()
    answered = who_answers({door.area_code for door in doors}, ANSWERS[kind.name], now=request.now)
    nobody = {door.id for door in doors if door.area_code not in answered}
    found = {
        "compounds": compounds,
        "compound": next((one for one in compounds if one.code == area[:COMPOUND]), None),
        "area": area,
        "kind": kind,
        "kinds": KINDS,
        "buildings": [_building(block, nobody, say) for block in blocks(doors)],
        "counts": _counts(doors, nobody),
        "small": "small" if request.GET.get("size") == "small" else "",
    }
    return render(request, "living/matrix.html", found)


def _kind(request: DeskRequest) -> Kind:
    asked = request.GET.get("kind", KINDS[0].name)
    kind = next((kind for kind in KINDS if kind.name == asked), None)
    if kind is None:
        raise NotInScope()
    return kind


def compounds_of(grants: Grants) -> list[Area]:
    """The compounds in which this person answers for something."""
    rows = Area.objects.filter(level="compound").order_by("code")
    return [
        row
        for row in rows
        if any(row.code.startswith(own) or own.startswith(row.code) for own in grants.codes)
    ]


def area_asked(request: DeskRequest, compounds: list[Area]) -> str:
    """The compound or building that was asked for, or the first there is. Raises: NotInScope."""
    asked = request.GET.get("area", "") or (compounds[0].code if compounds else "")
    known = {one.code for one in compounds}
    if asked and not (is_code(asked) and len(asked) in (COMPOUND, BUILDING) and asked[:COMPOUND] in known):
        raise NotInScope()
    return asked


def doors_in(block: Block[Mark]) -> list[Mark]:
    """Every door of a building, those without a floor last."""
    drawn = [door for floor in block.drawing.floors for unit in floor.units for door in unit if door]
    return [*drawn, *block.drawing.loose]


def _building(block: Block[Mark], nobody: set[int], say: "Saying") -> Building:
    drawing, doors = block.drawing, doors_in(block)
    areas = {door.area_code[:BUILDING] for door in doors}
    area = areas.pop() if len(areas) == 1 else ""
    cells = {door.id: say.cell(door, door.id in nobody) for door in doors}
    loose = tuple(cells[door.id] for door in drawing.loose)
    return Building(block.label, area, staircases(drawing, cells), loose, _counts(doors, nobody))


def staircases(drawing: Drawing[Any], cells: dict[int, "Cell"]) -> list[Staircase]:
    """Each unit by itself: side by side they line up, on a phone they stand one below the other."""
    return [
        Staircase(
            unit.label,
            unit.width,
            [
                (
                    floor,
                    [cells[door.id] if door else None for door in (() if floor.gap else floor.units[index])],
                )
                for floor in drawing.floors
            ],
        )
        for index, unit in enumerate(drawing.units)
    ]


def _counts(doors: list[Mark], nobody: set[int]) -> Counts:
    asked = [door for door in doors if door.state != NOTHING]
    left = sum(door.owes for door in asked)
    finished = sum(door.state in ("done", "late") for door in asked)
    return Counts(len(doors), len(asked), finished, left, sum(door.id in nobody for door in doors))
