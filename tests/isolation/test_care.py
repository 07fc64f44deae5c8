"""From the proposal to the hour of the end, under row-level security, with the clock that the test sets."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from shouwang.access.models import User
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.isolation.asking import NoAnswer, OwnDecision, answer, ask, bring, object_to, take_on
from shouwang.isolation.caring import (
    Done,
    NotATemperature,
    Taken,
    TooEarly,
    record_cares,
    record_readings,
    release,
)
from shouwang.isolation.changing import (
    ChangeSettled,
    ChangeWaits,
    OverAlready,
    approve_change,
    open_changes,
    propose_category,
    propose_count_again,
    propose_extension,
    refuse_change,
    what_followers_become,
)
from shouwang.isolation.daily import plan_day, temperature_windows
from shouwang.isolation.models import Need, Order, Reading
from shouwang.isolation.needs.reaching import doors, worst
from shouwang.isolation.ordering import (
    AddressFirst,
    HasOrder,
    Lapsed,
    NoRegime,
    NotLivingHere,
    Proposal,
    confirm_address,
    decide,
    propose,
    schedule,
)
from shouwang.isolation.overview import curve
from shouwang.isolation.schedule import Moment
from shouwang.plans.actions import activate, keep_shipped, read
from shouwang.register.editing import Newcomer, add_person, leave
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds, HeldAlready, NotLonger, Over, SecondPerson, Unfounded
from shouwang.standing.queries import held
from tests.world import XIANGYUN, World, at

GROUNDS = Grounds(
    "secondary_contact", "与密接同住", "区防控指挥部", "二七防指〔2022〕17号", "传染病防治法第四十一条"
)
LAST_EXPOSURE = {"last_exposure": Moment(date(2022, 4, 18))}


@pytest.fixture
def family(world: World) -> Iterator[list[Person]]:
    """Two people behind one door; everything happens in the community's scope."""
    with scope([XIANGYUN], by=world.users["书记刘"]):
        door = world.doors["电力楼院 1-1-101"].pk
        world.users["副书记"] = User.objects.create_user(
            "副书记", "一个很长的口令", name="副书记", created_at=at(1, 8)
        )
        yield [add_person(door, Newcomer(name=name), by=None, at=at(1, 8)) for name in ("程文", "石兰")]


def ninth():
    return keep_shipped("covid_9th", at=at(1, 8))


def asked(
    world: World, people, category: str = "secondary_contact", moment=at(20, 20), **values
) -> list[Order]:
    wanted = [Proposal(person.pk, category, LAST_EXPOSURE, **values) for person in people]
    return propose(wanted, version=ninth(), by=world.users["书记刘"], at=moment)


def held_at_home(world: World, people, moment=at(20, 21), **values) -> list[Order]:
    orders = asked(world, people, moment=moment - timedelta(hours=1), **values)
    ids = [order.pk for order in orders]
    confirm_address(ids, by=world.users["李楼长"], at=moment)
    decide(ids, GROUNDS, by=world.users["副书记"], at=moment)
    return list(Order.objects.filter(pk__in=ids).order_by("person"))


def facts(kind: str) -> list[str]:
    return sorted(Duty.objects.filter(kind=f"isolation.{kind}").values_list("fact", flat=True))


def test_a_community_cannot_confine(world, family):
    """Until it is decided by somebody else, with grounds and a seen address, it is a request that lapses."""
    order = asked(world, family[:1])[0]
    assert order.lapses_at == at(20, 22)  # the plan's two hours
    assert held([family[0].pk], now=at(20, 21)) == {}
    with pytest.raises(AddressFirst):
        decide([order.pk], GROUNDS, by=world.users["副书记"], at=at(20, 21))
    with pytest.raises(SecondPerson):
        confirm_address([order.pk], by=world.users["书记刘"], at=at(20, 21))
    confirm_address([order.pk], by=world.users["李楼长"], at=at(20, 21))
    with pytest.raises(SecondPerson):
        decide([order.pk], GROUNDS, by=world.users["书记刘"], at=at(20, 21))
    with pytest.raises(Unfounded):
        decide(
            [order.pk],
            Grounds("secondary_contact", "同住", "", "", ""),
            by=world.users["副书记"],
            at=at(20, 21),
        )
    with pytest.raises(Lapsed):
        decide([order.pk], GROUNDS, by=world.users["副书记"], at=at(20, 22))
    assert Duty.objects.filter(kind__startswith="isolation").count() == 0


def test_a_family_is_bound_together_and_let_out_at_the_hour(world, family):
    first, second = held_at_home(world, family)
    assert second.bound_to == first
    assert (first.mode, first.until) == ("home", at(26, 0))
    assert set(held([one.pk for one in family], now=at(25, 23, 59))) == {one.pk for one in family}
    assert held([one.pk for one in family], now=at(26, 0)) == {}  # by itself, also where nobody was awake
    assert facts("begin") == ["owed", "owed"]
    record_cares([Done(order=first.pk, at=at(20, 22), what="begin")], by=world.users["李楼长"], at=at(20, 22))
    assert facts("begin") == ["done", "owed"]
    late = release([first.pk], by=world.users["书记刘"], at=at(26, 1))
    assert [care.what for care in late] == ["release"]
    assert facts("release") == ["late", "owed"]  # an hour late is a number on the board
    shown = {one.on.day: (one.people, one.by_plan) for one in curve(at(27, 8), past=8, ahead=1)}
    assert (shown[19], shown[20], shown[25]) == ((0, 0), (2, 2), (2, 2))
    # The other one still waits to be told.
    assert (shown[26], shown[27], shown[28]) == ((1, 0), (1, 0), (0, 0))


def test_each_day_is_owed_its_readings_and_a_reading_counts_once(world, family):
    held_at_home(world, family)
    rules = read(ninth())
    assert plan_day(XIANGYUN, date(2022, 4, 21), rules=rules, at=at(21, 0, 1)) == 4
    assert plan_day(XIANGYUN, date(2022, 4, 21), rules=rules, at=at(21, 0, 2)) == 0
    morning = Taken(person=family[0].pk, at=at(21, 8), how="own", temperature_c=Decimal("36.5"))
    record_readings([morning], by=None, at=at(21, 8))
    record_readings([morning], by=None, at=at(21, 8))
    assert facts("temperature") == ["done", "owed", "owed", "owed"]
    noon = Taken(person=family[1].pk, at=at(21, 14), how="phone", temperature_c=Decimal("36.4"))
    record_readings([noon], by=world.users["李楼长"], at=at(21, 14))
    assert facts("temperature") == ["done", "late", "owed", "owed"]


@pytest.mark.parametrize("degrees", ["43.5", "45.1", "3.65", "29.9"])
def test_a_reading_that_cannot_be_is_a_sentence(world, family, degrees):
    taken = Taken(person=family[0].pk, at=at(21, 8), how="door", temperature_c=Decimal(degrees))
    if degrees == "43.5":  # possible for a thermometer, hardly for a person: kept, and shown for a check
        record_readings([taken], by=None, at=at(21, 8))
        assert Reading.objects.count() == 1
    else:
        with pytest.raises(NotATemperature):
            record_readings([taken], by=None, at=at(21, 8))


def test_the_days_windows_never_overlap():
    windows = temperature_windows(read_ninth().temperature, date(2022, 4, 21))
    assert [(one.opens_at, one.due_at, one.lapses_at) for one in windows] == [
        (at(21, 0), at(21, 12), at(21, 18)),
        (at(21, 18), at(22, 0), at(22, 0)),
    ]


def read_ninth():
    from shouwang.plans.loader import load, shipped

    return load(shipped()["covid_9th"])


def test_who_cannot_be_ordered_is_told_why(world, family):
    with pytest.raises(NoRegime):
        asked(world, family[:1], category="yellow_code")
    asked(world, family[:1])
    with pytest.raises(HasOrder):
        asked(world, family[:1])
    leave(family[1].pk, reason="died", by=None, at=at(19, 8))
    with pytest.raises(NotLivingHere) as refused:
        asked(world, family[1:])
    assert "去世" in str(refused.value)


def test_it_grows_only_in_writing_and_by_two(world, family):
    order = held_at_home(world, family[:1])[0]
    by, other = (
        {"by": world.users["书记刘"], "at": at(24, 9)},
        {"by": world.users["副书记"], "at": at(24, 10)},
    )
    with pytest.raises(NotLonger):
        propose_extension(order.pk, until=at(25, 0), reason="x", document="18号", **by)
    with pytest.raises(Unfounded):
        propose_extension(order.pk, until=at(27, 0), reason="仍有发热", document=" ", **by)
    longer = propose_extension(order.pk, until=at(27, 0), reason="仍有发热", document="18号", **by)
    approve_change(longer.pk, **other)
    assert set(held([family[0].pk], now=at(26, 12))) == {family[0].pk}
    seen = Moment(date(2022, 4, 21))
    again = propose_count_again(order.pk, seen, reason="再次接触", document="19号", **by)
    assert approve_change(again.pk, **other).until == at(29, 0)
    assert facts("release") == ["owed", "void", "void"]


def test_a_follower_becomes_a_contact_when_the_contact_is_positive(world, family):
    first = held_at_home(world, family[:1])[0]
    second = held_at_home(world, family[1:], primary=first.pk)[0]
    assert what_followers_become(first.pk, ["negative", "pending"]) == {second.pk: "wait"}
    assert what_followers_become(first.pk, ["negative", "positive"]) == {second.pk: "close_contact"}
    change = propose_category(
        second.pk, "close_contact", reason="密接转阳", document="20号", by=world.users["书记刘"], at=at(22, 9)
    )
    changed = approve_change(change.pk, by=world.users["副书记"], at=at(22, 9))
    assert (changed.category, changed.mode, changed.until) == ("close_contact", "central", at(29, 0))


def test_two_decisions_never_overlap(world, family):
    order = held_at_home(world, family[:1])[0]
    Order.objects.filter(pk=order.pk).update(released_at=at(21, 9))  # the hold itself is still there
    with pytest.raises(HeldAlready):
        held_at_home(world, family[:1], moment=at(22, 21))


def test_an_objection_is_answered_by_somebody_else_and_upheld_ends_it(world, family):
    order = held_at_home(world, family[:1])[0]
    objection = object_to(order.pk, words="我那天不在", at=at(21, 9))
    assert objection.due_at == at(23, 9)
    with pytest.raises(OwnDecision):
        answer(objection.pk, upheld=True, words="属实", by=world.users["副书记"], at=at(21, 10))
    with pytest.raises(NoAnswer):
        answer(objection.pk, upheld=True, words=" ", by=world.users["李楼长"], at=at(21, 10))
    answer(objection.pk, upheld=True, words="行程核实，当天在外地", by=world.users["李楼长"], at=at(21, 10))
    assert held([family[0].pk], now=at(21, 11)) == {}
    assert facts("objection") == ["done"]
    with pytest.raises(TooEarly):
        release([held_at_home(world, family[1:])[0].pk], by=world.users["书记刘"], at=at(21, 12))


def test_what_is_asked_for_comes_and_what_recurs_is_asked_again(world, family):
    door = world.doors["电力楼院 1-1-101"].pk
    need = ask(door, what="dialysis", words="周二透析，要车", how="phone", by=None, at=at(20, 9),
               due_at=at(26, 8), every_days=7)  # fmt: skip
    take_on(need.pk, way="worker", by=world.users["李楼长"], at=at(20, 10))
    bring(need.pk, brought_at=at(26, 7), by=world.users["李楼长"], at=at(26, 7))
    assert [one.due_at for one in Need.objects.order_by("due_at")] == [at(26, 8), at(33, 8)]
    assert facts("need") == ["done", "owed"]


def test_a_change_needs_two_people_and_changes_nothing_until_then(world, family):
    first, second = held_at_home(world, family)
    words = {"reason": "结果未出", "document": "18号"}
    asked_for = propose_extension(first.pk, until=at(27, 0), by=world.users["书记刘"], at=at(24, 9), **words)
    with pytest.raises(ChangeWaits):
        propose_extension(first.pk, until=at(28, 0), by=world.users["书记刘"], at=at(24, 9), **words)
    with pytest.raises(SecondPerson):
        approve_change(asked_for.pk, by=world.users["书记刘"], at=at(24, 10))
    assert held([family[0].pk], now=at(26, 0)) == {}
    longer = approve_change(asked_for.pk, by=world.users["副书记"], at=at(24, 11))
    assert longer.until == at(27, 0)
    assert set(held([family[0].pk], now=at(26, 0))) == {family[0].pk}
    with pytest.raises(ChangeSettled):
        approve_change(asked_for.pk, by=world.users["副书记"], at=at(24, 12))
    again = propose_count_again(
        second.pk, Moment(date(2022, 4, 21)), by=world.users["书记刘"], at=at(24, 9), **words
    )
    refuse_change(again.pk, reason="没有接触", by=world.users["副书记"], at=at(24, 10))
    other = propose_category(second.pk, "close_contact", by=world.users["书记刘"], at=at(25, 9), **words)
    with pytest.raises(Over):  # nobody approved it in time, so the hour of the end stands
        approve_change(other.pk, by=world.users["副书记"], at=at(26, 0))
    assert Order.objects.get(pk=second.pk).category == "secondary_contact"
    assert open_changes().get() == other


def test_a_new_edition_in_the_middle_changes_nobody_who_is_not_classified_again(world, family):
    contact, other = (held_at_home(world, [one], category="close_contact")[0] for one in family)
    twenty = keep_shipped("covid_twenty", at=at(22, 8))
    activate(XIANGYUN, twenty, reason="二十条", by=None, at=at(22, 8))
    assert {order.until for order in Order.objects.all()} == {at(29, 0)}  # the 9th edition's 7 + 3
    change = propose_category(
        contact.pk, "close_contact", version=twenty, reason="按二十条", document="30号",
        by=world.users["书记刘"], at=at(22, 9),
    )  # fmt: skip
    assert change.until == at(27, 0)
    shorter = approve_change(change.pk, by=world.users["副书记"], at=at(22, 10))
    assert (shorter.until, shorter.plan, schedule(shorter).until) == (at(27, 0), twenty, at(27, 0))
    assert set(held([one.pk for one in family], now=at(27, 0))) == {other.person_id}
    with pytest.raises(NoRegime):
        propose_category(
            other.pk, "secondary_contact", version=twenty, reason="按二十条", document="30号",
            by=world.users["书记刘"], at=at(22, 9),
        )  # fmt: skip
    with pytest.raises(OverAlready):
        propose_category(
            other.pk, "close_contact", version=twenty, reason="按二十条", document="30号",
            by=world.users["书记刘"], at=at(27, 9),
        )  # fmt: skip


def test_the_door_that_waits_longest_is_the_first_of_the_list(world, family):
    assert worst(now=at(20, 20)) is None
    held_at_home(world, family[:1], moment=at(19, 21))
    other = add_person(world.doors["电力楼院 2-1-101"].pk, Newcomer(name="林学"), by=None, at=at(1, 8))
    held_at_home(world, [other], moment=at(20, 21))
    for served, days in ((None, 4), ("电力楼院 1-1-101", 3), ("电力楼院 2-1-101", 2)):
        if served:
            need = ask(world.doors[served].pk, what="food", words="米", how="phone", by=None, at=at(21, 9))
            bring(need.pk, brought_at=at(21, 10), by=None, at=at(21, 10))
        first = doors(now=at(23, 9), most=1)[0]
        assert worst(now=at(23, 9)) == (first.days, first.area_code) == (days, first.area_code)
