"""The page of phones: a code on the screen, a card, an alarm, sending away, and what is odd settled with a word."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.api.client import NotIn, Phone
from shouwang.devices.models import Device, Event, Quarantined
from shouwang.lib import clock
from shouwang.screening.models import Visit
from tests.devices.phones import over_django
from tests.door import give_phone
from tests.world import JIANXIN, XIANGYUN

PHONE = "13900001234"


@pytest.fixture
def secretary(street):
    client = Client()
    client.force_login(street.users["书记刘"])
    return client


def code_on(page):
    return re.search(r'class="code">([\d ]+)<', page.content.decode())[1]


def ask_code(secretary, street, way="screen", *helpers):
    chosen = [street.helpers[name].pk for name in helpers or ("王网格",)]
    return secretary.post(reverse("device_new"), {"helpers": chosen, "role": "building_lead", "way": way})


def test_a_code_on_the_screen_lets_one_phone_in_and_is_gone_after_minutes(street, secretary, monkeypatch):
    shown = ask_code(secretary, street)
    assert "<svg" in shown.content.decode()
    phone = Phone(over_django())
    phone.enrol(code_on(shown))
    assert [worker["name"] for worker in phone.workers] == ["王网格"]
    phone.enrol(code_on(shown))  # the answer was lost: the same phone, the same answer
    with pytest.raises(NotIn, match="登记码已经用过"):
        Phone(over_django()).enrol(code_on(shown))
    late = code_on(ask_code(secretary, street))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:11:00")
    with pytest.raises(NotIn, match="登记码过期"):
        Phone(over_django()).enrol(late)
    assert Device.objects.count() == 1


def test_a_card_asks_for_the_last_digits_and_a_wrong_try_counts(street, secretary):
    give_phone(street, "王网格", PHONE)
    code = code_on(ask_code(secretary, street, "card"))
    phone = Phone(over_django())
    for left in (4, 3):
        with pytest.raises(NotIn, match=f"还可以试 {left} 次"):
            phone.enrol(code, "0000")
    phone.enrol(code, "1234")
    assert phone.device_id


def test_a_lost_phone_is_sent_away_and_forgets(street, secretary):
    phone = Phone(over_django())
    phone.enrol(code_on(ask_code(secretary, street)))
    phone.fetch_package()
    assert phone.parts["doors"]
    door = street.doors["电力楼院 1-1-101"].pk
    phone.tell("screening.visit", {"household": door}, worker=phone.workers[0]["id"], at=clock.now())
    address = reverse("device_revoke", args=[phone.device_id])
    secretary.post(address, {"reason": "丢了", "wipe": "on"})
    secretary.post(address, {"reason": "丢了", "wipe": "on"})
    reply = phone.send(at=clock.now())
    assert (reply.status, reply.said["code"]) == (401, "api.wipe")
    assert len(phone.outbox) == 1  # the phone decides when it has forgotten, nothing else
    phone.confirm_wiped()
    assert Device.objects.get().wiped_at
    assert "资料已清掉" in secretary.get(reverse("devices")).content.decode()
    phone.enrol(code_on(ask_code(secretary, street)))  # found again: the phone that it was, with its sequence
    assert phone.send(at=clock.now()).said["outcomes"][0]["outcome"] == "stored"
    assert Device.objects.count() == 1


def test_silence_gaps_and_a_wrong_clock_are_an_alarm(street, secretary, monkeypatch):
    phone = Phone(over_django())
    phone.enrol(code_on(ask_code(secretary, street)))
    door = street.doors["电力楼院 1-1-101"].pk
    first = phone.tell("screening.visit", {"household": door}, worker=phone.workers[0]["id"], at=clock.now())
    kept = phone.outbox.pop(str(first))
    phone.tell("screening.visit", {"household": door}, worker=phone.workers[0]["id"], at=clock.now())
    rest = phone.tell("screening.visit", {"household": door}, worker=phone.workers[0]["id"], at=clock.now())
    second, third = list(phone.outbox)
    assert str(rest) == third
    phone.send_these([second], at=clock.now() - timedelta(days=1))
    assert Device.objects.get().pending == 1
    page = secretary.get(reverse("devices")).content.decode()
    assert "第 1 条没到" in page
    assert "不准" in page
    phone.outbox[str(first)] = kept
    phone.send(at=clock.now())
    assert Device.objects.get().pending == 0
    assert "1 部手机超过" not in secretary.get(reverse("devices")).content.decode()
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:31:00")
    assert "1 部手机超过" in secretary.get(reverse("devices")).content.decode()


def test_what_is_odd_is_looked_at_judged_again_and_settled_with_a_word(street, secretary):
    phone = Phone(over_django())
    phone.enrol(code_on(ask_code(secretary, street, "screen", "王网格", "张干部")))
    door = street.doors["电力楼院 1-1-101"].pk
    event = phone.tell("screening.visit", {"household": door, "note": "门口"}, worker=999, at=clock.now())
    phone.tell("screening.visit", {"household": "x"}, worker=1, at=clock.now())
    phone.send(at=clock.now())
    page = secretary.get(reverse("device_odd")).content.decode()
    assert "不是这部手机的人" in page
    assert "看不懂的记录" in page
    where = [phone.device_id, "unknown_worker"]
    assert "门口" in secretary.post(reverse("device_raw", args=where)).content.decode()
    secretary.post(reverse("device_again", args=where))
    assert Event.objects.get(pk=event).outcome == "flagged"
    Device.objects.update(workers=[*Device.objects.get().workers, 999])
    street.users["书记刘"].__class__.objects.create(
        pk=999, username="x", name="新来的", created_at=clock.now()
    )
    secretary.post(reverse("device_again", args=where))
    assert Event.objects.get(pk=event).outcome == "stored"
    with scope([XIANGYUN]):
        assert Visit.objects.get().by_id == 999
    apart = reverse("device_settle", args=[phone.device_id, "unreadable"])
    secretary.post(apart, {"word": " "})
    secretary.post(apart, {"word": "问过了，是 101"})
    with scope([XIANGYUN]):
        assert Quarantined.objects.get().settled_word == "问过了，是 101"
    assert "没有要看的" in secretary.get(reverse("device_odd")).content.decode()


def test_nobody_next_door_sees_or_touches_a_phone(street, secretary):
    phone = Phone(over_django())
    phone.enrol(code_on(ask_code(secretary, street)))
    other = Client()
    other.force_login(street.users["书记赵"])
    assert "王网格" not in other.get(reverse("devices")).content.decode()
    assert other.post(reverse("device_revoke", args=[phone.device_id]), {"reason": "x"}).status_code == 404
    settle = reverse("device_settle", args=[phone.device_id, "unreadable"])
    assert other.post(settle, {"word": "x"}).status_code == 404
    assert JIANXIN
