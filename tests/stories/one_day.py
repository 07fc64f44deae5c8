"""The cast of one day: 祥云社区 with 新建小区 beside its small compounds, who works there, how much they typed, and the hour."""

from collections import Counter
from datetime import datetime

import pytest
from django.urls import reverse

from shouwang import jobs
from shouwang.access.actions import add_user, grant
from shouwang.access.scope import scope
from shouwang.lib import clock
from shouwang.lib.codes import child
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import set_office
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.areas import say_town
from shouwang.register.models import Area, Helper, Household, Person, Responsibility
from tests.door import give_phone
from tests.stories.counted import Told
from tests.stories.telling import Street
from tests.stories.typist import Typist
from tests.world import MORNING, XIANGYUN, World, at

NEW = child(XIANGYUN, 3)
BUILDINGS, DOORS, PEOPLE = 20, 20, 1000
FROM = ("湖北武汉", "河南洛阳", "河南郑州")


class Day:
    """Everybody who works on this day, how much they typed, and the hour."""

    def __init__(self, world: World, street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.street, self._environment = world, street, monkeypatch
        self.typed: Counter[str] = Counter()
        self.people = self.leaflets = self.rounds = 0
        self.counted = Told()
        with scope([XIANGYUN]):
            self.doors = block()
            say_town(XIANGYUN, "河南", "郑州", by=None, at=MORNING)
            activate(XIANGYUN, keep_shipped("covid_9th", at=MORNING), reason="启用", by=None, at=at(20, 8))
            set_office(XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=3,
                       by=None, at=at(20, 8))  # fmt: skip
            for name, role, area in (
                ("信息员孙", "clerk", XIANGYUN),
                ("仓管员高", "storekeeper", XIANGYUN),
                ("网格长郑", "grid_lead", NEW),
            ):
                user = world.users[name] = add_user(name, name=name, password=None, at=at(20, 8))
                grant(user, role=role, areas=[area], by=None, at=at(20, 8))
            lead = Helper.objects.create(area_code=XIANGYUN, name="周楼长", kind="楼长", added_at=MORNING)
            world.helpers["周楼长"] = lead
            Responsibility.objects.create(area_code=NEW, role="building_lead", helper=lead, from_at=MORNING)
        give_phone(world, "周楼长", "13900009001")

    def hour(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Everybody's clock; what the clock does by itself is done."""
        self._environment.setenv("SHOUWANG_CLOCK", at(day, hour, minute).isoformat())
        jobs.owe_rounds_and_second_visits()
        jobs.owe_reports()
        return clock.now()

    def at_desk(self, name: str) -> Typist:
        """Somebody's browser."""
        return Typist(self.typed, name, self.world.users[name])

    def on_phone(self, who: str = "手机") -> Typist:
        """A phone in which nobody is logged in."""
        return Typist(self.typed, who)

    def at_doors(self, name: str, doors: list[Household], *, leaflet: str, people: int = 2) -> None:
        """Somebody was met at each of these doors, and has the leaflet: how many live there is all that is typed."""
        worker, now = self.at_desk(name), clock.now()
        for door in doors:
            told = {"token": uuid7(now), "handed_out": [leaflet]}
            worker.send(reverse("household_visit", args=[door.pk]), told, people_count=people)
        self.people += people * len(doors)
        self.leaflets += len(doors)


def block() -> list[Household]:
    """新建小区: twenty buildings of twenty doors, a thousand people."""
    codes = [child(NEW, number) for number in range(1, BUILDINGS + 1)]
    Area.objects.create(code=NEW, level="compound", label="新建小区")
    Area.objects.bulk_create(
        Area(code=code, level="building", label=f"{number}号楼") for number, code in enumerate(codes, 1)
    )
    doors = Household.objects.bulk_create(
        Household(
            area_code=child(child(code, 1), door), compound="新建小区", building=str(number), unit="1",
            room=f"{door:03d}", floor="1", added_at=MORNING,
        )
        for number, code in enumerate(codes, 1)
        for door in range(1, DOORS + 1)
    )  # fmt: skip
    Person.objects.bulk_create(
        Person(household=(home := doors[number % len(doors)]), area_code=home.area_code, name=f"居民{number}",
               category="流动" if number % 50 == 0 else "", from_place=FROM[number % 3], added_at=MORNING)
        for number in range(PEOPLE)
    )  # fmt: skip
    return list(Household.objects.filter(pk__in=[door.pk for door in doors]).order_by("area_code"))
