"""Who works in the demo town: its roster of helpers, and who of them answers for which building."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shouwang.demo.buildings import COMPOUNDS, Door
from shouwang.demo.invented import Inventor

SKILLS = ("", "", "", "驾驶", "会电脑", "手语", "急救", "会方言", "水电维修")
HOURS = ("全天", "上午", "下午、晚上", "夜间", "周末")
UNFIT = ("", "", "", "", "", "高血压", "腰不好，不爬楼", "怀孕")
# One lead for so many buildings in a row, where the buildings are small.
TOGETHER = {"老南街": 2, "河畔别苑": 16}
# The smallest compounds share a grid.
ONE_GRID = ("文昌里", "河畔别苑")
# These buildings have nobody yet, as in every town: the board must say so.
NOBODY_FOR_EVERY = 23


@dataclass(frozen=True)
class Hand:
    """A helper as the roster has one."""

    name: str
    phone: str
    kind: str
    unit: str
    skills: str
    available: str
    unfit: str


@dataclass(frozen=True)
class Post:
    """One line of the responsibility sheet: a building and everybody who answers for it."""

    compound: str
    building: str
    building_lead: Hand | None
    cadre: Hand
    property_company: Hand
    police: Hand
    medic: Hand


@dataclass(frozen=True)
class Patch:
    """A grid (网格): some compounds, and who leads it."""

    name: str
    compounds: tuple[str, ...]
    lead: Hand


@dataclass
class Staff:
    """Everybody who works here, and what they answer for."""

    hands: list[Hand] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    grids: list[Patch] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Hand]:
        """The helpers of one kind, in the order of the roster."""
        return [hand for hand in self.hands if hand.kind == kind]


def staff(doors: list[Door], wanted: int, inventor: Inventor) -> Staff:
    """The posts of the town filled, and volunteers until there are so many helpers."""
    town = Staff()
    hire = _Hiring(town, inventor)
    police = [hire("社区民警", "派出所") for _ in range(2)]
    medics = [hire("社区医生", "卫生服务中心") for _ in range(3)]
    hire("社区书记", "社区")
    hire("信息员", "社区")
    cadres = [hire("社区干部", "社区") for _ in range(6)]
    town.grids = list(_grids(hire))
    for number, compound in enumerate(COMPOUNDS):
        buildings = list(dict.fromkeys(door.building for door in doors if door.compound == compound.name))
        chain = (
            cadres[number % len(cadres)],
            hire("物业", f"{compound.name}物业"),
            police[number % len(police)],
            medics[number % len(medics)],
        )
        for building, lead in zip(buildings, _leads(compound.name, buildings, hire), strict=True):
            town.posts.append(Post(compound.name, building, lead, *chain))
    for _ in range(wanted - len(town.hands)):
        hire("志愿者", inventor.random.choice(("居民", "区属学校", "区财政局", "城管中队", "供电所")))
    return town


def _grids(hire: "_Hiring") -> Iterator[Patch]:
    patches = [(compound.name,) for compound in COMPOUNDS if compound.name not in ONE_GRID]
    for number, compounds in enumerate([*patches, ONE_GRID], 1):
        yield Patch(f"第{number}网格", compounds, hire("网格长", "社区"))


class _Hiring:
    """Puts somebody new on the roster."""

    def __init__(self, town: Staff, inventor: Inventor) -> None:
        self.town, self.inventor = town, inventor
        self._names: set[str] = set()

    def __call__(self, kind: str, unit: str) -> Hand:
        random = self.inventor.random
        while (who := self.inventor.person(age=random.randint(24, 64))).name in self._names:
            pass
        self._names.add(who.name)
        hand = Hand(
            who.name, who.phone, kind, unit, random.choice(SKILLS), random.choice(HOURS), random.choice(UNFIT)
        )
        self.town.hands.append(hand)
        return hand


def _leads(compound: str, buildings: list[str], hire: _Hiring) -> Iterator[Hand | None]:
    together = TOGETHER.get(compound, 1)
    lead: Hand | None = None
    for number, _ in enumerate(buildings):
        if together == 1 and (len(hire.town.posts) + 1) % NOBODY_FOR_EVERY == 0:
            yield None
            continue
        if number % together == 0 or lead is None:
            lead = hire("楼长", compound)
        yield lead
