"""Swabs written on paper, typed in afterwards: a door, or a door and which of its people, ten to a tube.

502      everybody behind door 502 of the building
502.2    the second of them, in the order of the printed list
2/502    in the second unit, which then holds for what follows
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.access.models import User
from shouwang.lib.characters import plain
from shouwang.lib.codes import subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Told
from shouwang.register.models import Household, Person
from shouwang.register.queries import people_of
from shouwang.testing.tubes.shapes import SwabTaken

WORD = re.compile(r"(?:(\w{1,4})/)?(\w{1,8})(?:[.。·](\d{1,2}))?")
SPLIT = re.compile(r"[\s,，、;；]+")


class NotRead(Refusal):
    code = "testing.paper_not_read"
    sentence = "“{word}”看不懂。请写门牌（502），或门牌和第几个人（502.2）。"


class NoSuchDoor(Refusal):
    code = "testing.no_such_door"
    sentence = "这栋楼没有 {door}。请核对门牌。"


class NobodyThere(Refusal):
    code = "testing.nobody_there"
    sentence = "{door} 没有第 {number} 个人，登记的有 {many} 人。"


class TooMany(Refusal):
    code = "testing.paper_too_many"
    sentence = "一共 {many} 人，这一管只能放 {capacity} 人。"


class NotYet(Refusal):
    code = "testing.not_yet"
    sentence = "采样时间还没到。请核对时间。"


@dataclass
class Building:
    """The doors of a building and who lives behind each, in the order of the printed list."""

    doors: dict[tuple[str, str], Household] = field(default_factory=dict)
    people: dict[int, list[Person]] = field(default_factory=dict)

    def door(self, unit: str, room: str) -> Household | None:
        """The door of this unit; where no unit was said the only one of that number."""
        those = [
            one for (of_unit, of_room), one in self.doors.items() if of_room == room and unit in ("", of_unit)
        ]
        return those[0] if len(those) == 1 else None


def building_of(area: str) -> Building:
    """The doors of a building and their people. Cost: two statements."""
    low, high = subtree(area)
    rows = Household.objects.filter(area_code__gte=low, area_code__lt=high).order_by("area_code")
    found = Building({(row.unit, row.room): row for row in rows if row.pk == row.kept_id})
    found.people = people_of([row.pk for row in found.doors.values()])
    return found


def read_line(line: str, building: Building, *, capacity: int) -> list[Person]:
    """The people of one line of the paper. Raises: NotRead, NoSuchDoor, NobodyThere, TooMany."""
    unit = ""
    found: list[Person] = []
    for word in filter(None, SPLIT.split(plain(line))):
        parts = WORD.fullmatch(word)
        if parts is None:
            raise NotRead(word=word)
        unit = parts[1] or unit
        door = building.door(unit, parts[2])
        if door is None:
            raise NoSuchDoor(door=f"{unit}-{parts[2]}" if unit else parts[2])
        found += _those(building.people.get(door.pk, []), parts[3], door)
    people = list(dict.fromkeys(found))
    if len(people) > capacity:
        raise TooMany(many=len(people), capacity=capacity)
    return people


def told_of(
    people: Sequence[Person],
    *,
    tube: str,
    capacity: int,
    point: UUID | None,
    taken_at: datetime,
    by: User,
    note: str,
    now: datetime,
) -> list[Told]:
    """The swabs of a line, as a phone would have told them, one after the other. Raises: NotYet."""
    if taken_at > now:
        raise NotYet()
    told = []
    for number, person in enumerate(people):
        said = SwabTaken(
            tube=tube, capacity=capacity, how="household", point=point, person=person.pk, place=number + 1, note=note
        )  # fmt: skip
        at = min(taken_at + timedelta(seconds=number), now)
        told.append(Told(uuid7(at), at, by, said))
    return told


def _those(people: Sequence[Person], number: str | None, door: Household) -> Sequence[Person]:
    if number is None:
        if not people:
            raise NobodyThere(door=door.door, number=1, many=0)
        return people
    if not 1 <= int(number) <= len(people):
        raise NobodyThere(door=door.door, number=number, many=len(people))
    return [people[int(number) - 1]]
