"""The cast: a street small enough to know everybody.

祥云社区 has two compounds. 电力楼院 has building 1 (two units of two floors, two doors each: eight doors) and building 2
(one unit, four doors). 春晖新村 has one building without units (three doors), the last of them empty. 建新社区 next door has
a building of two doors. 李楼长 leads building 1, 王网格 leads 电力楼院, 张干部 answers for all of 祥云社区; nobody leads 春晖新村 but her.
书记刘 is its secretary, 书记赵 that of 建新社区.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import child
from shouwang.register.models import Area, Helper, Household, Person, Place, Responsibility

XIANGYUN, JIANXIN = "410103008001", "410103008002"
DIANLI, CHUNHUI = child(XIANGYUN, 1), child(XIANGYUN, 2)
BUILDING_1, BUILDING_2 = child(DIANLI, 1), child(DIANLI, 2)
MORNING = datetime(2022, 4, 21, 8, 0, tzinfo=ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in April 2022, as the community's clock shows it."""
    return datetime(2022, 4, 1, tzinfo=ZONE) + timedelta(days=day - 1, hours=hour, minutes=minute)


@dataclass
class World:
    """What a test needs to name: doors by how people write them, users and helpers by name."""

    doors: dict[str, Household] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    helpers: dict[str, Helper] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def ids(self, *doors: str) -> list[int]:
        """The households behind these doors."""
        return [self.doors[door].pk for door in doors]


def build() -> World:
    """The street on the morning of 21 April 2022."""
    world = World()
    with scope([""]):
        Area.objects.bulk_create(Area(code=code, level=level, label=label) for code, level, label in _areas())
        doors = Household.objects.bulk_create(
            Household(
                area_code=code, compound=compound, building=building, unit=unit, room=room, floor=room[:-2],
                added_at=MORNING,
            )
            for compound, code, building, unit, room in _doors()
        )  # fmt: skip
        world.doors = {f"{door.compound} {door.door}": door for door in doors}
        Person.objects.bulk_create(
            Person(
                household=door, area_code=door.area_code, name=f"住户{door.building}{door.unit}{door.room}",
                added_at=MORNING,
            )
            for door in doors
        )  # fmt: skip
        for community, name in ((XIANGYUN, "刘记商铺"), (JIANXIN, "赵家饭店")):
            world.places[name] = Place.objects.create(
                area_code=child(community, 1), kind="商铺", name=name, state="营业", added_at=MORNING
            )
        _people(world)
    return world


def _areas() -> list[tuple[str, str, str]]:
    jianxin_compound = child(JIANXIN, 1)
    return [
        ("410103", "district", "二七区"),
        ("410103008", "subdistrict", "京广路街道"),
        (XIANGYUN, "community", "祥云社区"),
        (JIANXIN, "community", "建新社区"),
        (DIANLI, "compound", "电力楼院"),
        (CHUNHUI, "compound", "春晖新村"),
        (jianxin_compound, "compound", "建新小区"),
        (BUILDING_1, "building", "1号楼"),
        (BUILDING_2, "building", "2号楼"),
        (child(CHUNHUI, 1), "building", "1号楼"),
        (child(jianxin_compound, 1), "building", "1号楼"),
    ]


def _doors() -> list[tuple[str, str, str, str, str]]:
    plain = [("电力楼院", BUILDING_1, "1", unit) for unit in (1, 2)] + [("电力楼院", BUILDING_2, "2", 1)]
    rooms = ("101", "102", "201", "202")
    doors = [
        (compound, child(child(code, unit), number), building, str(unit), room)
        for compound, code, building, unit in plain
        for number, room in enumerate(rooms, 1)
    ]
    low = child(child(CHUNHUI, 1), 0)
    doors += [("春晖新村", child(low, number), "1", "", room) for number, room in enumerate(rooms[:3], 1)]
    other = child(child(child(JIANXIN, 1), 1), 1)
    return doors + [
        ("建新小区", child(other, number), "1", "1", room) for number, room in enumerate(rooms[:2], 1)
    ]


def _people(world: World) -> None:
    for name, role, code in (
        ("书记刘", "secretary", XIANGYUN),
        ("书记赵", "secretary", JIANXIN),
        ("李楼长", "building_lead", BUILDING_1),
    ):
        user = world.users[name] = User.objects.create_user(
            name, "一个很长的口令", name=name, created_at=MORNING
        )
        Grant.objects.create(user=user, role=role, area_codes=[code], from_at=MORNING - timedelta(days=1))
    for name, role, code in (
        ("李楼长", "building_lead", BUILDING_1),
        ("王网格", "grid_lead", DIANLI),
        ("张干部", "cadre", XIANGYUN),
    ):
        helper = world.helpers[name] = Helper.objects.create(area_code=XIANGYUN, name=name, added_at=MORNING)
        Responsibility.objects.create(
            area_code=code, role=role, helper=helper, from_at=MORNING - timedelta(days=1)
        )
