"""A morning of a round as it will be: queues before tables, ten to a tube, tubes into boxes, boxes from hand to hand to the laboratory."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shouwang.duties.models import Duty
from shouwang.register.models import Person
from shouwang.testing.duties import DOOR_SWAB, SWAB
from shouwang.testing.models import Round
from shouwang.testing.rounds.doors import stops_of, tours_of
from shouwang.testing.rounds.planning import calls_of
from tests.stories.everybody import Hand, Town
from tests.world import XIANGYUN

PERSON, DOOR, SECOND, MINUTE = (
    timedelta(seconds=24),
    timedelta(minutes=4),
    timedelta(seconds=1),
    timedelta(minutes=1),
)
TO_A_TUBE = 10
# Whoever has the box, at which minute after sealing.
WAY = (
    ("point", "give", 2), ("courier", "take", 3), ("courier", "give", 15), ("hub", "take", 16), ("hub", "give", 30),
    ("courier", "take", 31), ("laboratory", "take", 45),
)  # fmt: skip


@dataclass
class Table:
    """One phone that swabs: which tube is open, which wait for a box."""

    town: Town
    hand: Hand
    prefix: str
    now: datetime
    courier: Hand
    point: str = ""
    filled: int = 0
    tubes: list[str] = field(default_factory=list)
    boxes: dict[str, list[str]] = field(default_factory=dict)
    made: int = 0
    used: str = ""

    def swab(self, person: int | None, *, alone: bool = False, **more: Any) -> None:
        """The next one; a tube that is full is closed, a box that is full goes on its way."""
        size = 1 if alone else TO_A_TUBE
        if alone or not self.used:
            self.shut()
            self.made, self.used = self.made + 1, f"{self.prefix}{self.made + 1:04d}"
        known = (
            {"person": person, "how": "code"} if person else {"how": "id" if "id_number" in more else "none"}
        )
        where = {"point": self.point} if self.point else {"at_door": True}
        self.town.agenda.add(
            self.now, self.hand, "testing.swab", tube=self.used, capacity=size, **where, **known, **more
        )
        self.filled += 1
        self.now += PERSON
        if self.filled >= size:
            self.shut()

    def shut(self) -> None:
        """Nobody else goes into this tube."""
        if not self.used:
            return
        self.town.agenda.add(self.now, self.hand, "testing.close_tube", tube=self.used)
        self.tubes, self.filled, self.used = [*self.tubes, self.used], 0, ""
        if len(self.tubes) >= self.town.size.each:
            self.box()

    def box(self) -> str:
        """What lies on the table is laid into a box, counted, sealed, and fetched."""
        code, agenda = f"BX-{self.prefix}{len(self.boxes) + 1:02d}", self.town.agenda
        where = {"point": self.point} if self.point else {}
        agenda.add(self.now, self.hand, "testing.open_box", box=code, **where)
        for number, tube in enumerate(self.tubes):
            agenda.add(self.now + number * SECOND, self.hand, "testing.box_tube", box=code, tube=tube)
        agenda.add(
            self.now + MINUTE,
            self.hand,
            "testing.seal_box",
            box=code,
            tubes=len(self.tubes),
            sealed_with="封条",
        )
        self.boxes[code], self.tubes = self.tubes, []
        self.send_off(code, self.now + MINUTE)
        return code

    def send_off(self, box: str, sealed: datetime, steps: Any = WAY) -> None:
        """From hand to hand; at the hub every tube is counted in."""
        agenda, tubes = self.town.agenda, self.boxes[box]
        who = {
            "point": self.hand,
            "courier": self.courier,
            **{one: self.town.hands[one][0] for one in ("hub", "laboratory")},
        }
        for station, side, minute in steps:
            said = {"box": box, "side": side, "station": station, "count": len(tubes), "disinfected": True}
            agenda.add(sealed + minute * MINUTE, who[station], "testing.hand_over", **said)
            if (station, side) == ("hub", "take"):
                for number, tube in enumerate(tubes, 1):
                    when = sealed + minute * MINUTE + number * 2 * SECOND
                    agenda.add(when, who["hub"], "testing.receive_tube", box=box, tube=tube)

    def go_home(self) -> None:
        """The last tube and the last box."""
        self.shut()
        if self.tubes:
            self.box()


def queues(row: Round) -> dict[str, list[int]]:
    """Who comes to which point, in the order of the timetable."""
    owing = Duty.objects.filter(batch=row.pk, kind=SWAB.name, fact="owed").order_by("area_code", "id")
    by_unit: defaultdict[str, list[int]] = defaultdict(list)
    for code, person in owing.values_list("area_code", "person_id"):
        for length in (17, 19):
            by_unit[code[:length]].append(person)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for call in calls_of(row, XIANGYUN):
        assert len(by_unit[call.area_code]) == call.people
        found[str(call.point_id)] += by_unit[call.area_code]
    return found


def doors_of(row: Round, now: datetime) -> list[list[list[int]]]:
    """Of each team, door by door, who is swabbed there."""
    owing = Duty.objects.filter(batch=row.pk, kind=DOOR_SWAB.name, fact="owed").values("person")
    behind: defaultdict[int, list[int]] = defaultdict(list)
    for person, home in Person.objects.filter(pk__in=owing).values_list("pk", "household"):
        behind[home].append(person)
    tours = tours_of(row, XIANGYUN)
    stops = stops_of(tours, now=now)
    return [[behind[stop.household_id] for stop, _due in stops[tour.pk]] for tour in tours]
