"""A self-report that a worker filled in at a door, on the phone, without a network."""

from shouwang.access.scope import scope
from shouwang.devices.models import Event
from shouwang.lib import clock
from shouwang.screening.reports.models import SelfReport
from tests.devices.phones import phone_of
from tests.world import BUILDING_1, XIANGYUN


def test_somebody_without_a_phone_is_reported_by_the_worker_at_the_door(street):
    phone = phone_of(street, [BUILDING_1])
    here, elsewhere = street.ids("电力楼院 1-1-101", "电力楼院 2-1-101")
    for door in (here, elsewhere):
        said = {
            "household": door,
            "name": "周奶奶",
            "phone": "190 0000 1234",
            "from_place": "邻县",
            "arrived_on": "2022-04-20",
        }
        phone.tell("screening.self_report", said, worker=phone.workers[0]["id"], at=clock.now())

    phone.send(at=clock.now())

    assert sorted(Event.objects.values_list("outcome", "flag")) == [
        ("flagged", "not_in_scope"),
        ("stored", ""),
    ]
    with scope([XIANGYUN]):
        landed = SelfReport.objects.get()
        assert (landed.room, landed.from_place, landed.by.name) == ("101", "邻县", "李楼长")
        assert landed.phone_mask.endswith("1234")
        assert [one.name for one in landed.people.all()] == ["周奶奶"]
