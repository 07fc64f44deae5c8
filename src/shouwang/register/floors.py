"""A building as a grid lead draws it on paper: the top floor first, units side by side, doors in their columns.

    层     1单元          2单元
    3    301  302       303  304
    1    101  102       103  104      floor 2 is not in the register: a thin line says so
    门面  门面1 门面2
    -1   -101

Pure: written labels in, places on the drawing out. Nothing is left off: what fits no floor stands below (`loose`).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from shouwang.lib.doors import floor_label

SHOPS, ATTIC = 0, 1000
HIGHEST = 120
BELOW_GROUND = re.compile(r"(?:地下|车库|车位|储藏)")
AT_THE_STREET = re.compile(r"(?:门面|门店|商铺?|铺|网点|底商|门卫|值班|架空)")
NUMBERED = re.compile(r"(-?)[A-Z]{0,2}?(B?)(\d{3,5})([A-Z]?(?:-[A-Z0-9]{1,2})?)")
UNIT_ORDER = "甲乙丙丁东南西北中"


class Written(Protocol):
    """A door by its labels, as the register has them."""

    @property
    def building(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def floor(self) -> str: ...
    @property
    def room(self) -> str: ...


D = TypeVar("D", bound=Written)
Column = tuple[int, str]


@dataclass(frozen=True)
class Unit:
    """A staircase: its label, and how many doors stand side by side."""

    label: str
    width: int


@dataclass(frozen=True)
class Floor(Generic[D]):
    """One line of the drawing: the doors of each unit, left to right; None where this floor has no such door.

    Shape: `number` is 1 for the ground floor, SHOPS for the shops below it, negative below ground, ATTIC on top.
    A `gap` stands for floors of which the register knows no door: from `number` down to `lowest`.
    """

    number: int
    units: tuple[tuple[D | None, ...], ...] = ()
    gap: bool = False
    lowest: int = 0


@dataclass(frozen=True)
class Drawing(Generic[D]):
    """A building: units from left to right, floors from the top down, and the doors that lie on no floor."""

    units: tuple[Unit, ...]
    floors: tuple[Floor[D], ...]
    loose: tuple[D, ...]


@dataclass(frozen=True)
class Block(Generic[D]):
    """A building with its label; without a label: villas, cottages and whatever stands alone."""

    label: str
    drawing: Drawing[D]


def blocks(doors: Iterable[D]) -> list[Block[D]]:
    """The buildings of a compound in the order of their numbers, what stands alone together at the end."""
    by_building: defaultdict[str, list[D]] = defaultdict(list)
    for door in doors:
        by_building[door.building].append(door)
    drawn, alone = [], by_building.pop("", [])
    for label in sorted(by_building, key=natural):
        own = by_building[label]
        if len(own) == 1 and _place(own[0]) is None:
            alone += own
        else:
            drawn.append(Block(label, draw(own)))
    return drawn + ([Block("", Drawing((), (), _in_order(alone)))] if alone else [])


def draw(doors: Sequence[D]) -> Drawing[D]:
    """One building from its doors, whatever is missing or odd about them."""
    placed: defaultdict[tuple[int, str], list[tuple[Column | None, D]]] = defaultdict(list)
    loose = []
    for door in _in_order(doors):
        place = _place(door)
        if place is None:
            loose.append(door)
        else:
            placed[place[0], door.unit].append((place[1], door))
    labels = sorted({unit for _, unit in placed}, key=_unit_key)
    numbers = sorted({number for number, _ in placed}, reverse=True)
    columns = {unit: _columns(unit, placed) for unit in labels}
    rows = {
        (number, unit): _row(placed.get((number, unit), []), columns[unit])
        for number in numbers
        for unit in labels
    }
    widths = {unit: max(len(rows[number, unit]) for number in numbers) for unit in labels}
    floors = [
        Floor(number, tuple(_filled(rows[number, unit], widths[unit]) for unit in labels))
        for number in numbers
    ]
    return Drawing(
        tuple(Unit(label, widths[label]) for label in labels), tuple(_with_gaps(floors)), tuple(loose)
    )


def _place(door: Written) -> tuple[int, Column | None] | None:
    """The floor of a door and its column there; None where nothing tells the floor."""
    said = _said_floor(door.floor)
    found = NUMBERED.fullmatch(door.room)
    if found:
        below, basement, digits, letter = found.groups()
        cut = len(str(said)) if said and said > 0 and digits.startswith(str(said)) else _cut(digits)
        height = -int(digits[:cut]) if below or basement else int(digits[:cut])
        number = height if said is None else said
        return (number, (int(digits[cut:] or 0), letter)) if -10 < number <= HIGHEST else None
    if said is not None:
        return said, None
    special = _special_floor(door.room)
    return None if special is None else (special, None)


def _cut(digits: str) -> int:
    """Where the floor ends in a number: the last two digits are the door's, of five digits the last three."""
    digits_of_door = 3 if len(digits) == 5 and int(digits[:3]) > HIGHEST else 2
    return len(digits) - digits_of_door


def _said_floor(written: str) -> int | None:
    label = floor_label(written)
    if found := re.fullmatch(r"B(\d)", label):
        return -int(found[1])
    if re.fullmatch(r"-?\d{1,3}", label) and -10 < int(label) <= HIGHEST:
        return int(label)
    return _special_floor(label)


def _special_floor(label: str) -> int | None:
    if BELOW_GROUND.match(label):
        return -1
    if AT_THE_STREET.match(label):
        return SHOPS
    return ATTIC if label.startswith("阁楼") else None


def _columns(unit: str, placed: dict[tuple[int, str], list[tuple[Column | None, D]]]) -> list[Column]:
    """The columns of a unit: every door number that one of its floors has, 02A right after 02."""
    return sorted(
        {column for (_, own), doors in placed.items() if own == unit for column, _ in doors if column}
    )


def _row(doors: list[tuple[Column | None, D]], columns: list[Column]) -> list[D | None]:
    """Each door under its number; a second one of the same number, and those without, in the free places."""
    row: list[D | None] = [None] * len(columns)
    left = []
    for column, door in doors:
        index = columns.index(column) if column else -1
        if column and row[index] is None:
            row[index] = door
        else:
            left.append(door)
    for door in left:
        free = next((index for index, taken in enumerate(row) if taken is None), len(row))
        row[free : free + 1] = [door]
    return row


def _filled(row: list[D | None], width: int) -> tuple[D | None, ...]:
    return tuple(row) + (None,) * (width - len(row))


def _with_gaps(floors: list[Floor[D]]) -> Iterable[Floor[D]]:
    """Between two floors of which the register leaves some out, one thin line for those."""
    for above, floor in zip([None, *floors], floors, strict=False):
        if above and above.number <= HIGHEST:
            top, bottom = above.number - 1, max(floor.number + 1, 1)
            if top >= bottom:
                yield Floor(top, gap=True, lowest=bottom)
        yield floor


def natural(label: str) -> tuple[tuple[int, str], ...]:
    """Sorts 2 before 10, 10 before 10A, numbers before names."""
    parts = re.findall(r"\d+|\D+", label)
    return tuple((int(part), "") if part.isdigit() else (10**9, part) for part in parts)


def _unit_key(label: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    """What belongs to no unit, a basement or a shop, stands after the units and does not push them aside."""
    return (UNIT_ORDER.find(label[:1]) + 1 if label else len(UNIT_ORDER) + 1, natural(label))


def _in_order(doors: Iterable[D]) -> tuple[D, ...]:
    return tuple(
        sorted(doors, key=lambda door: (natural(door.building), _unit_key(door.unit), natural(door.room)))
    )
