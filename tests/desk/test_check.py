"""是不是社区的人: the four digits of a message or a caller, and nothing that anybody could find out here."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.lib import clock
from shouwang.outreach import codes
from shouwang.outreach.channels import set_office
from shouwang.outreach.models import CallCode
from tests.world import DIANLI, XIANGYUN

PHONE, OTHER = "19900000001", "19900000002"
YES, NO = "是社区工作人员", "对不上，先别信"
LARGEST_BYTES = 60_000


@pytest.fixture
def office(street):
    with scope([XIANGYUN]):
        told = {"name": "祥云社区", "phone": "037166000000", "address": "https://xy.example", "daily_most": 2}
        return set_office(XIANGYUN, **told, by=None, at=clock.now())


def said(phone: str, code: str, client: Client | None = None, **more: str) -> str:
    return (client or Client(**more)).post(reverse("check"), {"phone": phone, "code": code}).content.decode()


def told_by(user, *phones: str) -> list[str]:
    with scope([XIANGYUN]):
        return list(codes.for_calls(phones, by=user, area=DIANLI, at=clock.now()).values())


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10_000:04d}"


def test_the_page_is_small_sets_no_cookie_but_one_and_knows_nobody(office):
    client = Client()
    answer = client.get(reverse("check_area", args=[XIANGYUN]))
    page = answer.content.decode()
    styles = client.get(re.search(r'rel="stylesheet" href="([^"]+)"', page)[1])
    assert len(answer.content) + sum(map(len, styles)) < LARGEST_BYTES
    assert set(answer.cookies) == {"csrftoken"}
    assert "<script" not in page
    assert "tel:037166000000" in page
    assert "sw" not in client.get(reverse("check_area", args=["1"])).cookies
    assert client.get(reverse("check_area", args=["12345x"])).status_code == 404


def test_a_workers_digits_are_good_for_that_phone_until_tonight(office, street, monkeypatch):
    worker = street.users["王网格"] if "王网格" in street.users else street.users["书记刘"]
    one, two = told_by(worker, PHONE, OTHER)
    assert told_by(worker, PHONE) == [one]
    assert YES in said(PHONE, one)
    assert YES in said(f"{PHONE[:3]}-{PHONE[3:7]} {PHONE[7:]}", f"{one[:2]} {one[2:]}")
    assert NO in said(PHONE, wrong(one))
    if one != two:
        assert NO in said(OTHER, one)
    assert "037166000000" in said(PHONE, wrong(one))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T00:00:00+08:00")
    assert NO in said(PHONE, one)


def test_the_digits_in_a_message_are_those_that_every_caller_says(office, street):
    at = clock.now()
    written = codes.for_messages([PHONE], at=at)[PHONE]
    assert written == codes.written_in(PHONE, made_at=at)
    assert {told_by(street.users[name], PHONE)[0] for name in ("书记刘", "李楼长")} == {written}
    assert YES in said(PHONE, written)
    with scope([XIANGYUN]):
        tomorrow = codes.for_calls([PHONE], by=street.users["书记刘"], area=DIANLI, at=at + timedelta(days=1))
        later = codes.for_calls([PHONE], by=street.users["书记刘"], area=DIANLI, at=at + timedelta(days=2))
    assert tomorrow == {PHONE: written}
    assert later != {PHONE: written}
    assert not CallCode.objects.filter(until__lte=at + timedelta(days=2)).exists()


def test_who_works_here_no_more_is_not_real(office, street):
    worker = street.users["李楼长"]
    (code,) = told_by(worker, PHONE)
    type(worker).objects.filter(pk=worker.pk).update(is_active=False)
    assert NO in said(PHONE, code)


def test_nobody_finds_the_digits_by_trying_and_a_stranger_is_answered_alike(office, street):
    (code,) = told_by(street.users["李楼长"], PHONE)
    for phone in (PHONE, OTHER):
        for number in range(codes.TRIES_A_DAY):
            assert NO in said(phone, wrong(code), REMOTE_ADDR=f"203.0.113.{number}")
        late = said(phone, code, REMOTE_ADDR="203.0.113.99")
        assert "这个号码今天试的次数太多了" in late
        assert YES not in late


def test_one_sender_may_try_for_a_while_and_then_must_wait(office):
    answers = [Client().post(reverse("check"), {"phone": "", "code": ""}).status_code for _ in range(41)]
    assert answers == [200] * 40 + [429]


@pytest.mark.parametrize(
    ("phone", "code", "expected"),
    [
        ("", "", 0),
        ("没有", "1234", "这个电话号码不对"),
        (PHONE, "12345", "四个数字"),
        (PHONE, "一二三四", "四个数字"),
    ],
)
def test_what_is_not_a_number_is_said_beside_its_field(office, phone, code, expected):
    page = said(phone, code)
    assert YES not in page
    assert NO not in page
    assert not expected or expected in page
