"""The board says what is owed, and every number opens exactly the list that it counts."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from shouwang.access.scope import scope
from shouwang.desk import board
from shouwang.duties.models import Duty
from shouwang.duties.plan import waive
from shouwang.duties.windows import Window
from shouwang.lib import clock
from shouwang.register.models import Responsibility
from shouwang.screening import actions
from shouwang.screening.duties import PLACE_VISIT
from tests.world import BUILDING_1, DIANLI, JIANXIN, XIANGYUN, at

NUMBER = re.compile(
    r'<a[^>]*id="(?:n|left|kinds|areas|helpers)-[^"]*"[^>]*href="([^"]*/owed/[^"]*)"[^>]*>(.*?)</a>',
    re.DOTALL,
)


@pytest.fixture
def busy(street):
    """Two doors seen, one tried, one waived; the shop should have been looked at an hour ago."""
    now = clock.now()
    with scope([XIANGYUN]):
        seen = [
            actions.Seen(household=one, at=now) for one in street.ids("电力楼院 1-1-101", "电力楼院 2-1-102")
        ]
        actions.record_visits(seen, by=None, at=now)
        tried = street.ids("电力楼院 1-1-102")[0]
        actions.record_attempt(
            tried, outcome="no_answer", tried_at=now, hours=[], next_try_at=now, by=None, at=now
        )
        away = Duty.objects.filter(household__in=street.ids("春晖新村 1-201"))
        waive(away, reason="人在外地", by=street.users["书记刘"], at=now)
        window = Window(now - timedelta(hours=3), now - timedelta(hours=1))
        actions.open_round(XIANGYUN, kind=PLACE_VISIT.name, title="场所", window=window, by=None, at=now)
    return street


def shown(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def test_the_first_line_says_how_much_is_left_doors_and_places_apart(busy, browser_of):
    said = text(shown(browser_of("书记刘").get("/")))
    assert "今天还差 12 户 1 处" in said


def test_every_number_opens_exactly_its_list(busy, browser_of):
    client = browser_of("书记刘")
    numbers = [
        (unescape(address), int(re.search(r"\d+", text(words))[0]))
        for page in ("/", f"/?area={DIANLI}", f"/?area={BUILDING_1}")
        for address, words in NUMBER.findall(shown(client.get(page)))
    ]
    assert len(numbers) > 30
    for address, number in numbers:
        page = shown(client.get(address))
        assert page.count('<th scope="row">') == number, address


def test_the_list_says_what_was_tried_last(busy, browser_of):
    page = text(shown(browser_of("书记刘").get(reverse("board_list"), {"area": BUILDING_1, "state": "left"})))
    assert "电力楼院 1-1-102 入户走访 待办 今天 24:00 李楼长 今天 10:0" in page
    assert "没人在家" in page


def test_the_list_says_who_answers_and_bears_who_looks(busy, browser_of):
    page = shown(browser_of("书记刘").get(reverse("board_list"), {"state": "left"}))
    assert {"李楼长", "王网格", "张干部"} <= set(re.findall("李楼长|王网格|张干部", text(page)))
    assert 'class="watermark"' in page


def test_waived_doors_say_why(busy, browser_of):
    assert "人在外地" in shown(browser_of("书记刘").get(reverse("board_list"), {"state": "waived"}))


def test_the_list_goes_on_where_the_page_ended(busy, browser_of, monkeypatch):
    monkeypatch.setattr("shouwang.desk.owed.listed.PAGE", 5)
    client, query, doors = browser_of("书记刘"), "state=total&area=" + XIANGYUN, []
    while query:
        page = shown(client.get(f"{reverse('board_list')}?{query}"))
        doors += re.findall(r'<th scope="row">(.*?)</th>', page)
        following = re.search(r'btn-primary" href="\?([^"]*)"', page)
        query = unescape(following[1]) if following else ""
    assert len(doors) == len(set(doors)) == 16


def test_numbers_that_did_not_change_are_not_sent_again(busy, browser_of):
    client = browser_of("书记刘")
    first = shown(client.get(reverse("board_numbers")))
    again = unescape(re.search(r'hx-get="([^"]*)"', first)[1])
    assert client.get(again).status_code == 204

    with scope([XIANGYUN]):
        door = busy.ids("电力楼院 1-2-101")[0]
        actions.record_visits([actions.Seen(household=door, at=clock.now())], by=None, at=clock.now())
    assert "今天还差 11 户" in text(shown(client.get(again)))


def test_a_day_on_which_nothing_is_owed_says_what_to_do(street, browser_of, monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-20T10:00:00")
    from shouwang.access.models import Grant

    Grant.objects.update(from_at="2022-04-01T00:00:00+08:00")
    said = shown(browser_of("书记刘").get("/"))
    assert "今天还没有要办的事。" in said
    assert "开一轮排查以后" in said


def test_places_that_lie_in_no_building_stand_under_their_own_line(busy, browser_of):
    said = shown(browser_of("书记刘").get("/", {"area": DIANLI}))
    assert "其他" in text(said)
    listed = shown(
        browser_of("书记刘").get(reverse("board_list"), {"area": DIANLI, "here": "1", "state": "left"})
    )
    assert "刘记商铺" in listed
    assert listed.count('<th scope="row">') == 1


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("board", {"area": "41010300800199"}),
        ("board", {"area": "12 OR 1=1"}),
        ("board", {"area": JIANXIN}),
        ("board_list", {"state": "everything"}),
        ("board_list", {"state": "left", "kind": "nothing.known"}),
        ("board_list", {"state": "left", "after": "x.y"}),
        ("board_list", {"state": "left", "after": "4." + "9" * 40}),
        ("board_list", {"state": "left", "area": "４１０１０３００８００１"}),
    ],
)
def test_made_up_addresses_show_nothing_and_break_nothing(busy, browser_of, name, query):
    answer = browser_of("书记刘").get(reverse(name), query)
    assert answer.status_code in (200, 404)
    assert "建新" not in answer.content.decode()


def test_the_board_says_what_each_of_those_who_answer_has_left(busy, browser_of):
    client = browser_of("书记刘")
    page = client.get("/").content.decode()
    section = page.split('id="helpers-words"')[1]
    for name in ("李楼长", "王网格", "张干部"):
        assert name in section
    assert "没人负责" not in section
    with scope([XIANGYUN]):
        Responsibility.objects.filter(role="cadre").update(until=at(21, 8))
    page = client.get("/").content.decode()
    assert "没人负责" in page.split('id="helpers-words"')[1]
    nobody = client.get("/owed/?state=total&who=0").content.decode()
    assert "春晖新村" in nobody
    assert "电力楼院" not in nobody


def test_whoever_has_most_left_stands_first_and_everybody_is_one_tap_away(busy, browser_of, monkeypatch):
    client, names = browser_of("书记刘"), ("李楼长", "王网格", "张干部")
    monkeypatch.setattr(board, "FIRST_HELPERS", 1)
    page = client.get("/").content.decode()
    assert sum(name in page.split('id="helpers-words"')[1] for name in names) == 1
    more = re.search(r'<a class="btn" href="([^"]*)">看全部 3 位责任人</a>', page)
    page = client.get("/" + unescape(more[1])).content.decode()
    assert all(name in page.split('id="helpers-words"')[1] for name in names)
    again = client.get(unescape(re.search(r'hx-get="([^"]*everybody=1[^"]*)"', page)[1]))
    assert again.status_code == 204
