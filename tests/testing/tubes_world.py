"""A morning at a point: a round for everybody, a table, phones of samplers, of a courier, of a hub and of a laboratory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shouwang.access.models import Grant
from shouwang.access.scope import scope
from shouwang.api.client import Phone
from shouwang.devices.models import Event
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.plans import actions as plans
from shouwang.register.models import Person
from shouwang.testing.models import Point, Round
from tests.devices.phones import phone_of, worker
from tests.world import DIANLI, XIANGYUN, World, at

NAMES = {
    "采样孙": "sampler",
    "采样钱": "sampler",
    "转运周": "courier",
    "中转吴": "hub",
    "检测郑": "laboratory",
}


@dataclass
class Table:
    """A round, its point, its phones, and the people of the street in the order of their doors."""

    world: World
    round: Round
    point: Point
    people: list[int]
    phones: dict[str, Phone] = field(default_factory=dict)
    told: int = 0

    def tell(self, who: str, kind: str, *, when: datetime | None = None, **said: Any) -> UUID:
        """Something that one of them says on the own phone, a second after whatever anybody said before."""
        self.told += 1
        moment = when or clock.now() - timedelta(minutes=9) + timedelta(seconds=self.told)
        return self.phones[who].tell(kind, said, worker=self.world.users[who].pk, at=moment)

    def swab(self, who: str, tube: str, person: int | None = None, **more: Any) -> UUID:
        """Somebody is swabbed, ten to a tube unless it is said otherwise."""
        usual = {"capacity": 10, "how": "code" if person else "none", "point": str(self.point.pk)}
        known = {"person": person} if person else {}
        return self.tell(who, "testing.swab", **(usual | known | {"tube": tube} | more))

    def send(self, who: str) -> dict[str, tuple[str, str]]:
        """What became of each event of a phone: outcome and flag."""
        phone = self.phones[who]
        ids = list(phone.outbox)
        while phone.outbox:
            assert phone.send(at=clock.now()).status == 201
        rows = Event.objects.filter(pk__in=ids).values_list("pk", "outcome", "flag")
        return {str(pk): (outcome, flag) for pk, outcome, flag in rows}


def lay(world: World) -> Table:
    """The table on the morning of 21 April: everybody of the community until midnight of the day after."""
    now = clock.now()
    with scope([""]):
        plan = plans.keep_shipped("covid_9th", at=at(20, 8))
        plans.activate(XIANGYUN, plan, reason="演练", by=None, at=at(20, 8))
        round = Round.objects.create(
            id=uuid7(now), area_code=XIANGYUN, name="第一轮", plan=plan, pool_sizes={"everyone": 10},
            opens_at=at(21, 5), due_at=at(22, 24), ordered_at=at(20, 20),
        )  # fmt: skip
        point = Point.objects.create(
            id=uuid7(now), area_code=XIANGYUN, name="电力楼院一号点", added_at=at(20, 20)
        )
        people = list(
            Person.objects.filter(area_code__startswith=XIANGYUN)
            .order_by("area_code")
            .values_list("pk", flat=True)
        )
        for name, role in NAMES.items():
            user = worker(world, name, [XIANGYUN])
            Grant.objects.filter(user=user).update(role=role)
    table = Table(world, round, point, people)
    for name, role in NAMES.items():
        table.phones[name] = phone_of(world, [XIANGYUN], name, role=role)
    return table


__all__ = ["DIANLI", "NAMES", "Table", "lay"]
