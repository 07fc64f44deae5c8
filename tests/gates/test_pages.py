"""What the office sees of gates, and what somebody at the door of a place does with their own phone."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.links import token
from shouwang.access.scope import scope
from shouwang.gates.keeping import add_gate
from shouwang.gates.models import Companion, Gate, Passage
from shouwang.gates.scanning import PLACE
from shouwang.gates.tracing import where_they_passed
from shouwang.lib import clock
from shouwang.lib.traces import Traced
from shouwang.register.models import Person
from tests.gates.gatekeeper import gates_of, give_pass, guard_at, keep_home, person_of
from tests.world import DIANLI, XIANGYUN

DOOR, OTHER = "电力楼院 1-1-101", "电力楼院 1-1-102"


@pytest.fixture
def busy(street):
    """An hour at the east gate: a resident, an override, a car turned back, a visitor who stays."""
    guard, now = guard_at(street, gates_of(street, "东门", plan="covid_2020")[0]), clock.now()
    guard.watch(True, at=now - timedelta(hours=2))
    guard.passage(at=now - timedelta(minutes=50), **{"pass": str(give_pass(street, DOOR).pk)})
    card = give_pass(street, OTHER)
    keep_home(street, OTHER, until=now + timedelta(days=2))
    guard.passage(at=now - timedelta(minutes=40), direction="out", **{"pass": str(card.pk)})
    guard.passage(
        at=now - timedelta(minutes=30), kind="outsider", decision="refuse", code="outside_vehicle", people=4,
        plate="鄂A12345", outside="province", temperature_c="36.6",
    )  # fmt: skip
    guard.passage(
        at=now - timedelta(minutes=20), kind="visitor", plate="豫A00001", host=street.doors[DOOR].pk
    )
    guard.phone.send(at=now)
    return guard


def test_every_gate_as_it_stands_and_its_passages_masked(street, browser_of, busy):
    secretary = browser_of("书记刘")
    with CaptureQueriesContext(connection) as asked:
        page = secretary.get(reverse("gates")).content.decode()
    assert len(asked) <= 25
    for words in ("东门", "门卫老周", "里面还有外来 1 人", "今天进 2", "出 1", "劝返 4", "和名单不一致 1"):
        assert words in page, words
    one = secretary.get(reverse("gate", args=[busy.gate.pk])).content.decode()
    assert "住******" in one
    assert "住户11101" not in one
    assert "鄂A12345" in one
    odd = secretary.get(reverse("gate", args=[busy.gate.pk]) + "?which=mattered").content.decode()
    assert "和名单不一致" in odd
    assert "鄂A12345" not in odd
    taken = secretary.post(reverse("gate", args=[busy.gate.pk]), {"export": "1"})
    assert taken["Content-Disposition"].startswith("attachment")
    taken.close()


def test_what_should_be_looked_at_and_the_figures_of_a_day(street, browser_of, busy):
    secretary = browser_of("书记刘")
    week = secretary.get(reverse("gates_week")).content.decode()
    assert "豫A00001" in week
    assert "放行和名单不一致" in week
    tallies = secretary.get(reverse("gates_tallies")).content.decode()
    row = tallies[tallies.index("合计") :]
    numbers = [part.split("</strong>")[0] for part in row.split("<strong>")[1:8]]
    assert numbers == ["2", "6", "4", "0", "1", "4", "0"]


def people_on(client, address: str) -> tuple[int, int]:
    """How many rows and how many people the list behind a number shows."""
    page = client.get(unescape(address)).content.decode()
    found = [int(many) for many in re.findall(r'data-words="人数">(\d+)<', page)]
    return len(found), sum(found)


def test_every_number_of_the_gates_opens_just_its_own_list(street, browser_of, busy):
    secretary = browser_of("书记刘")
    live = secretary.get(reverse("gates")).content.decode()
    linked = re.findall(r'<a href="([^"]*which=(?:in|out|refuse|mattered))">(?:<[^>]+>)*\D*(\d+)<', live)
    assert len(linked) == 8
    for address, number in linked:
        assert int(number) in people_on(secretary, address), address
    tallies = secretary.get(reverse("gates_tallies")).content.decode()
    linked = re.findall(r'<a href="([^"]*which=\w+[^"]*)">(?:<strong>)?(\d+)<', tallies)
    assert len(linked) == 10
    for address, number in linked:
        assert int(number) in people_on(secretary, address), address
    empty = secretary.get(
        reverse("gates_passages"), {"day": "2022-02-30", "which": "没有", "page": "9" * 5000}
    )
    assert "今天和昨天" in empty.content.decode()


def test_the_figures_of_all_days_open_the_records_of_the_gates(street, browser_of, busy, monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", (clock.now() + timedelta(minutes=1)).isoformat())
    secretary = browser_of("书记刘")
    told = dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", secretary.get("/figures/").content.decode()))
    numbers = {
        "卡口登记的车": 2,
        "卡口登记的人": 6,
        "其中从省外来的": 4,
        "其中不是从省外来的": 2,
        "劝返的车": 1,
        "劝返的人": 4,
    }
    for words, number in numbers.items():
        address, shown = re.search(r'href="([^"]+)"><strong>(\d+)<', told[words]).groups()
        assert int(shown) == number, words
        records = secretary.get(unescape(address)).content.decode()
        amounts = re.findall(r'data-words="几个">\s*(\d+)<', records)
        assert sum(map(int, amounts)) == number, words
        assert "东门" in records


def test_a_gate_is_added_once_and_closed_and_what_happened_stays(street, browser_of, busy):
    secretary = browser_of("书记刘")
    told = {"area": DIANLI, "kind": "compound", "name": "北门", "place": ""}
    assert secretary.post(reverse("gate_new"), told).status_code == 302
    assert secretary.post(reverse("gate_new"), told).status_code == 422
    secretary.post(reverse("gate_close", args=[busy.gate.pk]))
    with scope([XIANGYUN]):
        assert list(Gate.objects.filter(closed_at=None).values_list("name", flat=True)) == ["北门"]
        assert Passage.objects.count() == 4


def test_a_place_is_entered_and_left_by_scanning_and_only_a_case_opens_it(street):
    now = clock.now()
    with scope([XIANGYUN]):
        shop = street.places["刘记商铺"]
        gate = add_gate(shop.area_code, kind="place", name="刘记商铺", place=shop, by=None, at=now)
        person = person_of(street, DOOR)
        from django.conf import settings

        from shouwang.lib.sealing import sealer

        digest = sealer(settings.SEALING_KEY_FILE).digest("phone", "13900000007")
        Person.objects.filter(pk=person.pk).update(phone_digests=[digest])
    address = reverse("place_scan", args=[token(PLACE, gate.pk, gate.area_code)])
    phone = Client()
    assert "我进来了" in phone.get(address).content.decode()
    assert phone.post(address, {"way": "in", "name": "", "phone": ""}).status_code == 422
    phone.post(address, {"way": "in", "name": "住户11101", "phone": "139 0000 0007"})
    phone.post(address, {"way": "out"})
    assert Client().get(reverse("place_scan", args=["x" * 39])).status_code == 404
    with scope([XIANGYUN]):
        assert sorted(Passage.objects.values_list("direction", flat=True)) == ["in", "out"]
        assert Companion.objects.filter(phone_mask="139****0007").count() == 2
        traced = Traced(person.pk, street.doors[DOOR].pk, "1-1-101", clock.day_of(now), clock.day_of(now))
        found = [(one.place, one.how, one.near) for one in where_they_passed(traced)]
    assert sorted(found) == [("刘记商铺", "出", False), ("刘记商铺", "进", False)]


def test_who_stood_before_and_behind_is_near(street, busy):
    now, card = clock.now(), give_pass(street, "电力楼院 1-1-201")
    at = now - timedelta(minutes=50) + timedelta(seconds=20)
    busy.passage(at=at, **{"pass": str(card.pk)})
    busy.phone.send(at=now)
    with scope([XIANGYUN]):
        person = person_of(street, DOOR)
        traced = Traced(person.pk, street.doors[DOOR].pk, "1-1-101", clock.day_of(now), clock.day_of(now))
        near = [one.person for one in where_they_passed(traced) if one.near]
    assert near == [card.person_id]
