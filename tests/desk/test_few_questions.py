"""Every page asks the database at most sixteen things, in a town at work and on a busy evening after days that were closed.

One of them is what the plan in force calls the entries of the menu.
"""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse

from shouwang import demo
from shouwang.access.models import Card, User
from shouwang.access.scope import scope
from shouwang.catalogue import ANSWERS
from shouwang.demo.making import CODE
from shouwang.demo.moment import remembered
from shouwang.duties.windows import Window
from shouwang.flows.end_of_day import close_day
from shouwang.lib import clock
from shouwang.register.models import Person
from shouwang.register.uploads import Upload
from shouwang.screening import actions
from shouwang.screening.duties import PLACE_VISIT
from shouwang.screening.models import Round
from tests.desk.test_doors import NAMED, address_of
from tests.desk.test_imports import files  # noqa: F401
from tests.desk.test_lists import bring as bring_list
from tests.door import card_for, come_in, door_addresses, give_phone
from tests.world import DIANLI, XIANGYUN

MOST = 16
TODAY, YESTERDAY = "day=2022-04-21", "day=2022-04-20"
NO_QUESTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
TAIL = "4821"
HREF = re.compile(r'href="([/?][^"#]*)')
SCALE = 0.03
WHO = ("shuji", "liudiao", "shenji", "cangguan", "zhiyuanzhe")
REACHED = {
    "board_list", "closing", "account_list", "household", "person", "matrix", "work", "inquiry", "list_page", "order", "seal",
    "testing_calls", "samples_speed", "testing_box", "gate", "goods_item", "shift", "matter", "notice", "second_visit",
    "drive", "audit", "devices", "ledger_forms", "transfer", "finding",
}  # fmt: skip
SOME = ("1-1-101", "1-1-102", "1-1-201", "2-1-101", "2-1-102")  # in 电力楼院


@pytest.fixture
def evening(street, files):  # noqa: F811
    """Yesterday is closed; today doors and shops are owed, some were seen, some tried in vain."""
    now = clock.now()
    with scope([XIANGYUN]):
        close_day(XIANGYUN, now.date() - timedelta(days=1), now=now, by=None, answers=ANSWERS)
        window = Window(clock.midnight(clock.day_of(now)), clock.day_end(now))
        actions.open_round(XIANGYUN, kind=PLACE_VISIT.name, title="场所", window=window, by=None, at=now)
        seen, *tried = (street.doors[f"电力楼院 {door}"].pk for door in SOME)
        actions.record_visits([actions.Seen(seen, now)], by=None, at=now)
        for door in tried:
            actions.record_attempt(door, outcome="no_answer", tried_at=now, hours=[], by=None, at=now)
    return street


def asked(client, address: str, query: dict[str, str] | None = None) -> tuple[int, list[str]]:
    """How a page answers, and what it asks meanwhile."""
    with CaptureQueriesContext(connection) as questions:
        answer = client.get(address, query)
        answer.close()
    return answer.status_code, [one["sql"] for one in questions if not one["sql"].startswith(NO_QUESTION)]


def existing(name: str) -> str:
    """The address, with an upload, a round and a helper that are there."""
    if name in ("extend_round", "stop_round"):
        return reverse(name, args=[Round.objects.filter(area_code=XIANGYUN).earliest("opened_at").pk])
    if name in NAMED and name.startswith("import_"):
        return reverse(name, args=[Upload.objects.get().pk])
    return address_of(name)


@pytest.fixture
def town(database, tmp_path, settings_of, monkeypatch):
    """A small town in the middle of its working day, a list pushed to it, and browsers of those who work in it."""
    settings_of(DATA=tmp_path, MEDIA_ROOT=tmp_path)
    demo.make(lambda _said: None, now=datetime(2026, 11, 22, 3, tzinfo=clock.ZONE), scale=SCALE)
    monkeypatch.setenv("SHOUWANG_CLOCK", remembered(tmp_path).isoformat())
    browsers = []
    for name in WHO:
        browsers.append(Client())
        browsers[-1].force_login(User.objects.get(username=name))
    with scope([CODE]):
        names = Person.objects.filter(left_at=None).values_list("name", flat=True)[:40]
        lines = [f"{name},1390000{number:04},上海" for number, name in enumerate(names)]
    bring_list(browsers[0], "\n".join(["姓名,手机号码,出发地", *lines]), community=CODE)
    return browsers


def kind_of(address: str) -> tuple[str, frozenset[str]] | None:
    """The page by its name and by what is asked of it; nothing where it is none of ours, or a file."""
    path, _mark, query = address.partition("?")
    try:
        found = resolve(path)
    except Resolver404:
        return None
    asked_for = frozenset(QueryDict(query))
    ours = found.func.__module__.startswith("shouwang") and "export" not in asked_for
    return (found.url_name or "", asked_for) if ours else None


def led_to(client, address: str) -> tuple[list[str], list[str]]:
    """What a page asks the database, and where it leads."""
    with CaptureQueriesContext(connection) as questions:
        answer = client.get(address)
        words = "" if answer.streaming else answer.content.decode(errors="ignore")
        answer.close()
    assert answer.status_code < 500, address
    ways = [answer["Location"]] if answer.status_code == 302 else map(unescape, HREF.findall(words))
    here = address.partition("?")[0]
    sql = [one["sql"] for one in questions if not one["sql"].startswith(NO_QUESTION)]
    return sql, [here + way if way.startswith("?") else way for way in ways]


@pytest.mark.slow
def test_no_page_that_can_be_reached_in_a_town_at_work_asks_more(town):
    """Along every link from the first page of whoever works there: one page of each kind, with something on it."""
    met, too_many = set(), {}
    for client in town:
        waiting = ["/", reverse("door")]
        for address in waiting:
            questions, ways = led_to(client, address)
            if len(questions) > MOST:
                too_many[address] = questions
            for way in ways:
                kind = kind_of(way)
                if kind and kind not in met:
                    met.add(kind)
                    waiting.append(way)
    assert too_many == {}, {address: len(questions) for address, questions in too_many.items()}
    names = {name for name, _asked in met}
    assert names >= REACHED, REACHED - names


@pytest.mark.parametrize("query", [{}, {"area": DIANLI}, {"state": "left"}, {"state": "overdue"}])
def test_no_part_of_the_board_asks_more(evening, browser_of, query):
    for name in ("board", "board_numbers", "board_list"):
        status, questions = asked(browser_of("书记刘"), reverse(name), {"state": "total", **query})
        assert status == 200
        assert len(questions) <= MOST, (name, *questions)


def test_nothing_at_the_door_asks_more(evening, browser_of):
    give_phone(evening, "王网格", "19900004821")
    phone = come_in(card_for(browser_of("书记刘"), evening.helpers["王网格"]), TAIL)
    with scope([XIANGYUN]):
        card = Card.objects.get().pk
    for client in (phone, browser_of("书记刘")):
        for name, arguments in door_addresses(evening.doors["电力楼院 1-1-201"].pk, card):
            _status, questions = asked(client, reverse(name, args=arguments))
            assert len(questions) <= MOST, (name, len(questions), *questions)
