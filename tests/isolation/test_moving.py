"""Nobody is taken who must not be, and nobody stays behind alone."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from shouwang.access.scope import scope
from shouwang.isolation.asking import ask, bring
from shouwang.isolation.models import Order, Transfer
from shouwang.isolation.moving import (
    AtNight,
    HasLeft,
    LeftAlone,
    NoGuardian,
    NotDisinfected,
    TooMany,
    Trip,
    depart,
    hand_over,
    plan_transfer,
)
from shouwang.isolation.ordering import Proposal, propose
from shouwang.isolation.rules import Member, age, is_night, left_without_guardian, taken_without_guardian
from shouwang.isolation.schedule import Moment
from shouwang.plans.actions import keep_shipped
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Person
from tests.world import XIANGYUN, World, at

TODAY = date(2022, 4, 21)
MOTHER = Member(1, "母亲", date(1988, 3, 1))
BOY = Member(2, "男孩", date(2014, 5, 5))
TEEN = Member(3, "少年", date(2008, 4, 21))  # fourteen today
OLD = Member(4, "老人", date(1941, 1, 1), leans=True)
UNKNOWN = Member(5, "不详", None)


@pytest.mark.parametrize(
    ("leaving", "alone"),
    [
        ([BOY], ["男孩"]),
        ([BOY, OLD], ["男孩", "老人"]),  # two who need somebody are nobody's guardian
        ([BOY, MOTHER], []),
        ([TEEN], []),
        ([OLD], ["老人"]),
        ([MOTHER, UNKNOWN], []),
    ],
)
def test_children_and_dependants_go_with_somebody(leaving, alone):
    found = taken_without_guardian(leaving, on=TODAY, guardian_until_age=14)
    assert [one.name for one in found] == alone


@pytest.mark.parametrize(
    ("leaving", "alone"),
    [([MOTHER], ["男孩"]), ([MOTHER, BOY], []), ([BOY], [])],
)
def test_children_do_not_stay_alone(leaving, alone):
    found = left_without_guardian([MOTHER, BOY], leaving, on=TODAY, guardian_until_age=14)
    assert [one.name for one in found] == alone


@pytest.mark.parametrize(
    ("hour", "night"), [((21, 59), False), ((22, 0), True), ((3, 0), True), ((6, 59), True), ((7, 0), False)]
)
def test_the_night_is_the_plans_night(hour, night):
    assert is_night(at(21, *hour), quiet_from=time(22), quiet_until=time(7)) is night
    assert not is_night(at(21, *hour), quiet_from=None, quiet_until=None)


def test_a_birthday_counts_from_its_morning():
    assert age(date(2008, 4, 21), TODAY) == 14
    assert age(date(2008, 4, 22), TODAY) == 13


@pytest.fixture
def family(world: World) -> Iterator[dict[str, Order]]:
    """A mother and a boy of seven behind one door, both contacts."""
    with scope([XIANGYUN], by=world.users["书记刘"]):
        door = world.doors["电力楼院 2-1-101"]
        Person.objects.filter(household=door).update(left_at=at(1, 8))
        people = [add_person(door.pk, Newcomer(name=name), by=None, at=at(1, 8)) for name in ("母亲", "男孩")]
        Person.objects.filter(name="男孩").update(born_on=date(2014, 5, 5))
        wanted = [
            Proposal(one.pk, "close_contact", {"last_exposure": Moment(date(2022, 4, 19))}) for one in people
        ]
        version = keep_shipped("covid_9th", at=at(1, 8))
        orders = propose(wanted, version=version, by=world.users["书记刘"], at=at(21, 8))
        yield {order.person.name: order for order in orders}


def trip(hour: int = 10) -> Trip:
    return Trip("区集中隔离点", "central", "甲A00001", "孙师傅", at(21, 8) + timedelta(hours=hour - 8))


def test_a_child_is_taken_with_the_mother_and_signed_for(world, family):
    by = world.users["书记刘"]
    with pytest.raises(NoGuardian):
        plan_transfer([family["男孩"].pk], trip(), by=by, at=at(21, 9))
    with pytest.raises(AtNight):
        plan_transfer([one.pk for one in family.values()], trip(22), by=by, at=at(21, 9))
    car = plan_transfer([one.pk for one in family.values()], trip(), by=by, at=at(21, 9))
    with pytest.raises(NotDisinfected):
        depart(car.pk, disinfected_at=None, left_at=at(21, 10), by=by, at=at(21, 10))
    depart(car.pk, disinfected_at=at(21, 9, 50), left_at=at(21, 10), by=by, at=at(21, 10))
    with pytest.raises(HasLeft):
        depart(car.pk, disinfected_at=at(21, 9, 50), left_at=at(21, 10), by=by, at=at(21, 10))
    hand_over(
        car.pk,
        received_by="隔离点 钱护士",
        arrived_at=at(21, 11),
        disinfected_at=at(21, 11, 20),
        by=by,
        at=at(21, 11),
    )
    assert Transfer.objects.get().received_by == "隔离点 钱护士"
    assert {order.mode for order in Order.objects.all()} == {"central"}


def test_a_guardian_leaves_when_somebody_is_there_for_the_child(world, family):
    by = world.users["书记刘"]
    car = plan_transfer([family["母亲"].pk], trip(), by=by, at=at(21, 9))
    with pytest.raises(LeftAlone):
        depart(car.pk, disinfected_at=at(21, 9, 50), left_at=at(21, 10), by=by, at=at(21, 10))
    need = ask(
        family["男孩"].household_id, what="child", words="外婆来住", how="phone", by=by, at=at(21, 9, 30)
    )
    bring(need.pk, brought_at=at(21, 9, 45), by=by, at=at(21, 9, 45))
    depart(car.pk, disinfected_at=at(21, 9, 50), left_at=at(21, 10), by=by, at=at(21, 10))
    assert Transfer.objects.get().left_at == at(21, 10)


def test_a_car_holds_what_the_plan_says(world, family):
    others = list(
        Person.objects.filter(household=world.doors["电力楼院 1-1-101"]).values_list("pk", flat=True)
    )
    more = [
        add_person(world.doors["电力楼院 1-1-101"].pk, Newcomer(name=name), by=None, at=at(1, 8)).pk
        for name in "甲乙"
    ]
    orders = [one.pk for one in family.values()]
    with pytest.raises(TooMany):
        plan_transfer(orders, trip(), companions=[*others, *more], by=world.users["书记刘"], at=at(21, 9))
