"""The page of an isolated household: by link and four digits, for exactly this door."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.links import token
from shouwang.access.scope import scope
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.home import HOME, path_of, relatives
from shouwang.isolation.models import Need, Objection, Order, Reading
from shouwang.isolation.needs.settling import say_back
from shouwang.isolation.ordering import Proposal, confirm_address, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import set_office
from shouwang.outreach.models import Message
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.models import Helper, Person
from shouwang.register.responsibility import give
from shouwang.screening.models import Referral
from shouwang.standing.actions import Grounds
from tests.door import give_phone
from tests.world import XIANGYUN, World, at

GROUNDS = Grounds("secondary_contact", "与感染者同楼", "区防控指挥部", "17号", "传染病防治法第四十一条")
NOON = at(21, 9)


@pytest.fixture
def home(world: World, monkeypatch) -> str:
    """程文 and 石兰 are kept behind one door; the link of their page."""
    monkeypatch.setenv("SHOUWANG_CLOCK", NOON.isoformat())
    with scope([XIANGYUN]):
        version = keep_shipped("covid_9th", at=at(1, 8))
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(1, 8))
        door = world.doors["电力楼院 1-1-101"].pk
        people = [
            add_person(door, Newcomer(name=name, phone=phone), by=None, at=at(1, 8))
            for name, phone in (("程文", "13900004321"), ("石兰", ""))
        ]
        wanted = [
            Proposal(one.pk, "secondary_contact", {"last_exposure": Moment(date(2022, 4, 18))})
            for one in people
        ]
        orders = propose(wanted, version=version, by=world.users["书记刘"], at=at(20, 20))
        ids = [order.pk for order in orders]
        confirm_address(ids, by=world.users["李楼长"], at=at(20, 21))
        begin_isolation(ids, GROUNDS, by=world.users["李楼长"], at=at(20, 21))
        begin_isolation_of_today()
    return path_of(orders[0])


def begin_isolation_of_today() -> None:
    from shouwang.flows.isolation_day import owe_the_day

    owe_the_day(XIANGYUN, now=NOON)


def at_home(link: str) -> Client:
    client = Client()
    assert client.post(f"{link}enter/", {"tail": "4321"}).status_code == 302
    return client


def person(name: str) -> int:
    with scope([XIANGYUN]):
        return Person.objects.get(name=name).pk


def test_a_new_phone_is_asked_for_four_digits_and_told_nothing(home):
    client = Client()
    page = client.get(home).content.decode()
    assert "后四位" in page
    assert "程文" not in page
    assert "电力楼院" not in page
    wrong = client.post(f"{home}enter/", {"tail": "0000"})
    assert wrong.status_code == 422
    for _try in range(10):
        client.post(f"{home}enter/", {"tail": "0000"})
    assert "次数太多" in client.post(f"{home}enter/", {"tail": "4321"}).content.decode()


def test_another_link_and_another_household_are_nowhere(home, world):
    client = at_home(home)
    assert client.get(home[:-4] + "AAA/").status_code == 404
    with scope([XIANGYUN]):
        stranger = world.doors["电力楼院 2-1-201"]
        other = Person.objects.get(household=stranger)
        order = Order.objects.first()
        elsewhere = Order.objects.create(
            id=uuid7(NOON), area_code=stranger.area_code, person=other, household=stranger, category="x",
            regime=order.regime, plan=order.plan, origin_clock="departure", origin_on=date(2022, 4, 18), home_fit=True,
            mode="home", source="hand", proposed_at=NOON, proposed_by=world.users["书记刘"], lapses_at=at(21, 11),
            until=at(26, 0),
        )  # fmt: skip
    theirs = f"/h/{token(HOME, elsewhere.pk, elsewhere.area_code)}/"
    assert "后四位" in client.get(theirs).content.decode()  # the cookie opens one door alone
    assert client.post(f"{home}reading/", {"person": other.pk, "degrees": "36.5"}).status_code == 404


def test_two_taps_are_a_reading_and_twice_is_once(home):
    client = at_home(home)
    page = client.get(home).content.decode()
    assert "到 4-25 24:00 结束" in page
    assert page.count("data-due") == 2
    sent = {"person": person("程文"), "degrees": "36.5", "id": str(uuid7(NOON))}
    for _tap in range(2):
        assert client.post(f"{home}reading/", sent).status_code == 302
    with scope([XIANGYUN]):
        assert Reading.objects.get().temperature_c == Decimal("36.5")
        assert Reading.objects.get().how == "own"
    assert client.get(home).content.decode().count("data-due") == 1


@pytest.mark.parametrize(
    ("typed", "status"),
    [("36。8", 302), ("368", 302), ("4.35", 422), ("三十七", 422), ("NaN", 422), ("99", 422)],
)
def test_degrees_as_people_type_them(home, typed, status):
    client = at_home(home)
    assert client.post(f"{home}reading/", {"person": person("程文"), "other": typed}).status_code == status


def test_a_fever_is_seen_by_a_doctor_within_the_hours_of_the_plan_and_the_chain_is_told(home, world):
    with scope([XIANGYUN]):
        set_office(XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=2,
                   by=None, at=NOON)  # fmt: skip
        doctor = Helper.objects.create(area_code=XIANGYUN, name="周医生", added_at=NOON)
        give(role="medic", helper=doctor.pk, area_codes=[XIANGYUN], by=None, at=at(20, 8))
        world.helpers["周医生"] = doctor
    for name, phone in (("周医生", "13900001111"), ("张干部", "13900002222")):
        give_phone(world, name, phone)
    client = at_home(home)
    for degrees in ("38.2", "38.4"):
        answer = client.post(f"{home}reading/", {"person": person("石兰"), "other": degrees}, follow=True)
        assert "120" in answer.content.decode()
    with scope([XIANGYUN]):
        referral = Referral.objects.get()  # ill twice, referred once
        assert (referral.note, referral.due_at) == ("体温 38.2 ℃", at(21, 11))
        assert referral.told_to == "周医生（社区医生）、张干部（包保干部）"
        told = Message.objects.filter(about=referral.pk).order_by("phone_mask")
        assert [(one.phone_mask, one.urgent) for one in told] == [
            ("139****1111", True),
            ("139****2222", True),
        ]
        assert Need.objects.count() == 0


def test_a_request_and_an_objection_are_promises(home):
    client = at_home(home)
    asked = {"id": str(uuid7(NOON)), "what": "medicine", "words": "降压药两盒", "private": ""}
    client.post(f"{home}need/", asked)
    client.post(f"{home}need/", asked)
    client.post(f"{home}need/", {**asked, "id": str(uuid7(NOON)), "words": "不想说", "private": "on"})
    with scope([XIANGYUN]):
        order = Order.objects.order_by("person").first()
        assert Need.objects.count() == 2
    page = client.get(home).content.decode()
    assert "降压药两盒" in page
    assert "不想说" not in page  # whoever shares the phone does not read it
    client.post(f"{home}objection/", {"id": str(uuid7(NOON)), "order": order.pk, "words": "那天我不在"})
    with scope([XIANGYUN]):
        assert Objection.objects.get().due_at == at(23, 9)
    assert "把我定为“次密接”" in client.get(home).content.decode()
    wrong = {"id": str(uuid7(NOON)), "order": order.pk, "words": "隔着两排座位", "against": "category"}
    client.post(f"{home}objection/", wrong)
    with scope([XIANGYUN]):
        assert Objection.objects.get(against="category").due_at == at(22, 9)
    assert client.post(f"{home}need/", {**asked, "words": ""}).status_code == 422


def test_the_page_says_when_it_is_over(home, monkeypatch):
    client = at_home(home)
    monkeypatch.setenv("SHOUWANG_CLOCK", at(26, 8).isoformat())
    assert "可以正常出入" in client.get(home).content.decode()
    monkeypatch.setenv("SHOUWANG_CLOCK", at(30, 8).isoformat())
    assert "已经结束了" in client.get(home).content.decode()


def test_a_private_part_opens_with_the_own_phone_alone(home):
    client, mine = at_home(home), f"{home}mine/{person('程文')}/"
    assert client.get(f"{home}mine/{person('石兰')}/").status_code == 200  # has no phone: nothing opens it
    assert "对不上" in client.post(f"{home}mine/{person('石兰')}/", {"tail": "4321"}).content.decode()
    assert Client().get(mine).status_code == 404
    assert client.post(mine, {"tail": "4321"}).status_code == 302
    said = {"id": str(uuid7(NOON)), "what": "talk", "words": "他打我"}
    for _tap in range(2):
        assert client.post(mine, said).status_code == 302
    assert "他打我" in client.get(mine).content.decode()
    assert "他打我" not in client.get(home).content.decode()
    with scope([XIANGYUN]):
        need = Need.objects.get()
        assert (need.private, need.person_id) == (True, person("程文"))
        say_back(need.pk, words="今晚八点有人来", by=None, at=NOON)
    assert "今晚八点" in client.get(mine).content.decode()
    client.post(mine, {"close": "1"})
    assert "他打我" not in client.get(mine).content.decode()


def test_a_relative_comes_in_with_four_digits_of_their_own_until_the_link_is_taken_back(home, world):
    with scope([XIANGYUN]):
        order = Order.objects.order_by("person").first()
    lead = Client()
    lead.force_login(world.users["李楼长"])
    give = reverse("order_relative", args=[order.pk])
    assert lead.post(give, {"kin-name": "女儿", "kin-tail": "12"}).status_code == 422
    lead.post(give, {"kin-name": "女儿", "kin-tail": "8765"})
    with scope([XIANGYUN]):
        relative, link = relatives(order.household)[0]
    daughter = Client()
    assert daughter.post(f"{link}enter/", {"tail": "4321"}).status_code == 422
    assert daughter.post(f"{link}enter/", {"tail": "8765"}).status_code == 302
    page = daughter.get(link).content.decode()
    assert "程文" in page
    assert "只给我看" not in page
    assert daughter.get(f"{link}mine/{person('程文')}/").status_code == 404
    assert Client().post(f"{home}enter/", {"tail": "8765"}).status_code == 422
    lead.post(reverse("relative_end", args=[order.pk, relative.pk]))
    assert daughter.get(link).status_code == 404


def test_the_letters_grow_and_stay_large(home):
    client = at_home(home)
    assert 'data-size="large"' not in client.get(home).content.decode()
    assert 'data-size="large"' in client.get(f"{home}?size=large").content.decode()
    assert 'data-size="large"' in client.get(home).content.decode()


def test_the_language_stays_after_something_was_sent(home):
    client = at_home(home)
    assert client.get(home, {"lang": "en"})["Content-Language"] == "en"
    id_ = str(uuid7(NOON))
    told = client.post(
        f"{home}reading/", {"id": id_, "person": person("程文"), "degrees": "36.5"}, follow=True
    )
    assert told["Content-Language"] == "en"
    wrong = client.post(f"{home}reading/", {"id": id_, "person": person("程文"), "other": "3.65"})
    assert (wrong.status_code, wrong["Content-Language"]) == (422, "en")
    other = client.get(f"{home}reading/", {"lang": "zh-hant"}, follow=True)  # the link beside the refusal
    assert (other.status_code, other["Content-Language"]) == (200, "zh-hant")
    assert client.get(home)["Content-Language"] == "zh-hant"
    assert client.cookies["django_language"]["path"] == "/h/"  # for these pages alone


def test_the_page_is_light(home):
    assert len(at_home(home).get(home).content) < 50_000
