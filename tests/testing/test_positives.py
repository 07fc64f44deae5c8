"""A positive is a request to stay at home with the result as its evidence; a person decides, and nobody is held by a result alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from shouwang.access.actions import ITSELF
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.isolation.models import Change, Order
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep, keep_shipped, text_of
from shouwang.plans.actions import read as read_plan
from shouwang.register.models import Person
from shouwang.standing.models import Hold
from shouwang.testing.models import Pool, Told
from tests.desk.test_results import GROUNDS, bring
from tests.testing.test_results import lab, line, pairs
from tests.testing.tubes_world import lay
from tests.world import XIANGYUN, at

OWN = {"people": 1, "sampled": "2022-04-21 13:00", "tested": "2022-04-21 15:30"}


@pytest.fixture
def hour(monkeypatch):
    """Sets the clock."""

    def to(*told: int) -> None:
        monkeypatch.setenv("SHOUWANG_CLOCK", at(21, *told).isoformat())

    return to


def swabbed_alone(table, hour, *people: int) -> None:
    hour(13, 5)
    for number, person in enumerate(people):
        table.swab("采样孙", f"S{number}", person, capacity=1, at_door=True, when=at(21, 13))
    table.send("采样孙")


def under(plan: str) -> None:
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped(plan, at=at(20, 9)), reason="启用", by=None, at=at(20, 9))


def test_a_positive_and_who_lives_there_are_asked_for_and_a_person_decides(street, newcomer, hour):
    table = lay(street)
    under("covid_ten")
    first, second = pairs(table, "C1")["C1"]
    clerk, secretary = newcomer("clerk", XIANGYUN), newcomer("secretary", XIANGYUN)
    with scope([XIANGYUN]):
        home = Person.objects.get(pk=first).household
        Person.objects.filter(pk=table.people[5]).update(household=home, area_code=home.area_code)
    hour(12)
    bring(clerk, lab(line("C1", "阳性")), "混管.csv")
    with scope([XIANGYUN]):
        pool = Pool.objects.get()
        assert not Order.objects.exists()  # a tube of two says nothing of anybody
    secretary.post(reverse("pool_hold", args=[pool.pk]), GROUNDS)
    swabbed_alone(table, hour, first, second)
    hour(16)
    bring(clerk, lab(line("S0", "阳性", **OWN), line("S1", **OWN)), "单人.csv")
    bring(clerk, lab(line("S0", "阳性", **OWN), line("S1", **OWN)), "再传.csv")
    with scope([XIANGYUN]):
        orders = {one.person_id: one for one in Order.objects.select_related("proposed_by")}
        assert set(orders) == {first, table.people[5]}
        assert orders[first].category == "infected"
        assert orders[table.people[5]].category == "close_contact"
        assert {(one.proposed_by.username, one.source, one.decided_at) for one in orders.values()} == {
            (ITSELF, "test", None)
        }
        mine = orders[first]
        assert (mine.origin_clock, mine.origin_at) == ("sampling", at(21, 13))
        assert orders[table.people[5]].bound_to_id == mine.pk
        assert set(Hold.objects.filter(ended_at=None).values_list("about", flat=True)) == {pool.pk}
    shown = secretary.get(reverse("pool", args=[pool.pk])).content.decode()
    assert reverse("order", args=[mine.pk]) in shown
    assert "开始流调" in shown
    page = reverse("order", args=[mine.pk])
    asked = secretary.get(page).content.decode()
    assert "系统（自动提出）" in asked
    assert reverse("pool", args=[pool.pk]) in asked
    with scope([XIANGYUN]):
        lacks = read_plan(mine.plan).isolation.home_conditions[-1][:80]
    for number, (fit, ticked, mode) in enumerate((("no", [lacks], "central"), ("yes", [], "home"))):
        hour(16, number)
        looks = {"home-id": str(uuid7(at(21, 16, number))), "home-fit": fit, "home-lacks": ticked}
        clerk.post(reverse("order_home", args=[mine.pk]), looks)
        with scope([XIANGYUN]):  # what was asked for follows the home at once: nobody is held yet
            assert list(Order.objects.values_list("mode", "home_unmet")) == [(mode, ticked), (mode, ticked)]
    decide = reverse("order_decide", args=[mine.pk])
    assert "还没有第二个人核对" in secretary.post(decide, GROUNDS, follow=True).content.decode()
    with scope([XIANGYUN]):
        assert Hold.objects.get(person=first, ended_at=None).about == pool.pk  # refused: nothing has moved
    secretary.post(reverse("order_confirm", args=[mine.pk]))
    secretary.post(decide, GROUNDS)
    with scope([XIANGYUN]):
        pools, own = Hold.objects.filter(person=first).order_by("from_at")
        assert (pools.ended_at, own.from_at, own.about) == (at(21, 16, 1), at(21, 16, 1), mine.pk)
        assert own.until == at(21, 13) + timedelta(days=7)
        unasked = ("isolation.home_check", "testing.told")  # answered before; no hours in the plan
        assert not Duty.objects.filter(kind__in=unasked).exists()
        assert Order.objects.get(pk=orders[table.people[5]].pk).decided_at is None  # each on its own word
    assert "批准了" in secretary.get(reverse("pool", args=[pool.pk])).content.decode()


@pytest.mark.parametrize(
    ("plan", "asked_for", "change"),
    [("covid_9th", ["close_contact"], []), ("covid_ten", ["close_contact", "infected"], ["infected"])],
)
def test_the_plan_says_who_is_asked_for_and_who_is_kept_already_is_asked_to_change(
    street, newcomer, hour, plan, asked_for, change
):
    """By the ninth edition whoever is positive goes to hospital, under no order; by the ten points they stay at home."""
    table = lay(street)
    under(plan)
    clerk, secretary = newcomer("clerk", XIANGYUN), newcomer("secretary", XIANGYUN)
    first, other = table.people[0], table.people[5]
    with scope([XIANGYUN]):
        home = Person.objects.get(pk=first).household
        Person.objects.filter(pk=other).update(household=home, area_code=home.area_code)
    swabbed_alone(table, hour, first, other)
    hour(16)
    bring(clerk, lab(line("S0", "阳性", **OWN)), "单人.csv")
    with scope([XIANGYUN]):
        assert sorted(Order.objects.values_list("category", flat=True)) == asked_for
        kept = Order.objects.get(person=other)
        shown = clerk.get(reverse("pool", args=[Pool.objects.get().pk])).content.decode()
    assert "密接" in shown
    secretary.post(reverse("order_confirm", args=[kept.pk]))
    secretary.post(reverse("order_decide", args=[kept.pk]), GROUNDS)
    hour(17)
    bring(clerk, lab(line("S1", "阳性", **OWN)), "单人二.csv")
    with scope([XIANGYUN]):
        assert Order.objects.get(pk=kept.pk).category == "close_contact"  # until somebody agrees
        assert Order.objects.get(pk=kept.pk).decided_at
        assert list(Change.objects.values_list("category", flat=True)) == change


def test_the_home_is_looked_at_and_a_new_exposure_counts_again_once_a_person_agrees(street, newcomer, hour):
    """By the ten points contacts stay at home: nobody was asked about the home, so it is owed, and nobody moves unasked."""
    table = lay(street)
    under("covid_ten")
    clerk, secretary, lead = (newcomer(role, XIANGYUN) for role in ("clerk", "secretary", "grid_lead"))
    first, kept, third = table.people[0], table.people[5], table.people[6]
    with scope([XIANGYUN]):
        home = Person.objects.get(pk=first).household
        Person.objects.filter(pk__in=[kept, third]).update(household=home, area_code=home.area_code)
    swabbed_alone(table, hour, first, third)
    hour(16)
    bring(clerk, lab(line("S0", "阳性", **OWN)), "单人.csv")
    with scope([XIANGYUN]):
        order = Order.objects.get(person=kept)
        behind = list(Order.objects.order_by("person").values_list("pk", flat=True))
        lacks = read_plan(order.plan).isolation.home_conditions[0][:80]
    page = reverse("order", args=[order.pk])
    lead.post(reverse("order_confirm", args=[order.pk]), {"orders": behind})
    assert "还没核实家里能不能隔离。可以先决定" in secretary.get(page).content.decode()
    secretary.post(reverse("order_decide", args=[order.pk]), {**GROUNDS, "orders": behind})
    with scope([XIANGYUN]):
        owed = Duty.objects.filter(kind="isolation.home_check", fact="owed")
        assert sorted(owed.values_list("about", flat=True)) == sorted(behind)

    # The answer and the ticks must say the same; then it counts for everybody behind the door, and waits for a person.
    looks = {"home-id": str(uuid7(at(21, 16))), "home-fit": "no"}
    said = lead.post(reverse("order_home", args=[order.pk]), looks)
    assert (said.status_code, "请勾出做不到的是哪一条" in said.content.decode()) == (422, True)
    for _twice in range(2):
        said = lead.post(
            reverse("order_home", args=[order.pk]), {**looks, "home-lacks": [lacks]}, follow=True
        )
    assert "改隔离的地方" in said.content.decode()
    with scope([XIANGYUN]):
        assert not owed.exists()
        assert set(Order.objects.values_list("mode", "home_fit")) == {("home", False)}
        change = Change.objects.get(order=order)
        assert (change.category, change.until, change.reason) == (
            "close_contact",
            order.until,
            f"家里不适合隔离：{lacks}",
        )
        moves = list(Change.objects.values_list("pk", flat=True))
    for one in moves:
        secretary.post(reverse("change_approve", args=[one]))
    with scope([XIANGYUN]):
        assert set(Order.objects.values_list("mode", flat=True)) == {"central"}
        assert set(Hold.objects.filter(ended_at=None).values_list("mode", flat=True)) == {"central"}

    # Another of the household turns positive: whoever is a contact is exposed anew; who is ill already is not.
    hour(18)
    bring(clerk, lab(line("S1", "阳性", **OWN)), "单人二.csv")
    with scope([XIANGYUN]):
        waiting = {one.order_id: one for one in Change.objects.filter(approved_at=None)}
        assert Order.objects.get(pk=order.pk).origin_at == at(21, 16)  # until somebody agrees
        assert waiting[order.pk].exposure_at == at(21, 18)
        assert [waiting[pk].category for pk in waiting if pk != order.pk] == ["infected"]
    secretary.post(reverse("change_approve", args=[waiting[order.pk].pk]))
    with scope([XIANGYUN]):
        assert Order.objects.get(pk=order.pk).until == at(21, 18) + timedelta(days=5)


def test_who_must_know_of_a_positive_is_told_by_the_hour_that_the_plan_sets(street, newcomer, hour):
    table, text = lay(street), text_of("covid_ten")
    filled = text.replace('to_be_set = ["positive_told_hours"]', "positive_told_hours = 2")
    with scope([XIANGYUN]):
        version = keep(filled, file="filled.toml", at=at(20, 9))
        activate(XIANGYUN, version, reason="启用", by=None, at=at(20, 9))
    clerk, first = newcomer("clerk", XIANGYUN), table.people[0]
    swabbed_alone(table, hour, first)
    hour(16)
    bring(clerk, lab(line("S0", "阳性", **OWN)), "单人.csv")
    with scope([XIANGYUN]):
        clock = Duty.objects.filter(kind="testing.told")
        assert clock.values_list("person", "due_at", "fact").get() == (first, at(21, 18), "owed")
        pool, told = Pool.objects.get(), list(Told.objects.order_by("pk").values_list("pk", flat=True))
        assert len(told) == 6
    assert "阳性报告各单位" in clerk.get(reverse("board")).content.decode()
    for number, one in enumerate(told):
        with scope([XIANGYUN]):
            assert clock.get().done_at is None
        hour(17, number)
        clerk.post(reverse("pool_told", args=[pool.pk, one]))
    with scope([XIANGYUN]):
        assert clock.get().done_at == at(21, 17, 5)
