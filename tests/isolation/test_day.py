"""The day of the isolated begins by itself."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.isolation_day import begin_isolation, owe_the_day
from shouwang.isolation.caring import Done, Taken, record_cares, record_readings
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import (
    Outside,
    OutsideThePlan,
    Proposal,
    confirm_address,
    propose,
    schedule,
)
from shouwang.isolation.schedule import Moment
from shouwang.lib.clock import ZONE
from shouwang.outreach.channels import set_office
from shouwang.outreach.models import Message
from shouwang.plans.actions import activate, in_force, keep, keep_shipped
from shouwang.plans.loader import shipped
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds
from shouwang.standing.queries import held
from tests.door import sealed
from tests.world import XIANGYUN, World, at

GROUNDS = Grounds("secondary_contact", "与密接同住", "区防控指挥部", "17号", "传染病防治法第四十一条")


def care_due(person: int) -> list[tuple[str, int, int]]:
    """What is owed to somebody: the kind, and the day and hour at which it is due."""
    owed = Duty.objects.filter(person=person).exclude(kind__in=("isolation.begin", "isolation.release"))
    rows = owed.order_by("due_at", "kind").values_list("kind", "due_at")
    return [(kind.split(".")[1], *hour_of(due)) for kind, due in rows]


def hour_of(moment) -> tuple[int, int]:
    """Day and hour in April, the midnight that ends a day as 24."""
    last = moment.astimezone(ZONE) - timedelta(microseconds=1)
    return last.day, last.hour + 1


def readings_owed(moment) -> int:
    with scope([XIANGYUN]):
        return Duty.objects.filter(
            kind="isolation.temperature", opens_at__lte=moment, lapses_at__gt=moment
        ).count()


def test_care_is_owed_on_the_day_of_the_decision_and_every_day_until_the_end(world: World, monkeypatch):
    with scope([XIANGYUN]):
        version = keep_shipped("covid_9th", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
        person = Person.objects.order_by("pk").first()
        wanted = Proposal(person.pk, "secondary_contact", {"last_exposure": Moment(date(2022, 4, 18))})
        order = propose([wanted], version=version, by=world.users["书记刘"], at=at(20, 8))[0]
        confirm_address([order.pk], by=world.users["李楼长"], at=at(20, 9))
        begin_isolation([order.pk], GROUNDS, by=world.users["李楼长"], at=at(20, 9))
    assert readings_owed(at(20, 10)) == 1
    for day, owed in ((21, 1), (25, 1), (26, 0)):
        monkeypatch.setenv("SHOUWANG_CLOCK", at(day, 0, 1).isoformat())
        jobs.owe_isolation()
        jobs.owe_isolation()
        assert readings_owed(at(day, 10)) == owed


@pytest.mark.parametrize(
    ("decided", "ends", "first", "last"),
    [
        # decided at, end of the last exposure's day or its hour, what is owed on the first day and on the last
        (at(24, 8), None, [("temperature", 24, 12), ("temperature", 24, 24)], [25, 25, 25, 25, 25]),
        (at(24, 13), None, [("temperature", 24, 24)], [25, 25, 25, 25, 25]),  # the morning's was due at noon
        (at(24, 23, 50), None, [("temperature", 24, 24)], [25, 25, 25, 25, 25]),
        (
            at(24, 13),
            at(18, 15, 30),
            [("temperature", 24, 24)],
            [25],
        ),  # out at 15:30: the evening is not owed
        (at(24, 13), at(18, 9), [("temperature", 24, 24)], []),
    ],
)
def test_nothing_is_owed_that_was_due_before_the_decision_or_is_due_after_the_end(
    world: World, decided, ends, first, last
):
    text = shipped()["covid_9th"].read_text(encoding="utf-8")
    text = text.replace('"welfare_call_every_days", "spot_check_every_days", "waste_every_days", ', "")
    every = "welfare_call_every_days = 1\nspot_check_every_days = 1\nwaste_every_days = 1\ntransfer_passengers = 3\n"
    with scope([XIANGYUN]):
        version = keep(text.replace("transfer_passengers = 3\n", every), file="x.toml", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
        person = Person.objects.order_by("pk").first()
        seen = {"last_exposure": Moment(date(2022, 4, 18), ends)}
        wanted = Proposal(person.pk, "secondary_contact", seen)
        order = propose(
            [wanted], version=version, by=world.users["书记刘"], at=decided - timedelta(minutes=9)
        )[0]
        confirm_address([order.pk], by=world.users["李楼长"], at=decided)
        begin_isolation([order.pk], GROUNDS, by=world.users["李楼长"], at=decided)
        assert care_due(person.pk) == first
        owe_the_day(XIANGYUN, now=at(25, 0, 1))
        assert [day for _kind, day, _hour in care_due(person.pk)[len(first) :]] == last


def ask_one(world: World, moment, category="secondary_contact", **values):
    """The first person of the street is asked, and the address is seen."""
    version = keep_shipped("covid_9th", at=at(1, 8))
    if in_force(XIANGYUN, now=moment) is None:
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
    person = Person.objects.order_by("pk").first()
    wanted = Proposal(person.pk, category, {"last_exposure": Moment(date(2022, 4, 18))}, **values)
    order = propose([wanted], version=version, by=world.users["书记刘"], at=moment)[0]
    confirm_address([order.pk], by=world.users["李楼长"], at=moment)
    return order


def test_on_the_hour_it_ends_by_itself_and_the_person_is_told(world: World, monkeypatch):
    with scope([XIANGYUN]):
        set_office(XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=2,
                   by=None, at=at(20, 8))  # fmt: skip
        order = ask_one(world, at(20, 9))
        Person.objects.filter(pk=order.person_id).update(phones_sealed=[sealed("13900004321")])
        begin_isolation([order.pk], GROUNDS, by=world.users["李楼长"], at=at(20, 9))
        assert [one.made_at for one in Message.objects.all()] == [at(20, 9)]  # the reason, at once
    for moment, over in ((at(25, 23, 59), False), (at(26, 0), True), (at(26, 0, 1), True)):
        monkeypatch.setenv("SHOUWANG_CLOCK", moment.isoformat())
        jobs.let_out()
        with scope([XIANGYUN]):
            assert (Order.objects.get().released_at == at(26, 0)) is over
            assert Message.objects.filter(purpose="let_go").count() == int(over)
    with scope([XIANGYUN]):
        assert held([order.person_id], now=at(26, 0)) == {}
        owed = {one.kind.split(".")[1]: (one.fact, one.due_at) for one in Duty.objects.filter(about=order.pk)}
        assert owed["release"] == ("done", at(26, 0, 10))
        assert owed["welcome_call"] == ("owed", at(28, 0))  # by the evening of the next day
        record_cares([Done(order=order.pk, at=at(26, 9), what="welcome")], by=None, at=at(26, 9))
        assert Duty.objects.get(kind="isolation.welcome_call").fact == "done"


@pytest.mark.parametrize(
    ("hour", "told", "written"), [(7, False, 0), (8, False, 1), (12, False, 0), (20, False, 1), (20, True, 0)]
)
def test_whoever_has_not_told_a_reading_is_reminded_once(world: World, monkeypatch, hour, told, written):
    with scope([XIANGYUN]):
        set_office(XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=2,
                   by=None, at=at(20, 8))  # fmt: skip
        order = ask_one(world, at(20, 9))
        Person.objects.filter(pk=order.person_id).update(phones_sealed=[sealed("13900004321")])
        begin_isolation([order.pk], GROUNDS, by=world.users["李楼长"], at=at(20, 9))
        owe_the_day(XIANGYUN, now=at(21, 0, 1))
        if told:
            taken = Taken(order.person_id, at(21, hour), "own", temperature_c=Decimal("36.5"))
            record_readings([taken], by=None, at=at(21, hour))
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, hour, 5).isoformat())
    for _ in range(2):
        jobs.remind_of_readings()
    with scope([XIANGYUN]):
        assert Message.objects.filter(purpose="not_told_yet").count() == written


def test_a_reason_of_its_own_is_for_the_level_above(world: World):
    with scope([XIANGYUN]):
        order = ask_one(world, at(20, 9), category="", outside=Outside("卡口冲突后自愿观察", "home", 3))
        assert (order.until, order.lapses_at) == (at(23, 9), at(20, 11))
        by = {"by": world.users["李楼长"], "at": at(20, 10)}
        with pytest.raises(OutsideThePlan) as refused:
            begin_isolation([order.pk], GROUNDS, **by)
        assert "卡口冲突后自愿观察" in str(refused.value)
        begin_isolation([order.pk], GROUNDS, above=True, **by)
        row = Order.objects.get()
        assert (row.above, schedule(row).until) == (True, at(23, 9))
