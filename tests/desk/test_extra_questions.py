"""A fact that nothing records is asked at the door and on the phone, and fills the form; where nobody answered it is blank."""

import re
from datetime import datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from shouwang.access.scope import everything, scope
from shouwang.catalogue import FIELDS
from shouwang.ledgers.asked.fields import Known
from shouwang.ledgers.asked.rules import choices_of, kind_of, where_asked
from shouwang.ledgers.filled.counting import counted
from shouwang.ledgers.models import Question, Reply
from shouwang.ledgers.periods import Period
from shouwang.lib import clock
from shouwang.screening.actions import void_visit
from shouwang.screening.models import Inquiry, Visit
from tests.desk.test_closing import shown, words_in
from tests.desk.test_ledgers import bring, confirm, the_report
from tests.desk.test_lists import HEADINGS
from tests.desk.test_lists import bring as bring_list
from tests.ledgers.blanks import DAILY
from tests.world import XIANGYUN, at

BOOKS = "借阅图书(本)"
KINDS = [
    ("借阅图书(本)", "number", "number"),
    ("今日是否有人劝返", "number", "yes_no"),
    ("管控/有无宠物", "row", "yes_no"),
    ("出行方式（火车/汽车/飞机）", "row", "choice"),
    ("工作单位", "row", "text"),
]


@pytest.mark.parametrize(("heading", "shape", "expected"), KINDS)
def test_a_heading_says_how_it_is_answered(heading, shape, expected):
    assert kind_of(heading, shape) == expected


def test_choices_are_those_in_the_brackets():
    assert choices_of("出行方式（火车/汽车/飞机）") == ("火车", "汽车", "飞机")
    assert choices_of("对联/张贴(副)") == ()
    assert where_asked("row", "gates.passage") == ""


@pytest.fixture
def hour(monkeypatch, tmp_path, settings_of):
    settings_of(MEDIA_ROOT=tmp_path)

    def to(moment: str) -> datetime:
        monkeypatch.setenv("SHOUWANG_CLOCK", moment)
        return clock.now()

    return to


def cell(client) -> str:
    """What the extra column of the community's report says now."""
    page = shown(client.get(reverse("ledger_report", args=[the_report().pk])))
    return re.findall(r"<td[^>]*>(.*?)</td>", page.partition("<tbody")[2].partition("</tr>")[0], re.S)[-1]


def test_a_number_is_asked_at_the_door_and_sums_up(browser_of, street, hour):
    clerk, leader = browser_of("书记刘"), browser_of("李楼长")
    hour("2022-04-21T09:00:00")
    confirm(clerk, bring(clerk, "防控日报告表", [*DAILY, BOOKS]), ask_8="on")
    with scope([XIANGYUN]):
        field = f"more_{Question.objects.get().pk}"
    assert "未统计" in cell(clerk)

    # On the phone: said on the day's page, asked behind a door; in the office: on the household's page.
    doors = {name: street.doors[f"电力楼院 {name}"].pk for name in ("1-1-101", "1-1-102", "1-1-201")}
    assert BOOKS in words_in(shown(leader.get(reverse("door"))))
    assert f'name="{field}"' in shown(leader.get(reverse("door_household", args=[doors["1-1-101"]])))
    one = {"id": str(uuid4()), "told": "seen", "household": doors["1-1-101"], "more": {field: "3"}}
    for _twice in range(2):
        sent = leader.post(reverse("door_told"), {"entries": [one]}, content_type="application/json")
        assert [kept["id"] for kept in sent.json()["kept"]] == [one["id"]]
    plain = {"told": f"seen.{doors['1-1-201']}", "page": str(uuid4()), field: ""}
    assert leader.post(reverse("door_told"), plain).status_code == 302
    told = {"token": str(uuid4()), "people_count": "2", field: "2"}
    assert clerk.post(reverse("household_visit", args=[doors["1-1-102"]]), told).status_code == 302
    wrong = {**one, "id": str(uuid4()), "more": {field: "很多"}}
    answer = leader.post(reverse("door_told"), {"entries": [wrong]}, content_type="application/json").json()
    assert len(answer["wrong"]) == 1
    hour("2022-04-21T09:30:00")
    assert "5" in cell(clerk)
    behind = words_in(shown(clerk.get(reverse("ledger_behind", args=[the_report().pk, 8]))))
    assert ("1-1-101" in behind, "1-1-102" in behind, "1-1-201" in behind) == (True, True, False)

    # A visit that is struck takes its answer along; with no answer left nothing is said.
    with everything("the end of a test", at=clock.now()):
        for visit in Visit.objects.filter(pk__in=Reply.objects.values("about")):
            void_visit(visit.pk, reason="记错了", by=street.users["书记刘"], at=clock.now())
    hour("2022-04-22T18:00:00")
    with scope([XIANGYUN]):
        field = Known(FIELDS)[f"asked.{Question.objects.get().pk}"]
        days = {
            day: counted([field], XIANGYUN, 12, Period(at(day, 0), at(day + 1, 0))) for day in (20, 21, 22)
        }
        told = {day: found[field.key](XIANGYUN).number for day, found in days.items()}
        assert (told, Reply.objects.count()) == ({20: None, 21: 0, 22: None}, 2)


def test_what_people_say_on_the_phone_stands_in_their_line(browser_of, street, hour):
    clerk = browser_of("书记刘")
    hour("2022-04-21T09:00:00")
    asked = bring(clerk, "重点地区返回人员情况表", ["序号", "姓名", "联系电话", "有无宠物"])
    assert asked["lines"] == "screening.listed"
    confirm(clerk, asked, ask_3="on")
    text = (
        HEADINGS
        + "住户11101,,13900001101,电力楼院1号楼1单元101,上海,2022-04-18\n从没来过,,13900009999,,上海,2022-04-18\n"
    )
    bring_list(clerk, text)
    with scope([XIANGYUN]):
        field = f"more_{Question.objects.get().pk}"
        inquiry = Inquiry.objects.get(rows__name="住户11101")
    page = shown(clerk.get(reverse("inquiry", args=[inquiry.pk])))
    assert page.count(f'type="radio" name="{field}"') == 3
    told = {"token": str(uuid4()), "channel": "phone", field: "是"}
    assert clerk.post(reverse("inquiry_met", args=[inquiry.pk]), told).status_code == 302
    hour("2022-04-21T10:00:00")
    lines = (
        shown(clerk.get(reverse("ledger_report", args=[the_report().pk])))
        .partition("<tbody")[2]
        .split("</tr>")
    )
    said = {
        re.search(r"住户11101|从没来过", line)[0]: words_in(line)
        for line in lines
        if "住户" in line or "从没" in line
    }
    assert said["住户11101"].endswith("是")
    assert not said["从没来过"].endswith("是")
