"""The cast of a round of everybody: a town made in bulk, and phones on bad lines that tell what an agenda says, hour by hour."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from shouwang.access.models import Grant
from shouwang.access.scope import scope
from shouwang.api.client import NotIn, OverHttp, Phone
from shouwang.devices.models import Event
from shouwang.lib import clock
from shouwang.lib.codes import child
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import set_office
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.models import Area, Household, Person
from shouwang.standing.models import Hold
from shouwang.supplies.keeping import add_item, add_site
from tests.devices.phones import phone_of, worker
from tests.devices.simulator import Line
from tests.door import sealed
from tests.stories.tapping import Worker
from tests.world import XIANGYUN, World, at

FAULTS = 0.05
DOORS_TO_A_BUILDING, UNITS, FIRST_COMPOUND = 36, 3, 11
WAYS = ("restarted", "later_ones_first", "other_batches")
ODD_SCANS = (" {}\r\n", "\x1d{}", "{}\u200b")


@dataclass(frozen=True)
class Size:
    """How large the round is.

    Units: people; `tables` phones at a point, `teams` phones from door to door, `each` tubes to a box; `tubes` and `boxes` at least.
    """

    people: int
    points: int
    tables: int
    disabled: int
    kept: int
    teams: int
    each: int
    exempt: int
    elsewhere: int
    refuse: int
    nowhere: int
    strangers: int
    tubes: int
    boxes: int


WHOLE = Size(
    people=12_500, points=7, tables=2, disabled=280, kept=20, teams=5, each=22, exempt=12, elsewhere=5, refuse=3, nowhere=9,
    strangers=20, tubes=1290, boxes=60,
)  # fmt: skip
STREET = Size(
    people=260, points=2, tables=1, disabled=8, kept=2, teams=1, each=6, exempt=2, elsewhere=1, refuse=1, nowhere=2,
    strangers=3, tubes=45, boxes=10,
)  # fmt: skip


@dataclass
class Hand:
    """Somebody with a phone: what it made, what went wrong with it, how far its clock is off."""

    name: str
    user: int
    phone: Phone
    line: Line
    chance: Random
    made: set[str] = field(default_factory=set)
    wrong: Counter[str] = field(default_factory=Counter)
    clock_off: timedelta = timedelta(0)
    silent_until: datetime | None = None

    def tell(self, kind: str, said: dict[str, Any], when: datetime) -> None:
        """It happened; a code is now and then scanned with what scanners add."""
        if "tube" in said and self.chance.random() < FAULTS:
            said = said | {"tube": self.chance.choice(ODD_SCANS).format(said["tube"].lower())}
        if kind == "undo":
            said = {"of": next(reversed(self.phone.outbox))}
        self.made.add(str(self.phone.tell(kind, said, worker=self.user, at=when + self.clock_off)))

    def send(self) -> None:
        """What waits is sent; one time in twenty the app was closed, sends the later half first, or cuts other batches."""
        now, most = clock.now() + self.clock_off, 500
        if self.silent_until and clock.now() < self.silent_until:
            return
        fault = self.chance.choice(WAYS) if self.chance.random() < FAULTS else ""
        self.wrong[fault] += 1
        if fault == "restarted":
            self.phone.token, self.phone.boot_id = "", f"{self.chance.getrandbits(64):x}"
        elif fault == "other_batches":
            most = self.chance.choice((7, 60))
        with suppress(NotIn):  # the line failed while coming in
            if fault == "later_ones_first" and (waiting := list(self.phone.outbox)):
                self.phone.send_these(waiting[len(waiting) // 2 :][:most], at=now)
                return
            self.phone.send(at=now, most=most)


@dataclass
class Agenda:
    """What will happen to whom and when, in whatever order it was thought of."""

    environment: pytest.MonkeyPatch
    lines: list[tuple[datetime, Hand, str, dict[str, Any]]] = field(default_factory=list)

    def add(self, when: datetime, hand: Hand, kind: str, **said: Any) -> None:
        """At this moment somebody tells this."""
        self.lines.append((when, hand, kind, said))

    def play(self, until: datetime, *hands: Hand) -> None:
        """Until this hour everything happens, and every phone sends."""
        due = sorted((line for line in self.lines if line[0] < until), key=lambda line: line[0])
        self.lines = [line for line in self.lines if line[0] >= until]
        for when, hand, kind, said in due:
            hand.tell(kind, said, when)
        self.environment.setenv("SHOUWANG_CLOCK", until.isoformat())
        for hand in hands:
            hand.send()


@dataclass
class Town:
    """Everybody who has a part: desks by role, phones by what they do."""

    size: Size
    world: World
    agenda: Agenda
    desks: dict[str, Worker] = field(default_factory=dict)
    hands: defaultdict[str, list[Hand]] = field(default_factory=lambda: defaultdict(list))

    @property
    def phones(self) -> list[Hand]:
        """Every phone."""
        return [hand for hands in self.hands.values() for hand in hands]

    def clock(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Everybody's clock."""
        self.agenda.environment.setenv("SHOUWANG_CLOCK", at(day, hour, minute).isoformat())
        return clock.now()


def make_town(size: Size, world: World, environment: pytest.MonkeyPatch) -> Town:
    """The evening before: so many people behind doors, a plan, a store, an office, three at their desks."""
    environment.setenv("SHOUWANG_CLOCK", at(21, 20).isoformat())
    with scope([XIANGYUN]):
        _people(size, world)
        _house(world)
        for name, role in (("信息员孙", "clerk"), ("检测所", "clerk")):
            user = worker(world, name, [XIANGYUN])
            Grant.objects.filter(user=user).update(role=role)
    desks = {name: Worker(world.users[name]) for name in ("书记刘", "信息员孙", "检测所")}
    return Town(size, world, Agenda(environment), desks)


def give_phones(town: Town, address: str, chance: Random) -> None:
    """Phones are let in by the secretary's codes over HTTP; the clock of two of them is wrong all day, one courier has no network."""
    size = town.size
    many = {"sampler": size.points * size.tables + size.teams, "courier": 3, "hub": 1, "laboratory": 1}
    for what, number in many.items():
        for one in range(number):
            town.hands[what].append(_hand(town, f"{what}{one}", what, address, chance))
    town.hands["team"] = [town.hands["sampler"].pop() for _ in range(size.teams)]
    town.hands["sampler"][0].clock_off = timedelta(days=1)
    town.hands["courier"][1].clock_off = timedelta(hours=-3)
    town.hands["courier"][0].silent_until = at(22, 20)


def audit_phones(town: Town) -> None:
    """With good lines nothing is left over: every event that a phone made is on the server exactly once."""
    for hand in town.phones:
        hand.line.good = True
        hand.send()
        hand.phone.send(at=clock.now() + hand.clock_off)
        assert hand.phone.green, hand.name
    with scope([XIANGYUN]):
        stored = Event.objects.filter(device__in=[hand.phone.device_id for hand in town.phones])
        told = Counter(str(pk) for pk in stored.values_list("pk", flat=True))
    assert told == Counter(name for hand in town.phones for name in hand.made)


def taking_turns(queue: list[Any], hands: list[Hand]) -> Iterator[tuple[Hand, list[Any]]]:
    """One queue before several tables."""
    for number, hand in enumerate(hands):
        yield hand, queue[number :: len(hands)]


def _hand(town: Town, name: str, what: str, address: str, chance: Random) -> Hand:
    own = Random(chance.random())
    line = Line(OverHttp(address), own, fault_share=FAULTS, good=True)
    phone = phone_of(town.world, [XIANGYUN], name, role=what, send=line)
    user = town.world.users[name]
    with scope([XIANGYUN]):
        Grant.objects.filter(user=user).update(role=what)
    line.good = False
    return Hand(name, user.pk, phone, line, own)


def _people(size: Size, world: World) -> None:
    """As many compounds as points; three or two behind each door, a few of them disabled, some kept at home."""
    more = size.people - Person.objects.filter(area_code__startswith=XIANGYUN).count()
    doors = list(_doors(size.points, -(-more * 5 // 13)))
    areas = {(code[:14], "compound", f"{name}小区") for code, name, *_ in doors}
    areas |= {(code[:17], "building", f"{building}号楼") for code, _name, building, *_ in doors}
    Area.objects.bulk_create(Area(code=code, level=level, label=label) for code, level, label in areas)
    homes = Household.objects.bulk_create(
        Household(area_code=code, compound=f"{name}小区", building=str(building), unit=str(unit), room=room, floor=room[:-2],
                  added_at=at(1, 8))
        for code, name, building, unit, room in doors
    )  # fmt: skip
    people = Person.objects.bulk_create(
        Person(household=(home := homes[number % len(homes)]), area_code=home.area_code, name=f"居民{number}", added_at=at(1, 8),
               helps=["disabled"] if number < size.disabled else [],
               phones_sealed=[sealed(f"1390000{number:04d}")] if number < len(homes) else [])
        for number in range(more)
    )  # fmt: skip
    Hold.objects.bulk_create(_kept(one, world) for one in people[-size.kept :])


def _doors(compounds: int, many: int) -> Iterator[tuple[str, str, int, int, str]]:
    """Code, compound, building, unit and room of each door, spread over the compounds."""
    for number in range(many):
        place, compound = divmod(number, compounds)
        building, inside = divmod(place, DOORS_TO_A_BUILDING)
        unit, room = divmod(inside, DOORS_TO_A_BUILDING // UNITS)
        house = child(child(XIANGYUN, FIRST_COMPOUND + compound), building + 1)
        yield (
            child(child(house, unit + 1), room + 1), "甲乙丙丁戊己庚"[compound], building + 1, unit + 1,
            f"{1 + room // 2}0{1 + room % 2}",
        )  # fmt: skip


def _kept(person: Person, world: World) -> Hold:
    return Hold(
        id=uuid7(at(20, 9)), area_code=person.area_code, person=person, about=uuid7(at(20, 9)), mode="home", from_at=at(20, 9),
        until=at(27, 9), approved_at=at(20, 9), reason_code="close_contact", reason="密接", authority="指挥部", document="1号",
        legal_basis="第41条", proposed_by=world.users["李楼长"], approved_by=world.users["书记刘"],
    )  # fmt: skip


def _house(world: World) -> None:
    told: dict[str, Any] = {"by": world.users["书记刘"], "at": at(20, 8)}
    activate(XIANGYUN, keep_shipped("covid_9th", at=at(20, 0)), reason="启用", **told)
    set_office(
        XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=3, **told
    )
    add_site(XIANGYUN, kind="store", name="库房", **told)
    for name, kind in (("采样管", "tube"), ("转运箱", ""), ("采样登记表", "")):
        add_item(XIANGYUN, name=name, kind=kind, unit="个", minimum=0, **told)
