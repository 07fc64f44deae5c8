"""Which number an area gets: assigned once, in the order of appearance, and never read as a door number.

The code of a building tells nothing about what is painted on it: building 7 may be the third one entered.
Doors of a building without units lie in unit 00; doors that belong to no building (a row of cottages, or a
household whose door nobody wrote down) lie in building 000.
"""

from collections.abc import Iterable

from shouwang.lib.codes import BUILDING, COMPOUND, DOOR, NAMES, UNIT, child, parent_of, subtree
from shouwang.lib.doors import building_label, unit_label
from shouwang.lib.errors import Refusal
from shouwang.register.models import Area, Household

PROVISIONAL_SUBDISTRICT = "990000000"
NO_BUILDING = NO_UNIT = 0
NO_BUILDING_LABEL = "未分楼栋"


class NoRoom(Refusal):
    """A compound, building or unit holds more than its codes can number."""

    code = "register.no_room"
    sentence = "“{area}”里已经编满了，再加不进“{label}”。请把它分成两个再导入。"


class Numbering:
    """The codes of one community: finds those that exist, assigns new ones, remembers what to add."""

    def __init__(self, community: str) -> None:
        self.community = community
        self.new: list[Area] = []
        self._codes: dict[tuple[str, str], str] = {}
        self._last: dict[str, int] = {}
        low, high = subtree(community)
        for code, label in Area.objects.filter(code__gt=low, code__lt=high).values_list("code", "label"):
            self._know(code, _short(code, label))

    def compound(self, name: str) -> str:
        """The code of a compound of this community."""
        return self._found(self.community, name, name)

    def building(self, compound: str, label: str) -> str:
        """The code of a building; the empty label is the part of the compound without buildings."""
        if not label:
            return self._found(compound, "", NO_BUILDING_LABEL, NO_BUILDING)
        return self._found(compound, label, building_words(label))

    def unit(self, building: str, label: str) -> str:
        """The code of a unit; a building without units has unit 00, which is no area of its own."""
        if not label:
            return child(building, NO_UNIT)
        return self._found(building, label, f"{label}单元" if label.isascii() or len(label) == 1 else label)

    def find_unit(self, building: str, label: str) -> str:
        """The code of a unit if it is there; empty if not."""
        return self._codes.get((building, label), "") if label else child(building, NO_UNIT)

    def door(self, unit: str) -> str:
        """The code of a door that was not there before."""
        return self._next(unit, "门牌")

    def learn_doors(self, doors: Iterable[tuple[str, str]]) -> None:
        """Tells which door codes are taken, each with its unit's label, also where a unit is no area of its own."""
        for code, unit in doors:
            if len(code) == DOOR:
                self._last[code[:UNIT]] = max(self._last.get(code[:UNIT], 0), int(code[UNIT:]))
                if unit and (code[:BUILDING], unit) not in self._codes:
                    self._know(code[:UNIT], unit)

    def _found(self, parent: str, short: str, label: str, number: int | None = None) -> str:
        code = self._codes.get((parent, short))
        if code is None:
            code = self._next(parent, label) if number is None else child(parent, number)
            self._know(code, short)
            self.new.append(Area(code=code, level=NAMES[len(code)], label=label[:64]))
        return code

    def _know(self, code: str, short: str) -> None:
        parent = parent_of(code)
        self._codes[parent, short] = code
        self._last[parent] = max(self._last.get(parent, 0), int(code[len(parent) :]))

    def _next(self, parent: str, label: str) -> str:
        number = self._last.get(parent, 0) + 1
        try:
            code = child(parent, number)
        except ValueError:
            raise NoRoom(area=parent, label=label) from None
        self._last[parent] = number
        return code


def building_words(label: str) -> str:
    """How a building is called: 3号楼, A座, 别墅3."""
    if label.isdigit():
        return f"{label}号楼"
    return f"{label}座" if label.isascii() else label


def provisional_community(name: str) -> Area:
    """A community whose 12-digit code nobody has said yet: numbered in 9900 0000 0xxx until it is recoded."""
    low, high = subtree(PROVISIONAL_SUBDISTRICT)
    last = Area.objects.filter(level="community", code__gt=low, code__lt=high).order_by("-code").first()
    code = child(PROVISIONAL_SUBDISTRICT, int(last.code[len(PROVISIONAL_SUBDISTRICT) :]) + 1 if last else 1)
    return Area.objects.create(code=code, level="community", label=name)


def doors_of(area: str) -> Iterable[tuple[str, str]]:
    """The door codes taken in an area, each with the label of its unit."""
    low, high = subtree(area)
    return Household.objects.filter(area_code__gte=low, area_code__lt=high).values_list("area_code", "unit")


def _short(code: str, label: str) -> str:
    if len(code) == BUILDING:
        return "" if int(code[COMPOUND:]) == NO_BUILDING else building_label(label)
    return unit_label(label) if len(code) == UNIT else label
