"""Sixteen days in 祥云社区, 19 April to 4 May 2022, under the 9th edition, through the pages and the clock alone.

程文's family of four (his wife 石兰 is pregnant, his mother 程玉英 is 81), a student in a shared flat, the contact 罗平, and 何东,
who was with 罗平. A fever, a medicine that is needed today, an objection, and the hour of the end.
"""

import re
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from shouwang import jobs
from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.duties.models import Duty
from shouwang.isolation.changing import what_followers_become
from shouwang.isolation.home import path_of
from shouwang.isolation.models import Change, Need, Objection, Order, Transfer
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import set_office
from shouwang.outreach.models import Message
from shouwang.plans.actions import activate, keep_shipped, plan_of
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Helper, Person
from shouwang.register.responsibility import give
from shouwang.screening.models import Referral
from shouwang.standing.queries import held
from tests.door import give_phone
from tests.world import XIANGYUN, at

HOME, SHARED, LUO, HE = "电力楼院 1-1-101", "电力楼院 2-1-101", "电力楼院 2-1-201", "电力楼院 1-2-202"
PEOPLE = {
    "程文": (HOME, "13900000101", {"born_on": date(1985, 5, 1)}),
    "石兰": (HOME, "13900000102", {"born_on": date(1990, 3, 1), "helps": ["pregnant"]}),
    "程玉英": (HOME, "", {"born_on": date(1941, 1, 9)}),
    "程小": (HOME, "", {"born_on": date(2014, 9, 1)}),
    "林学": (SHARED, "13900000201", {"born_on": date(2001, 2, 3)}),
    "罗平": (LUO, "13900000301", {}),
    "何东": (HE, "13900000401", {}),
}
GROUNDS = {
    "authority": "区防控指挥部",
    "document": "17号",
    "legal_basis": "传染病防治法第四十一条",
    "reason": "与感染者同行",
}


class Town:
    """Who works, who lives there, and the clock that everybody looks at."""

    def __init__(self, world, monkeypatch) -> None:
        self.world, self._environment, self.workers = world, monkeypatch, {}
        self.people: dict[str, Person] = {}

    def hour(self, moment: datetime) -> None:
        """Midnights that pass on the way bring their day's care; at this hour the clock's own work is done."""
        self._environment.setenv("SHOUWANG_CLOCK", moment.isoformat())
        jobs.owe_isolation()
        jobs.let_out()

    def order(self, name: str) -> Order:
        with scope([XIANGYUN]):
            return Order.objects.select_related("plan", "household").get(person=self.people[name].pk)

    def post(self, who: str, page: str, about: object, **said: object) -> str:
        """Somebody sends a form; it is taken, and what the next page says is the answer."""
        answer = self.workers[who].post(reverse(page, args=[about]), said, follow=True)
        assert answer.status_code == 200, (page, words(answer))
        return words(answer)

    def ask(self, names: list[str], category: str, *, fits: bool = True, **more: str) -> None:
        """The clerk asks the people of one door, as seen: whether the home is fit."""
        door, plan = self.world.doors[PEOPLE[names[0]][0]].pk, None
        with scope([XIANGYUN]):
            plan = plan_of(XIANGYUN, now=clock.now())
        said = {
            "people": [self.people[name].pk for name in names], "category": category, "exposed_on": "2022-04-18",
            "source": "hand", "fits": list(plan.isolation.home_conditions) if fits else [], "propose": "1", **more,
        }  # fmt: skip
        answer = self.workers["clerk"].post(f"{reverse('isolation_new')}?household={door}", said)
        assert answer.status_code == 302, words(answer)

    def at_home(self, name: str, digits: str) -> tuple[Client, str]:
        """The page of somebody's household on a phone of their own."""
        link, phone = path_of(self.order(name)), Client()
        assert phone.post(f"{link}enter/", {"tail": digits}).status_code == 302
        return phone, link

    def owed(self, kind: str) -> dict[str, str]:
        """What became of what is owed of a kind, by person, the latest."""
        with scope([XIANGYUN]):
            rows = Duty.objects.filter(kind=f"isolation.{kind}", void_at=None).order_by("opens_at")
            return dict(rows.values_list("person__name", "fact"))


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def town(world, monkeypatch) -> Town:
    """The morning of 19 April: the plan holds, the office signs, a clerk, two who decide, a lead and a doctor work."""
    monkeypatch.setenv("SHOUWANG_CLOCK", at(19, 9).isoformat())
    town = Town(world, monkeypatch)
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=at(1, 8)), reason="上级文件", by=None, at=at(1, 8))
        set_office(XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=2,
                   by=None, at=at(1, 8))  # fmt: skip
        for name, (door, phone, more) in PEOPLE.items():
            known = Newcomer(name=name, phone=phone, **more)
            town.people[name] = add_person(world.doors[door].pk, known, by=None, at=at(1, 8))
        world.helpers["周医生"] = Helper.objects.create(area_code=XIANGYUN, name="周医生", added_at=at(1, 8))
        give(role="medic", helper=world.helpers["周医生"].pk, area_codes=[XIANGYUN], by=None, at=at(1, 8))
    give_phone(world, "周医生", "13900001111")
    for key, role in (
        ("clerk", "clerk"),
        ("one", "secretary"),
        ("other", "secretary"),
        ("lead", "grid_lead"),
    ):
        user = User.objects.create_user(f"{key}19", name=key, created_at=at(1, 8))
        Grant.objects.create(user=user, role=role, area_codes=[XIANGYUN], from_at=at(1, 8))
        town.workers[key] = Client()
        town.workers[key].force_login(user)
        world.users[key] = user
    return town


def test_sixteen_days(town: Town):
    begin(town)
    the_student_goes_where_a_room_is_free(town)
    a_fever_on_the_third_day(town)
    the_contact_turns_positive(town)
    a_medicine_for_today(town)
    an_objection_is_upheld(town)
    out_on_the_hour(town)
    what_is_left_after_sixteen_days(town)


def begin(town: Town) -> None:
    """Asked by one, the address seen by another, decided by a third; each person has the reason at once."""
    town.ask(["程文", "石兰", "程玉英", "程小"], "secondary_contact")
    town.ask(["林学"], "secondary_contact", fits=False)
    town.ask(["罗平"], "close_contact")
    town.ask(
        ["何东"], "secondary_contact", contact="罗平"
    )  # whoever follows a contact is asked with the contact's name
    assert town.order("何东").primary_id == town.order("罗平").pk
    for name in ("程文", "林学", "罗平", "何东"):
        row = town.order(name)
        with scope([XIANGYUN]):
            behind = [
                str(pk) for pk in Order.objects.filter(household=row.household).values_list("pk", flat=True)
            ]
        decide = reverse("order_decide", args=[row.pk])
        assert (
            town.workers["one"].post(decide, {"orders": behind, **GROUNDS}).status_code == 422
        )  # nobody saw the address
        town.post("lead", "order_confirm", row.pk, orders=behind)
        town.post("one", "order_decide", row.pk, orders=behind, **GROUNDS)
        town.post("lead", "order_care", row.pk, what="begin", everybody="1", id=str(uuid7(clock.now())))
    with scope([XIANGYUN]):
        told = set(Message.objects.filter(purpose="isolation_told").values_list("made_at", flat=True))
        assert (Message.objects.filter(purpose="isolation_told").count(), told) == (5, {at(19, 9)})
        assert {order.household_id for order in Order.objects.filter(bound_to=town.order("程文").pk)} == {
            town.order("程文").household_id
        }
    assert set(town.owed("begin").values()) == {"done"}
    notice = words(town.workers["lead"].get(reverse("order_notice", args=[town.order("程文").pk])))
    assert "不是处罚" in notice
    assert "到 2022-4-25 24:00" in notice


def the_student_goes_where_a_room_is_free(town: Town) -> None:
    """The shared flat does not fit: a car, disinfected, in the daytime, signed for at the other end."""
    row = town.order("林学")
    assert (row.mode, row.home_fit) == ("central", False)
    trip = {
        "orders": [str(row.pk)], "to_mode": "central", "to_place": "平安酒店", "vehicle": "豫A12345",
        "driver": "王师傅 13900009999", "leaves_at": "2022-04-19T23:30",
    }  # fmt: skip
    night = town.workers["clerk"].post(reverse("transfer_new", args=[row.pk]), trip)
    assert "夜里不转运" in words(night)
    town.post("clerk", "transfer_new", row.pk, **{**trip, "leaves_at": "2022-04-19T14:00"})
    with scope([XIANGYUN]):
        car = Transfer.objects.get()
    town.hour(at(19, 14))
    dirty = town.workers["lead"].post(reverse("transfer_depart", args=[car.pk]), {})
    assert "车还没有消杀" in words(dirty)
    town.post("lead", "transfer_depart", car.pk, disinfected="on")
    town.hour(at(19, 15))
    town.post(
        "lead",
        "transfer_hand_over",
        car.pk,
        **{"hand-received_by": "平安酒店 赵护士", "hand-disinfected": "on"},
    )
    with scope([XIANGYUN]):
        car.refresh_from_db()
        assert (car.arrived_at, car.received_by) == (at(19, 15), "平安酒店 赵护士")
        assert held([row.person_id], now=at(19, 16))[row.person_id].mode == "central"


def a_fever_on_the_third_day(town: Town) -> None:
    """程玉英, 81, has 38.4 in the morning: the doctor is told at once, and has seen her within two hours."""
    town.hour(at(21, 0, 1))
    town.hour(at(21, 8))
    phone, link = town.at_home("程文", "0101")
    for name, degrees in (("程文", "36.5"), ("石兰", "36.6"), ("程小", "36.4")):
        phone.post(f"{link}reading/", {"person": town.people[name].pk, "other": degrees})
    ill = phone.post(f"{link}reading/", {"person": town.people["程玉英"].pk, "other": "38.4"}, follow=True)
    assert "120" in words(ill)
    for impossible in ("3.65", "99", "三十七度二"):
        refused = phone.post(f"{link}reading/", {"person": town.people["程小"].pk, "other": impossible})
        assert (refused.status_code, "请再看一遍体温计" in words(refused)) == (422, True), impossible
    with scope([XIANGYUN]):
        referral = Referral.objects.get()
        assert (referral.whose, referral.due_at, referral.note) == (
            town.people["程玉英"],
            at(21, 10),
            "体温 38.4 ℃",
        )
        assert referral.told_to.startswith("周医生（社区医生）")
    town.hour(at(21, 9, 20))
    town.post("lead", "referral_doctor", referral.pk, hospital="市一院发热门诊")
    with scope([XIANGYUN]):
        assert Duty.objects.get(kind="screening.referral").fact == "done"
    missing = words(town.workers["lead"].get(reverse("isolation_temperatures")))
    assert "何东" in missing
    assert "程文" not in missing


def the_contact_turns_positive(town: Town) -> None:
    """罗平's second test is positive: 何东, who follows, becomes a close contact on the word of two; nobody else does."""
    with scope([XIANGYUN]):
        becomes = what_followers_become(town.order("罗平").pk, ["negative", "positive"])
    row = town.order("何东")
    assert becomes == {row.pk: "close_contact"}
    asked = {"what": "category", "category": "close_contact", "reason": "密接转阳", "document": "20号"}
    said = {f"category-{name}": value for name, value in asked.items()}
    page = reverse("order_change", args=[row.pk, "category"])
    assert town.workers["clerk"].post(page, said, follow=True).status_code == 200
    with scope([XIANGYUN]):
        change = Change.objects.get()
    assert town.order("何东").until == at(26, 0)
    town.post("other", "change_approve", change.pk)
    row = town.order("何东")
    assert (row.category, row.mode, row.until) == ("close_contact", "central", at(29, 0))
    assert town.order("程文").category == "secondary_contact"


def a_medicine_for_today(town: Town) -> None:
    """石兰's medicine, unseen by the neighbours: asked for at eight, in a sealed bag at the door by the evening."""
    town.hour(at(22, 8))
    phone, link = town.at_home("石兰", "0102")
    phone.post(
        f"{link}need/", {"id": str(uuid7(clock.now())), "what": "medicine", "words": "叶酸", "private": "on"}
    )
    with scope([XIANGYUN]):
        need = Need.objects.get(what="medicine")
        assert (need.due_at, need.private) == (at(23, 0), True)
    page = reverse("need", args=[need.pk])
    assert "叶酸" not in words(town.workers["lead"].get(page))
    assert "叶酸" in words(
        town.workers["one"].get(page)
    )  # whoever may decide reads it, and that is written down
    town.post("lead", "need_take", need.pk, way="worker")
    town.hour(at(22, 17))
    with scope([XIANGYUN]):
        need.refresh_from_db()
    town.post("lead", "need_bring", need.pk, **{"bring-amount": "38.50", "bring-bag": need.bag})
    with scope([XIANGYUN]):
        assert Duty.objects.get(kind="isolation.need", about=need.pk).fact == "done"


def an_objection_is_upheld(town: Town) -> None:
    """The student was not there that day: somebody who decided nothing looks, and it ends now."""
    town.hour(at(23, 9))
    phone, link = town.at_home("林学", "0201")
    row = town.order("林学")
    said = {"id": str(uuid7(clock.now())), "order": row.pk, "words": "18号我在老家，有车票"}
    phone.post(f"{link}objection/", said)
    with scope([XIANGYUN]):
        objection = Objection.objects.get()
        assert objection.due_at == at(25, 9)
    answer = {"upheld": "yes", "words": "车票核实，当天不在本地"}
    own = town.workers["one"].post(reverse("objection", args=[objection.pk]), answer)
    assert "异议要由别人复核" in words(own)
    town.post("lead", "objection", objection.pk, **answer)
    assert town.order("林学").released_at == at(23, 9)
    with scope([XIANGYUN]):
        assert held([row.person_id], now=at(23, 9)) == {}
        assert Message.objects.get(purpose="answered").about == objection.pk
    assert town.owed("objection") == {None: "done"}


def out_on_the_hour(town: Town) -> None:
    """At midnight of the 25th the family is free by the clock alone; a certificate, a message, a call on the day after."""
    family = [town.people[name].pk for name in ("程文", "石兰", "程玉英", "程小")]
    town.hour(at(25, 23, 59))
    with scope([XIANGYUN]):
        assert len(held(family, now=at(25, 23, 59))) == 4
        assert held(family, now=at(26, 0)) == {}
    assert "还没到期" in words(
        town.workers["lead"].get(reverse("order_certificate", args=[town.order("程文").pk]))
    )
    town.hour(at(26, 0))
    assert {town.order(name).released_at for name in ("程文", "石兰", "程玉英", "程小")} == {at(26, 0)}
    assert town.order("何东").released_at is None  # re-classified: three days more
    paper = words(town.workers["lead"].get(reverse("order_certificate", args=[town.order("程文").pk])))
    assert "解除告知书" in paper
    with scope([XIANGYUN]):
        assert {one.person_id for one in Message.objects.filter(purpose="let_go", made_at=at(26, 0))} == set(
            family[:2]
        )
    town.hour(at(26, 10))
    for name in ("程文", "石兰", "程玉英", "程小"):
        town.post("lead", "order_care", town.order(name).pk, what="welcome", id=str(uuid7(clock.now())))
    for day in (27, 28):
        town.hour(at(day, 0, 1))
    town.hour(at(29, 0))
    assert {town.order(name).released_at for name in ("罗平", "何东")} == {at(29, 0)}


def what_is_left_after_sixteen_days(town: Town) -> None:
    """4 May: nobody is held, every release was on time, and what was missed stands in the books."""
    town.hour(at(34, 9))
    with scope([XIANGYUN]):
        assert held([one.pk for one in town.people.values()], now=at(34, 9)) == {}
    assert set(town.owed("release").values()) == {"done"}
    assert town.owed("welcome_call") | {"罗平": "", "何东": "", "林学": ""} == {
        **dict.fromkeys(("程文", "石兰", "程玉英", "程小"), "done"), "罗平": "", "何东": "", "林学": "",
    }  # fmt: skip
    board = words(town.workers["one"].get(reverse("isolation")))
    assert "现在没有人在隔离" in board
