"""楼栋图: every door once, with its state in sign and words, in a real table, in few questions to the database."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.duties.matrix import marks
from shouwang.duties.models import Duty
from shouwang.duties.plan import waive
from shouwang.duties.windows import Window
from shouwang.lib import clock
from shouwang.register.models import Household, Person
from shouwang.screening import actions
from shouwang.screening.duties import VISIT
from tests.world import BUILDING_1, CHUNHUI, DIANLI, JIANXIN, XIANGYUN

CELL = re.compile(r'<a class="door ([^"]*)" href="([^"]*)" title="[^"]*">(.*?)</a>', re.DOTALL)


@pytest.fixture
def busy(street):
    """A door of every kind in 电力楼院: done, late, tried twice, waived, empty, unknown, nobody's."""
    now = clock.now()
    with scope([XIANGYUN]):
        done, tried, away, empty, unknown = street.ids(
            *(f"电力楼院 1-1-{room}" for room in (101, 102, 201, 202)), "电力楼院 1-2-101"
        )
        actions.record_visits([actions.Seen(household=done, at=now)], by=None, at=now)
        for minute in (0, 1):
            at = now + timedelta(minutes=minute)
            actions.record_attempt(tried, outcome="no_answer", tried_at=now, hours=[], by=None, at=at)
        waive(Duty.objects.filter(household=away), reason="人在外地", by=street.users["书记刘"], at=now)
        Person.objects.filter(household__in=[empty, unknown]).update(left_at=now)
        Household.objects.filter(pk=empty).update(empty_on=clock.day_of(now))
    return street


@pytest.fixture
def liu(browser_of):
    return browser_of("书记刘")


def cells(answer) -> dict[str, tuple[str, str]]:
    """Of each door of the page its classes and what is read aloud."""
    found = {}
    for classes, address, inside in CELL.findall(answer.content.decode()):
        words = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", inside))).strip()
        assert address not in found
        found[address] = (classes, words)
    return found


def test_every_door_stands_there_once_and_opens_its_household(busy, liu):
    drawn = cells(liu.get(reverse("matrix"), {"area": DIANLI}))
    own = {reverse("household", args=[one.pk]) for name, one in busy.doors.items() if name.startswith("电力")}
    assert set(drawn) == own


def test_each_state_has_its_sign_and_its_words(busy, liu):
    drawn = cells(liu.get(reverse("matrix"), {"area": BUILDING_1}))
    said = [drawn[reverse("household", args=[one])][1] for one in busy.ids(
        *(f"电力楼院 1-1-{room}" for room in (101, 102, 201, 202)), "电力楼院 1-2-101", "电力楼院 1-2-102"
    )]  # fmt: skip
    assert said == [
        "●101 已办", "◐2102 待办 去过 2 次没见到人", "–201 免办", "○202 待办 空户", "○101 待办 没登记人", "○102 待办",
    ]  # fmt: skip


def test_overdue_and_nobodys_doors_are_said(street, liu, monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T01:00:00")
    drawn = cells(liu.get(reverse("matrix"), {"area": CHUNHUI}))
    assert all("overdue" in classes and words.startswith("!") for classes, words in drawn.values())
    from shouwang.register.models import Responsibility

    with scope([XIANGYUN]):
        Responsibility.objects.update(until=clock.now())
    drawn = cells(liu.get(reverse("matrix"), {"area": CHUNHUI}))
    assert all("nobody" in classes and "没人负责" in words for classes, words in drawn.values())


def test_the_counts_are_those_of_the_board(busy, liu):
    page = liu.get(reverse("matrix"), {"area": DIANLI}).content.decode()
    assert "共 12 户，应办 12，已办 1" in page
    assert "还差 10 户" in page
    listed = liu.get(reverse("board_list"), {"area": DIANLI, "kind": VISIT.name, "state": "left"})
    assert listed.content.decode().count('<th scope="row">') == 10


def test_it_is_a_table_with_headings_and_no_style_of_its_own(busy, liu):
    page = liu.get(reverse("matrix"), {"area": DIANLI}).content.decode()
    assert page.count("<table") == 3
    assert page.count("<caption") == 3
    assert page.count('<th scope="row">') == 6
    assert " style=" not in page


def test_of_two_rounds_the_one_that_needs_somebody_shows(busy):
    now = clock.now()
    with scope([XIANGYUN]):
        window = Window(now - timedelta(hours=3), now - timedelta(hours=1))
        actions.open_round(DIANLI, kind=VISIT.name, title="补", window=window, by=None, at=now)
        standing = {
            mark.room: mark.state for mark in marks(BUILDING_1, VISIT.name, now=now) if mark.unit == "2"
        }
    assert set(standing.values()) == {"overdue"}


def test_a_whole_compound_is_two_queries(busy):
    with scope([XIANGYUN]), CaptureQueriesContext(connection) as asked:
        marks(DIANLI, VISIT.name, now=clock.now())
    assert len(asked) == 2


def test_doors_of_a_day_without_a_round_stand_there_all_the_same(street, liu, monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-05-20T10:00:00")
    with scope([XIANGYUN]):
        Duty.objects.all().update(done_at=None, waived_at=clock.now())
    drawn = cells(liu.get(reverse("matrix"), {"area": BUILDING_1}))
    assert len(drawn) == 8
    assert {words.split(" ", 1)[1] for _, words in drawn.values()} == {"今天不用去"}


@pytest.mark.parametrize(
    "query",
    [
        {"area": JIANXIN},
        {"area": XIANGYUN},
        {"area": "1"},
        {"area": "x' OR 1"},
        {"kind": "screening.place_visit"},
    ],
)
def test_made_up_addresses_show_nothing(street, liu, query):
    answer = liu.get(reverse("matrix"), query)
    assert answer.status_code == 404
    assert "建新" not in answer.content.decode()


def test_somebody_with_no_building_is_told_what_to_do(newcomer):
    said = newcomer("secretary", "410103008099").get(reverse("matrix")).content.decode()
    assert "这里还没有楼栋。" in said
