"""Every page asks the database at most fifteen things, on a busy evening after days that were closed before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shouwang import jobs
from shouwang.access.models import Card
from shouwang.access.scope import scope
from shouwang.catalogue import ANSWERS
from shouwang.duties.windows import Window
from shouwang.flows.end_of_day import close_day
from shouwang.lib import clock
from shouwang.register.uploads import Upload
from shouwang.screening import actions
from shouwang.screening.duties import PLACE_VISIT
from shouwang.screening.models import Round
from tests.desk.test_doors import ADDRESSES, NAMED, address_of
from tests.desk.test_imports import bring, files, workbook  # noqa: F401
from tests.door import card_for, come_in, door_addresses, give_phone
from tests.world import DIANLI, XIANGYUN

MOST = 15
TODAY, YESTERDAY = "day=2022-04-21", "day=2022-04-20"
NO_QUESTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")
TAIL = "4821"
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


def test_no_page_of_the_desk_asks_more(evening, browser_of, newcomer):
    secretary, opened, too_many = browser_of("书记刘"), set(), {}
    bring(secretary, workbook())
    jobs.preview_upload(Upload.objects.get().pk)
    for name, more in ADDRESSES.items():
        client = newcomer("auditor", XIANGYUN) if name == "audit" else secretary
        with scope([XIANGYUN]):
            address = existing(name)
        for query in {"", more, more.replace(TODAY, YESTERDAY)}:
            status, questions = asked(client, address + query)
            opened |= {name} if status == 200 else set()
            if len(questions) > MOST:
                too_many[address + query] = questions
    assert too_many == {}, {address: len(questions) for address, questions in too_many.items()}
    assert opened >= {"board", "closing", "closed_day", "answering", "household", "matrix", "import_columns"}


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
