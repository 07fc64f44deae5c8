"""What the demo town is built of: 13 compounds of different size and age, and every door in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice


@dataclass(frozen=True)
class Door:
    """A door as the street says it."""

    compound: str
    building: str
    unit: str
    floor: str
    room: str


@dataclass(frozen=True)
class Style:
    """How the buildings of a compound look. Units: 0 where the staircases have no numbers."""

    units: int
    floors: int
    doors_on_a_floor: int
    shops: int = 0
    basement: int = 0
    split_door_on_floor: int = 0

    def doors(self, compound: str, building: str) -> Iterator[Door]:
        """The doors of one building, shop floor and basement first."""
        for number in range(1, self.shops + 1):
            yield Door(compound, building, "", "1", f"门面{number}")
        for number in range(1, self.basement + 1):
            yield Door(compound, building, "", "-1", f"地下室{number}")
        for unit in range(1, self.units + 1) or [0]:
            for floor in range(2 if self.shops else 1, self.floors + 1):
                for room in self._rooms(floor):
                    yield Door(compound, building, str(unit or ""), str(floor), room)

    def _rooms(self, floor: int) -> Iterator[str]:
        for number in range(1, self.doors_on_a_floor + 1):
            room = f"{floor}{number:02d}"
            if floor == self.split_door_on_floor and number == self.doors_on_a_floor:
                yield from (room + "A", room + "B")
            else:
                yield room


@dataclass(frozen=True)
class Compound:
    """A compound (小区): its name, how old, how much of the town lives there, and what its people are like.

    Shape: `share` of the town's doors, in parts of 1,000; `tenants` and `old` are shares of the households.
    """

    name: str
    share: int
    style: Style
    tenants: float
    old: float

    def doors(self, wanted: int) -> list[Door]:
        """The first doors of as many buildings as are needed."""
        if self.style is VILLA:
            return [Door(self.name, f"别墅{number}", "", "", "1") for number in range(1, wanted + 1)]
        buildings = (self.style.doors(self.name, str(number)) for number in count(1))
        return list(islice((door for building in buildings for door in building), wanted))


WALK_UP = Style(units=3, floors=6, doors_on_a_floor=2)
SEVEN_FLOORS = Style(units=4, floors=7, doors_on_a_floor=2, basement=2)
WORKS_YARD = Style(units=0, floors=4, doors_on_a_floor=8)
TOWER = Style(units=2, floors=18, doors_on_a_floor=4, split_door_on_floor=11)
OVER_SHOPS = Style(units=2, floors=12, doors_on_a_floor=3, shops=10)
OLD_STREET = Style(units=0, floors=2, doors_on_a_floor=5)
VILLA = Style(units=0, floors=2, doors_on_a_floor=1)

COMPOUNDS = (
    Compound("望江新村", 118, SEVEN_FLOORS, 0.22, 0.20),
    Compound("云台花园", 144, TOWER, 0.18, 0.06),
    Compound("纺织厂家属院", 72, WORKS_YARD, 0.16, 0.34),
    Compound("春晖楼院", 68, WALK_UP, 0.20, 0.28),
    Compound("桂花里", 90, WALK_UP, 0.24, 0.18),
    Compound("广厦公寓", 96, OVER_SHOPS, 0.46, 0.04),
    Compound("书香苑", 112, TOWER, 0.12, 0.08),
    Compound("铁路新村", 84, SEVEN_FLOORS, 0.26, 0.24),
    Compound("石桥新居", 78, WALK_UP, 0.18, 0.14),
    Compound("老南街", 44, OLD_STREET, 0.52, 0.26),
    Compound("百合雅居", 60, OVER_SHOPS, 0.28, 0.08),
    Compound("文昌里", 24, WORKS_YARD, 0.20, 0.36),
    Compound("河畔别苑", 10, VILLA, 0.05, 0.16),
)


def all_doors(wanted: int) -> list[Door]:
    """Exactly so many doors, shared among the compounds by their size, at least one in each."""
    parts = sum(compound.share for compound in COMPOUNDS)
    doors: list[Door] = []
    shares = 0
    for number, compound in enumerate(COMPOUNDS, 1):
        shares += compound.share
        until = max(wanted * shares // parts, len(doors) + 1)
        doors += compound.doors(min(until, wanted - len(COMPOUNDS) + number) - len(doors))
    return doors
