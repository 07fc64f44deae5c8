"""报备: nobody learns anything from the page; what is said lands once; what is wrong is said in words."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shouwang.access.links import read, token
from shouwang.access.scope import scope
from shouwang.flows.reports_arrive import take_in
from shouwang.plans.actions import activate, keep
from shouwang.plans.loader import load, load_text, shipped
from shouwang.plans.schema import Plan
from shouwang.register.editing import Newcomer, add_person
from shouwang.screening.lists.models import Check, ListRow
from shouwang.screening.lists.settling import unsettled
from shouwang.screening.reports import links, posters
from shouwang.screening.reports.models import ReportedPerson, SelfReport, Wish
from shouwang.screening.reports.rules import Asks, asks_of, door_words, is_enough, travel_words, wrong_days
from tests.reporting import ask, form, page_of
from tests.world import CHUNHUI, DIANLI, XIANGYUN, at

TODAY = date(2022, 4, 21)
DAYS = [
    (None, None, ""),
    (date(2022, 4, 18), date(2022, 4, 20), ""),
    (date(2022, 4, 20), date(2022, 4, 18), "before_leaving"),
    (None, TODAY + timedelta(days=60), ""),
    (None, TODAY + timedelta(days=61), "late"),
    (date(2019, 4, 20), TODAY, "early"),
]
# What a form says that is wrong, and which words stand beside it.
WRONG = [
    ({"people-0-name": "😀😀"}, "请写姓名。"),
    ({"people-0-id_number": "990101199003071232"}, "末位校验码不对"),
    ({"people-0-id_number": "99010119901307123X"}, "里面的出生日期不存在"),
    ({"people-0-id_number": "990101********1234"}, "被星号遮住"),
    ({"phone": "1990000"}, "这个电话号码不对"),
    ({"arrived_on": "2022-02-31"}, "没有这一天，请核对"),
    ({"arrived_on": "2022-04-25"}, "还没回来的，请在上面选"),
    ({"arrived_on": "2022-04-20", "state": "coming"}, "这一天已经过了"),
    ({"left_on": "2022-04-21", "arrived_on": "2022-04-20"}, "回来的日期比离开那边的日期还早"),
    ({"arrived_on": "2032-04-20", "state": "coming"}, "这个日期太远了"),
    ({"from_place": "  \u200b"}, "请写从哪里来"),
    ({"whose": "tenants"}, "请写您自己的姓名"),
    ({"building": "", "room": ""}, "请选楼号、房号"),
    ({"note": "很" * 10_000}, "200"),
]


@pytest.fixture
def noon(monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T12:00:00")
    return at(21, 12)


@pytest.fixture
def poster(world, noon):
    with scope([XIANGYUN]):
        return posters.put_up([DIANLI], by=None, at=at(21, 8))[0]


@pytest.mark.parametrize(("left", "arrived", "expected"), DAYS)
def test_days_that_cannot_be(left, arrived, expected):
    assert wrong_days(left, arrived, today=TODAY) == expected


def test_only_what_the_plan_wants_is_asked():
    plans = {name: asks_of(load(path)) for name, path in shipped().items()}
    assert plans["covid_9th"].travel_days == 14
    assert plans["covid_9th"].identity
    assert plans["covid_9th"].transport
    assert not plans["vector_campaign"].identity
    assert not plans["vector_campaign"].transport
    assert plans["vector_campaign"].symptoms == ("发热", "皮疹", "关节痛")
    assert asks_of(None) == Asks()


ENOUGH = [
    ("", "", (), False),
    ("all", "", (), True),
    ("all", "low_risk_stay", ("发热",), False),
    ("low_risk_stay", "low_risk_stay", (), True),
    ("low_risk_stay", "close_contact", (), False),
    ("all but close_contact", "close_contact", (), False),
]


@pytest.mark.parametrize(("said", "category", "symptoms", "expected"), ENOUGH)
def test_what_people_report_is_enough_where_the_plan_says_so(said, category, symptoms, expected):
    assert is_enough(taking_their_word(said), category, symptoms) is expected


def taking_their_word(said: str) -> Plan:
    return load_text(word_of(said), file="covid_9th.toml")


def word_of(said: str) -> str:
    """The plan of the 9th edition with a line about whose own word is enough."""
    text = shipped()["covid_9th"].read_text(encoding="utf-8")
    if said.startswith("all"):
        text = text.replace("self_report_settles = false", "self_report_settles = true")
    for category in {said, said.removeprefix("all but ")} & {"low_risk_stay", "close_contact"}:
        header = f"[categories.{category}]\n"
        settles = "true" if said == category else "false"
        text = text.replace(header, f"{header}self_report_settles = {settles}\n")
    return text


def test_whose_word_is_enough_is_called_by_nobody(poster, world):
    with scope([XIANGYUN]):
        version = keep(word_of("all"), file="covid_9th.toml", at=at(21, 8))
        activate(XIANGYUN, version, reason="演练", by=None, at=at(21, 8))
        known = Newcomer("程文", "990101196205210078", "13900000101")
        add_person(world.doors["电力楼院 1-1-101"].pk, known, by=None, at=at(1, 8))
    well = {"name": "程文", "id_number": "990101196205210078"}
    ask(page_of(poster), form(well, {"name": "从没来过"}, phone="13900000101"))
    with scope([XIANGYUN]):
        take_in(XIANGYUN, at=at(21, 12, 1))
        assert [row.name for row in unsettled(ListRow.objects.all())] == ["从没来过"]
        assert (Check.objects.get().channel, Check.objects.get().from_place) == ("self_report", "浙江杭州")


def test_words_of_a_door_and_of_a_journey():
    assert door_words("电力楼院", "3", "2", "502") == "电力楼院3号楼2单元502室"
    assert door_words("春晖新村", "1号楼", "", "101") == "春晖新村1号楼101室"
    stops = [{"place": "杭州", "from": "2022-04-12", "until": "2022-04-15"}, {"place": "上海"}]
    assert travel_words(stops) == "杭州 4月12日至4月15日、上海"


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_kept(poster, changed, words):
    answer = ask(page_of(poster), form({"name": "刘一一"}) | changed)
    assert answer.status_code == 422
    assert words in "".join(answer.json()["wrong"].values())
    plain = Client().post(page_of(poster), form({"name": "刘一一"}) | changed)
    assert (plain.status_code, words in plain.content.decode()) == (422, True)
    with scope([XIANGYUN]):
        assert not SelfReport.objects.exists()


def test_sent_twice_at_once_it_is_there_once(poster):
    sent = form({"name": "刘一一"}, {"name": "刘二二"})
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask(page_of(poster), sent), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    with scope([XIANGYUN]):
        assert (SelfReport.objects.count(), ReportedPerson.objects.count()) == (1, 2)
        take_in(XIANGYUN, at=at(21, 12, 1))
        take_in(XIANGYUN, at=at(21, 12, 2))
        assert ListRow.objects.count() == 2


def test_scripts_and_pictures_in_words_are_words(poster):
    sent = form({"name": "<script>alert(1)</script>刘"}, note="😷 <b>急</b>")
    own = Client().get(ask(page_of(poster), sent).json()["own"]).content.decode()
    assert "<script>alert" not in own
    assert "&lt;script&gt;alert(1)&lt;/script&gt;刘" in own
    assert "😷 &lt;b&gt;急&lt;/b&gt;" in own


def test_whoever_fills_the_trap_is_told_the_same_and_not_kept(poster):
    answer = ask(page_of(poster), form({"name": "机器人"}, website="http://spam.example"))
    assert set(answer.json()) == {"id", "receipt", "own"}
    with scope([XIANGYUN]):
        assert not SelfReport.objects.exists()


def test_nothing_can_be_read_or_changed_from_the_street(poster):
    sent = form({"name": "刘一一"})
    ask(page_of(poster), sent)
    with scope(()):
        assert not SelfReport.objects.exists()
        assert not ReportedPerson.objects.exists()
        assert SelfReport.objects.update(note="改") == 0
        assert Wish.objects.count() == 0


def test_the_answer_is_the_same_for_somebody_known_and_for_nobody(poster):
    known = ask(page_of(poster), form({"name": "住户11101"}))
    nobody = ask(page_of(poster), form({"name": "从没来过"}))
    assert (known.status_code, sorted(known.json())) == (nobody.status_code, sorted(nobody.json()))
    shown = Client().get(page_of(poster)).content.decode()
    assert "住户" not in shown
    labels = json.loads(re.search(r'<script id="doors"[^>]*>(.*?)</script>', shown)[1])
    rooms = ["101", "102", "201", "202"]
    assert labels == [["电力楼院", [["1", [["1", rooms], ["2", rooms]]], ["2", [["1", rooms]]]]]]


def test_a_poster_that_was_taken_down_or_made_up_opens_nothing(poster, world):
    other = posters.code_of(poster)[:-1] + ("a" if posters.code_of(poster)[-1] != "a" else "b")
    assert Client().get(f"/r/{other}/").status_code == 404
    assert Client().get("/r/x/").status_code == 404
    assert Client().get("/r/410103008999/").status_code == 404
    with scope([XIANGYUN]):
        posters.take_down(poster, by=world.users["书记刘"], at=at(21, 11))
        again = posters.put_up([DIANLI], by=None, at=at(21, 11))[0]
    down = Client().get(page_of(poster))
    assert (down.status_code, "这张码已经换了" in down.content.decode()) == (422, True)
    assert Client().get(page_of(again)).status_code == 200


def test_a_community_has_a_page_without_a_poster(poster):
    assert "祥云社区" in Client().get(f"/r/{XIANGYUN}/").content.decode()


@pytest.mark.parametrize("kind", [links.ASKED, links.OWN])
def test_a_link_is_read_only_as_what_it_is(kind):
    about = uuid4()
    made = token(kind, about, CHUNHUI)
    assert read(kind, made) == (about, XIANGYUN)
    assert len(made) == 39
    other = links.OWN if kind == links.ASKED else links.ASKED
    for wrong in (made[:-1], made[1:], "", "ä" * 39, made[:5] + ("A" if made[5] != "A" else "B") + made[6:]):
        assert read(kind, wrong) is None
    assert read(other, made) is None


def test_the_receipt_leads_back_from_another_phone_and_cannot_be_guessed(poster):
    kept = ask(page_of(poster), form({"name": "刘一一"})).json()
    told = {"receipt": f"{kept['receipt'][:3]} {kept['receipt'][3:]}", "tail": "1234"}
    assert Client().post("/r/receipt/", told)["Location"] == kept["own"]
    for _ in range(9):
        assert Client().post("/r/receipt/", told | {"tail": "9999"}).status_code == 422
    late = Client().post("/r/receipt/", told)
    assert "今天试的次数太多了" in late.content.decode()


def test_too_many_forms_from_one_place_wait(poster):
    answers = [ask(page_of(poster), form({"name": "刘一一"}) | {"phone": ""}).status_code for _ in range(121)]
    assert set(answers[:120]) == {422}
    assert answers[120] == 429


def test_without_a_script_a_line_more_loses_nothing(poster):
    shown = Client().post(page_of(poster), form({"name": "刘一一"}, more="people")).content.decode()
    assert 'name="people-1-name"' in shown
    assert 'value="刘一一"' in shown
    assert "请写姓名" not in shown
    most = form(*({"name": f"刘{n}"} for n in range(12)), more="people")
    assert 'name="people-12-name"' not in Client().post(page_of(poster), most).content.decode()
