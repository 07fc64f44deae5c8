"""Random schedules of faults against the real endpoint, and the audit of the one sentence at their end.

Another number of schedules than CI has time for: SHOUWANG_SCHEDULES=2000.
"""

import os
from random import Random

import pytest

from shouwang.access.scope import scope
from shouwang.register.models import Person
from tests.devices.phones import over_django, phone_of
from tests.devices.simulator import Line, Worker, audit, audit_the_end
from tests.world import DIANLI, JIANXIN, XIANGYUN

FEW, MANY, STEPS = 4, int(os.environ.get("SHOUWANG_SCHEDULES", "200")), 25
AREAS = [XIANGYUN, JIANXIN]


def workers_of(street, seed):
    chance = Random(seed)
    server = over_django()
    with scope(AREAS):
        people = {
            area: list(Person.objects.filter(area_code__startswith=area).values_list("pk", flat=True))
            for area in AREAS
        }
    found = []
    for area, giver, names in ((DIANLI, "书记刘", ("李楼长", "赵志愿")), (JIANXIN, "书记赵", ("钱志愿",))):
        phone = phone_of(street, [area], *names, giver=giver, send=server)
        phone.send_request = line = Line(server, chance)
        own = [door.pk for door in street.doors.values() if door.area_code.startswith(area)]
        other = [door.pk for door in street.doors.values() if not door.area_code.startswith(area[:12])]
        found.append(Worker(phone, line, chance, own, other, people[area[:12]]))
    return chance, found


def run(street, seed):
    chance, workers = workers_of(street, seed)
    for _ in range(STEPS):
        chance.choice(workers).step()
    for worker in workers:
        audit(worker, AREAS)
    for worker in workers:
        worker.finish()
        audit_the_end(worker, AREAS)


def test_whatever_happens_every_event_is_there_once_or_still_on_the_phone(street):
    for seed in range(FEW):
        run(street, seed)


@pytest.mark.slow
def test_whatever_happens_hundreds_of_times(street):
    for seed in range(FEW, MANY):
        run(street, seed)
