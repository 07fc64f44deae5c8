"""Whether a home is fit: ticked once by whoever stands at the door, told in any order, and nobody moves on one word."""

import itertools
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.changing import approve_change, propose_extension, refuse_change
from shouwang.isolation.homes.fit import conditions
from shouwang.isolation.homes.looking import look, strike_look
from shouwang.isolation.models import Care, Change, Order
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds
from tests.devices.phones import phone_of
from tests.world import XIANGYUN, World, at

GROUNDS = Grounds("close_contact", "结果阳性的同住人", "区防控指挥部", "17号", "传染病防治法第四十一条")
HELD = at(21, 9)
CHECK = "isolation.home_check"


def asked_for(world: World, *, origin: Mapping[str, UUID | None]) -> list[Order]:
    """Everybody behind the first door is asked for by the ten points (contacts stay at home), and the address is seen."""
    with scope([XIANGYUN]):
        version = keep_shipped("covid_ten", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
        person = Person.objects.order_by("pk").first()
        other = Person.objects.exclude(household=person.household_id).order_by("pk").first()
        Person.objects.filter(pk=other.pk).update(household=person.household, area_code=person.area_code)
        wanted = [
            Proposal(pk, "close_contact", {"last_exposure": Moment(at(20, 9).date())}, origin_row=row)
            for pk, row in zip((person.pk, other.pk), origin.values(), strict=True)
        ]
        orders = propose(wanted, version=version, by=world.users["书记刘"], at=at(21, 8))
        confirm_address([one.pk for one in orders], by=world.users["李楼长"], at=at(21, 8, 30))
        return orders


def begun(world: World, orders: list[Order], moment=HELD) -> None:
    with scope([XIANGYUN]):
        begin_isolation([one.pk for one in orders], GROUNDS, by=world.users["李楼长"], at=moment)


@pytest.fixture
def two(street: World) -> list[Order]:
    """Two people behind one door whom a list asked for, held at home; nobody has looked."""
    orders = asked_for(street, origin={"one": uuid7(at(21, 8)), "other": uuid7(at(21, 8))})
    begun(street, orders)
    return orders


def found(orders: list[Order]) -> list[tuple[bool, list[str], str]]:
    rows = Order.objects.filter(pk__in=[one.pk for one in orders]).order_by("person")
    return list(rows.values_list("home_fit", "home_unmet", "mode"))


def owed() -> int:
    return Duty.objects.filter(kind=CHECK, fact="owed").count()


def test_whoever_stands_at_the_door_ticks_it_once_without_a_network(street, two, browser_of, monkeypatch):
    door, lead = two[0].household_id, street.users["李楼长"].pk
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 10).isoformat())
    phone = phone_of(street, [XIANGYUN])
    phone.fetch_package()
    with scope([XIANGYUN]):
        asks = conditions(two[0].plan)
    assert phone.parts["homes"] == {str(door): {"asks": asks}}
    assert [one for one in phone.parts["people"][str(two[0].person_id)]["owed"] if one[0] == CHECK]
    assert {*phone.parts["words"][asks[0]]} == {"zh-hans", "zh-hant", "en"}
    assert phone.parts["words"][asks[0]]["en"] != asks[0]

    wrong = phone.tell(CHECK, {"household": door, "lacks": []}, worker=lead, at=at(21, 10, 10))
    phone.tell("undo", {"of": str(wrong)}, worker=lead, at=at(21, 10, 11))
    phone.tell(CHECK, {"household": door, "lacks": [asks[1]]}, worker=lead, at=at(21, 10, 12))
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 12).isoformat())
    assert [one["outcome"] for one in phone.send(at=at(21, 12)).said["outcomes"]] == ["stored"] * 3
    phone.fetch_package()
    assert phone.parts["homes"] == {}
    with scope([XIANGYUN]):
        assert found(two) == [(False, [asks[1]], "home")] * 2
        assert set(Duty.objects.filter(kind=CHECK).values_list("fact", "done_at")) == {
            ("done", at(21, 10, 12))
        }
        moves = Change.objects.filter(approved_at=None, refused_at=None)
        assert {one.proposed_by_id for one in moves} == {lead}
        assert {one.order_id for one in moves} == {one.pk for one in two}
    page = reverse("order", args=[two[0].pk])
    said = browser_of("书记刘").get(page).content.decode()
    assert (f"家里不适合隔离：{asks[1]}" in said, "已撤回" in said) == (True, True)
    english = browser_of("书记刘").get(page, headers={"Accept-Language": "en"}).content.decode()
    assert "not fit for isolation: No central air conditioning" in english
    assert not [one for one in asks if one in re.sub(r'value="[^"]*"', "", english)]


def test_a_door_without_isolation_and_a_door_elsewhere_are_kept_and_looked_at(street, two, monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 10).isoformat())
    phone, lead = phone_of(street, [XIANGYUN]), street.users["李楼长"].pk
    with scope([XIANGYUN]):
        empty = Person.objects.exclude(household=two[0].household_id).first().household_id
    for household, lacks in ((empty, []), (9**9, []), (two[0].household_id, [""])):
        phone.tell(CHECK, {"household": household, "lacks": lacks}, worker=lead, at=at(21, 10))
    told = phone.send(at=at(21, 10)).said["outcomes"]
    assert [one.get("reason") for one in told[:2]] == ["nobody_isolated", "not_in_scope"]
    assert told[2]["outcome"] == "unreadable"
    with scope([XIANGYUN]):
        assert (owed(), Care.objects.filter(what="home").count()) == (2, 0)


# What is found by whom, and when: the last says what counts, in whatever order the two phones and the desk are heard.
LOOKS = ((at(21, 10), [1]), (at(21, 10, 30), []), (at(21, 11), [2]))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_last_look_counts_in_whatever_order_they_arrive(street, two, order):
    by = street.users["李楼长"]
    with scope([XIANGYUN]):
        asks, ids = conditions(two[0].plan), [uuid7(when) for when, _ in LOOKS]
        for number, place in enumerate(order):
            when, lacks = LOOKS[place]
            look(
                [one.pk for one in two], lacks=[asks[one] for one in lacks], looked_at=when, by=by,
                at=at(21, 12, number), id=ids[place],
            )  # fmt: skip
        assert found(two) == [(False, [asks[2]], "home")] * 2
        waits = Change.objects.filter(approved_at=None, refused_at=None)
        assert set(waits.values_list("reason", flat=True)) == {f"家里不适合隔离：{asks[2]}"}
        assert Care.objects.filter(what="home", void_at=None).count() == 6
        strike_look(ids[2], by=by, at=at(21, 13))
        assert (found(two), waits.count(), owed()) == ([(True, [], "home")] * 2, 0, 0)
        for place in (0, 1):
            strike_look(ids[place], by=by, at=at(21, 13))
        assert (found(two), waits.count(), owed()) == ([(True, [], "home")] * 2, 0, 2)


def test_a_look_from_before_the_decision_that_arrives_after_it_leaves_nothing_to_owe(street: World):
    orders = asked_for(street, origin={"one": uuid7(at(21, 8)), "by_hand": None})
    by, seen = street.users["李楼长"], uuid7(at(21, 8, 45))
    begun(street, orders)
    with scope([XIANGYUN]):
        assert owed() == 1  # who was asked by hand has answered
        look([one.pk for one in orders], lacks=[], looked_at=at(21, 8, 45), by=by, at=at(21, 10), id=seen)
        assert owed() == 0
        strike_look(seen, by=by, at=at(21, 10, 5))
        assert owed() == 1


def test_an_answer_given_by_hand_counts_again_when_a_look_is_taken_back(street: World):
    orders = asked_for(street, origin={"one": uuid7(at(21, 8)), "by_hand": None})
    by, seen = street.users["李楼长"], uuid7(at(21, 10))
    with scope([XIANGYUN]):
        lacks = conditions(orders[0].plan)[:1]
        Order.objects.filter(origin_row=None).update(home_fit=False, home_unmet=lacks, mode="central")
        ids = [one.pk for one in orders]
        look(ids, lacks=[], looked_at=at(21, 8, 45), by=by, at=at(21, 8, 45), id=seen)
        assert found(orders) == [(True, [], "home")] * 2
        strike_look(seen, by=by, at=at(21, 8, 50))
        assert sorted(found(orders)) == [(False, lacks, "central"), (True, [], "home")]


def longer(street: World, one: Order) -> UUID:
    until = one.until + timedelta(days=1)
    return propose_extension(
        one.pk, until=until, reason="又有接触", document="18号", by=street.users["书记刘"], at=at(21, 9, 30)
    ).pk


@pytest.mark.parametrize("decision", ["approved", "refused"])
def test_a_move_that_waits_behind_another_change_is_proposed_once_that_is_decided(street, two, decision):
    """Whichever comes first, the look or the decision, one move is proposed, once, by whoever looked."""
    lead, secretary, other = street.users["李楼长"], street.users["书记刘"], two[1]
    with scope([XIANGYUN]):
        lacks, change = conditions(two[0].plan)[:1], longer(street, two[0])
        found_at, ids = at(21, 10), [one.pk for one in two]
        told = look(ids, lacks=lacks, looked_at=found_at, by=lead, at=found_at, id=uuid7(found_at))
        assert [one.order_id for one in told] == [other.pk]  # the first waits behind what was asked before
        if decision == "approved":
            approve_change(change, by=lead, at=at(21, 11))
        else:
            refuse_change(change, reason="不用", by=lead, at=at(21, 11))
        move = Change.objects.get(order=two[0], approved_at=None, refused_at=None)
        assert (move.proposed_by, move.reason) == (lead, f"家里不适合隔离：{lacks[0]}")
        refuse_change(move.pk, reason="已经腾出房间", by=secretary, at=at(21, 12))
        assert not Change.objects.filter(order=two[0], approved_at=None, refused_at=None).exists()
        approve_change(told[0].pk, by=secretary, at=at(21, 12))
        assert [mode for _fit, _unmet, mode in found(two)] == ["home", "central"]


def test_a_look_and_a_decision_in_the_same_moment_lose_no_move(street, two):
    lead = street.users["李楼长"]
    with scope([XIANGYUN]):
        lacks, change = conditions(two[0].plan)[:1], longer(street, two[0])

    def looks() -> None:
        look([two[0].pk], lacks=lacks, looked_at=at(21, 10), by=lead, at=at(21, 10), id=uuid7(at(21, 10)))

    def decides() -> None:
        approve_change(change, by=lead, at=at(21, 10))

    def alone(work: Callable[[], None]) -> None:
        try:
            with scope([XIANGYUN]):
                work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(alone, (looks, decides)))
    with scope([XIANGYUN]):
        assert Change.objects.get(order=two[0], approved_at=None).reason == f"家里不适合隔离：{lacks[0]}"
