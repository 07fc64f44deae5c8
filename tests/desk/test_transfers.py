"""A car from the plan to the signature at the other end; nobody is taken who must not be, nobody stays alone."""

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.desk.open.handing import hand_link
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.models import Need, Order, Transfer
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds
from shouwang.standing.models import Hold
from tests.world import XIANGYUN, at

GROUNDS = Grounds("secondary_contact", "与感染者同住", "区防控指挥部", "17号", "传染病防治法第四十一条")


@pytest.fixture
def mother(street, monkeypatch) -> Order:
    """程文 is held behind a door behind which her son of eight lives too; it is nine in the morning."""
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 9).isoformat())
    with scope([XIANGYUN]):
        version = keep_shipped("covid_9th", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
        door = street.doors["电力楼院 1-1-101"].pk
        Person.objects.filter(household=door).update(left_at=at(1, 7))
        woman, boy = (
            add_person(door, Newcomer(name=name, born_on=born), by=None, at=at(1, 8))
            for name, born in (
                ("程文", at(1, 1).date().replace(year=1988)),
                ("程小", at(1, 1).date().replace(year=2014)),
            )
        )
        wanted = [Proposal(woman.pk, "secondary_contact", {"last_exposure": Moment(at(18, 0).date())})]
        order = propose(wanted, version=version, by=street.users["书记刘"], at=at(21, 8))[0]
        confirm_address([order.pk], by=street.users["李楼长"], at=at(21, 8))
        begin_isolation([order.pk], GROUNDS, by=street.users["李楼长"], at=at(21, 8))
    order.boy = boy
    return order


def trip(order, **changed):
    return {
        "orders": [str(order.pk)], "to_mode": "central", "to_place": "和平酒店", "vehicle": "00A0000", "driver": "老陈",
        "leaves_at": "2022-04-21T14:00", **changed,
    }  # fmt: skip


def test_the_boy_is_looked_after_before_the_car_goes(mother, newcomer, browser_of, monkeypatch):
    clerk, lead = newcomer("clerk", XIANGYUN), browser_of("李楼长")
    new = reverse("transfer_new", args=[mother.pk])
    assert lead.get(new).status_code == 403
    at_night = clerk.post(new, trip(mother, leaves_at="2022-04-21T23:00", above="on", reason="上级要求"))
    assert "夜里不转运" in at_night.content.decode()  # a clerk does not speak for the level above
    page = clerk.post(new, trip(mother))["Location"]
    with scope([XIANGYUN]):
        car, need = Transfer.objects.get(), Need.objects.get()
    assert (need.what, need.due_at) == ("child", at(21, 14))
    assert "先要有人照看" in lead.get(page).content.decode()

    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 14).isoformat())
    gone = reverse("transfer_depart", args=[car.pk])
    assert "车还没有消杀" in lead.post(gone, {}).content.decode()
    assert "会一个人留在家里" in lead.post(gone, {"disinfected": "on"}).content.decode()
    link = hand_link(car)
    assert Client().post(link, {"received_by": "值班 王医生"}).status_code == 422  # it has not left
    lead.post(reverse("need_bring", args=[need.pk]), {})
    for _ in range(2):
        assert lead.post(gone, {"disinfected": "on"}).status_code == 302
    assert "程文" not in Client().get(link).content.decode()
    for name in ("值班 王医生", "别人"):
        assert Client().post(link, {"received_by": name}).status_code == 302
    with scope([XIANGYUN]):
        car = Transfer.objects.get()
        assert (car.received_by, car.arrived_at) == ("值班 王医生", at(21, 14))
        assert Order.objects.get().mode == Hold.objects.get().mode == "central"


def test_a_companion_goes_along_and_a_car_is_called_off(mother, newcomer):
    clerk = newcomer("clerk", XIANGYUN)
    page = clerk.post(
        reverse("transfer_new", args=[mother.pk]), trip(mother, companions=[str(mother.boy.pk)])
    )["Location"]
    with scope([XIANGYUN]):
        car = Transfer.objects.get()
        assert car.seats.count() == 2
        assert not Need.objects.exists()
    for said in ("程文", "程小", "和平酒店", "接收的人签字"):
        assert said in clerk.get(reverse("transfer_sheet", args=[car.pk])).content.decode()
    assert clerk.get(page).status_code == 200
    clerk.post(reverse("transfer_off", args=[car.pk]), {"off-reason": "酒店没有房间"})
    assert "和平酒店" not in clerk.get(reverse("transfers")).content.decode()
    gone = clerk.post(reverse("transfer_depart", args=[car.pk]), {"disinfected": "on"})
    assert "已经出发或者取消了" in gone.content.decode()
