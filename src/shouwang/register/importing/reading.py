"""A people's register as households: whose row belongs to which door, and what is doubtful about doors.

No database here. `read_households` walks the tables once; every row ends in a household, or in a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from shouwang.lib.doors import parse_door
from shouwang.lib.sheets import Book, Row, Table
from shouwang.register.importing.naming import building_of, community_in, compound_of
from shouwang.register.importing.report import Doubtful, Pen, doubts_of
from shouwang.register.importing.residents import Resident, is_somebody, resident, says_empty

UNKNOWN_ROOM = "未写房号"
# A shop floor opens onto the street: the unit written above it is not its own.
SHOP_FLOOR = re.compile(r"门面|商铺|门店|网点|沿街|底商")
WIDEST = {"compound": 64, "building": 16, "unit": 8, "floor": 8, "room": 16}

Key = tuple[str, str, str, str]  # compound, building, unit, room


@dataclass(slots=True)
class Behind:
    """One door of the file and the people behind it. `unknown` where nobody wrote which door it is."""

    sheet: str
    row: int
    compound: str
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    unknown: bool = False
    says_empty: bool = False
    landlord: str = ""
    note: str = ""
    people: list[Resident] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """By what a household is known in its community."""
        return (self.compound, self.building, self.unit, self.room)

    @property
    def door(self) -> str:
        """How people write this door."""
        return "-".join(part for part in (self.building, self.unit, self.room) if part)

    @property
    def empty(self) -> bool:
        """Somebody looked, and nobody lives here."""
        return self.says_empty and not self.people


@dataclass
class Register:
    """What a file says of a community: its households in the order of the file, and everything doubtful."""

    community: str
    households: list[Behind] = field(default_factory=list)
    doubts: list[Doubtful] = field(default_factory=list)

    def people(self) -> Iterator[tuple[Behind, Resident]]:
        """Everybody with the household in which the file has them."""
        for household in self.households:
            for person in household.people:
                yield household, person


def read_households(book: Book, *, filename: str, at: date) -> Register:
    """The households of all tables of a book; `at` is the day of reading, for ages."""
    register = Register(community_in([*(line for table in book.tables for line in table.title), filename]))
    known: dict[Key, Behind] = {}
    register.doubts += doubts_of(book)
    for table in book.tables:
        _Walk(table, register, known, filename, at).walk()
    return register


class _Walk:
    """One table, row by row."""

    def __init__(
        self, table: Table, register: Register, known: dict[Key, Behind], filename: str, at: date
    ) -> None:
        self.table, self.register, self.known, self.at = table, register, known, at
        self.doubt = Pen(table, register.doubts).doubt
        self.compound = compound_of(table.sheet, table.title, register.community, filename)
        self.building = building_of(table.sheet) if "building" not in table.mapping.values() else ""
        self.nameless = 0
        self.current: Behind | None = None

    def walk(self) -> None:
        """Puts every row where it belongs."""
        fields = set(self.table.mapping.values())
        if not fields & {"room", "door"}:
            if fields & {"name", "id_number"}:
                self.doubt(self.table.first, "", "这张表没有房号，不知道谁住在哪里，没有收进来。")
            return
        if not fields & {"name"} and "head" in fields:
            self._heads_are_names()
        for number, row in enumerate(self.table.rows):
            self._take(row, number)
        self._settle()

    def _heads_are_names(self) -> None:
        """A list of heads of households alone: each head is the one person of whom it tells."""
        for row in self.table.rows:
            if head := row.values.get("head"):
                row.values.setdefault("name", head)

    def _take(self, row: Row, number: int) -> None:
        household = self._household(row, number)
        if household is None:
            self.doubt(row.number, "", "这一行没有姓名，也没有房号，没有收进来。")
            return
        values = row.values
        household.landlord = household.landlord or values.get("landlord", "")
        if is_somebody(row):
            head = values.get("head", "")
            household.people.append(
                resident(row, self.table.sheet, head, partial(self.doubt, row.number), self.at)
            )
            return
        household.says_empty = household.says_empty or says_empty(row)
        household.note = household.note or values.get("note", "")[:200]
        if not says_empty(row) and not household.people:
            self.doubt(row.number, "name", "没有写姓名，也没有写空户，不知道有没有人住。")

    def _household(self, row: Row, number: int) -> Behind | None:
        place = self._place(row)
        if place.room:
            return self._known_door(place, row)
        if self.current and not row.starts:
            return self.current
        if not is_somebody(row):
            return None
        return self._unknown_door(place, number)

    def _place(self, row: Row) -> Behind:
        """The door that a row names, from its columns or from one written address."""
        values = row.values
        place = Behind(self.table.sheet, row.number, values.get("compound") or self.compound)
        place.building, place.unit = values.get("building") or self.building, values.get("unit", "")
        place.floor, place.room = values.get("floor", ""), values.get("room", "")
        if "unit" in row.filled and row.starts and SHOP_FLOOR.search(place.room):
            place.unit = ""
        written = values.get("door", "") if not place.room else "" if place.building else place.room
        if written and (door := parse_door(written)):
            place.building, place.unit = door.building or place.building, door.unit or place.unit
            place.room = door.room or place.room
            place.compound = values.get("compound") or self._compound_before(door.compound)
        elif written and not place.room:
            place.room = written
        for name, most in WIDEST.items():
            self._fit(place, name, most, row)
        return place

    def _compound_before(self, written: str) -> str:
        """The compound in front of a door; community and street before it are cut off."""
        name = re.sub(r"^.*社区", "", written)
        return name or self.compound

    def _fit(self, place: Behind, name: str, most: int, row: Row) -> None:
        text = getattr(place, name)
        if len(text) > most:
            self.doubt(row.number, name, f"写得太长，只留了前{most}个字。")
            setattr(place, name, text[:most])

    def _known_door(self, place: Behind, row: Row) -> Behind:
        household = self.known.get(place.key)
        if household is None:
            household = self._new(place)
        elif household is not self.current or row.starts:
            self.doubt(
                row.number,
                "room",
                f"“{household.sheet}”第{household.row}行已经有{place.compound}{place.door}这一户，两处合成一户了，请核对。",
            )
        self.current = household
        return household

    def _unknown_door(self, place: Behind, number: int) -> Behind:
        """A household whose door nobody wrote: in the building of its neighbours, if they agree."""
        above, below = self.current, self._next_door(number)
        if not place.building and above and below and above.key[:3] == below.key[:3]:
            place.building, place.unit = above.building, above.unit
        self.nameless += 1
        place.room, place.unknown = f"{UNKNOWN_ROOM}{self.nameless}", True
        near = f"，在{above.door}和{below.door}之间" if above and below else ""
        self.doubt(place.row, "room", f"这一户没有写房号{near}，先收作“{place.door}”，请补上。")
        self.current = self._new(place)
        return self.current

    def _next_door(self, number: int) -> Behind | None:
        for row in self.table.rows[number + 1 : number + 30]:
            if row.starts and row.values.get("room"):
                return self._place(row)
        return None

    def _new(self, place: Behind) -> Behind:
        self.known[place.key] = place
        self.register.households.append(place)
        return place

    def _settle(self) -> None:
        """What is known only of a whole household: 同户主, two heads, people behind an empty door."""
        for household in self.register.households:
            if household.sheet != self.table.sheet:
                continue
            heads = [person for person in household.people if person.relation == "户主"]
            if household.says_empty and household.people:
                self.doubt(
                    household.people[0].row, "category", "写着空户，又有人住，按有人住收进来，请核对。"
                )
            if len(heads) > 1:
                self.doubt(heads[1].row, "relation", "这一户写了两个户主，请核对。")
            for person in household.people:
                self._same_phone(person, heads[0] if heads else household.people[0])

    def _same_phone(self, person: Resident, head: Resident) -> None:
        if not any(phone.startswith("同") for phone in person.phones):
            return
        theirs = () if person is head else tuple(phone for phone in head.phones if not phone.startswith("同"))
        if not theirs:
            self.doubt(person.row, "phone", "写着同户主，可是户主没有写电话。")
        own = tuple(phone for phone in person.phones if not phone.startswith("同"))
        person.phones = own + tuple(phone for phone in theirs if phone not in own)
