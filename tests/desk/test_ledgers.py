"""台账日报 in the browser: a blank form brought, asked about once, filled and sent by two people in four taps."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.ledgers.models import Form, Question, Report, Snapshot, Version
from shouwang.lib import clock
from shouwang.register.models import Person
from shouwang.screening.actions import Seen, record_visits
from tests.desk.test_closing import shown, words_in
from tests.ledgers.blanks import DAILY, PEOPLE, blank
from tests.world import JIANXIN, XIANGYUN

MOST_QUESTIONS = 15
DISTRICT = XIANGYUN[:9]


@pytest.fixture
def second(street) -> Client:
    """信息员孙 beside 书记刘."""
    now = clock.now()
    user = User.objects.create_user("孙", name="信息员孙", created_at=now)
    Grant.objects.create(user=user, role="clerk", area_codes=[XIANGYUN], from_at=now - timedelta(days=1))
    client = Client()
    client.force_login(user)
    return client


def bring(client: Client, title: str, headings: list[str], *, area: str = XIANGYUN, **more: str) -> dict:
    """Uploads a blank form; gives the fields of the page that asks what its columns hold."""
    file = SimpleUploadedFile("空白表.xlsx", blank(title, headings))
    answer = client.post(reverse("ledger_forms"), {"file": file, "area": area, "of": ""} | more)
    assert answer.status_code == 302, words_in(shown(answer))
    page = shown(client.get(answer["Location"]))
    fields = dict(re.findall(r'<input type="(?:text|time|date)" name="(\w+)" value="([^"]*)"', page))
    for select in re.findall(r'<select name="(\w+)".*?</select>', page, re.S):
        body = re.search(rf'<select name="{select}".*?</select>', page, re.S)[0]
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        fields[select] = chosen[1] if chosen else ""
    return {"": answer["Location"]} | fields


def confirm(client: Client, asked: dict, **more: str) -> str:
    fields = {name: value for name, value in asked.items() if name} | more
    return words_in(shown(client.post(asked[""], fields, follow=True)))


def visited(world, *doors: str) -> None:
    now = clock.now()
    with scope([XIANGYUN]):
        record_visits([Seen(world.doors[door].pk, now, people_count=2) for door in doors], by=None, at=now)


def the_report() -> Report:
    with scope([XIANGYUN]):
        return Report.objects.get(area_code=XIANGYUN)


def test_a_form_is_asked_about_once_filled_by_itself_and_sent_by_two(browser_of, second, street, monkeypatch):
    client = browser_of("书记刘")
    asked = bring(client, "防控日报告表", [*DAILY, "借阅图书(本)"])
    assert asked["column_1"] == "screening.visits_day"
    assert (asked["cut_off"], asked["due"]) == ("17:00", "17:00")
    assert "记住了" in confirm(client, asked, ask_8="on")
    with scope([XIANGYUN]):
        assert [one.words for one in Question.objects.all()] == ["借阅图书(本)"]
    visited(street, "电力楼院 1-1-101", "电力楼院 1-1-102")
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T16:00:00")

    owed = words_in(shown(client.get(reverse("ledgers"))))  # tap 1
    assert "防控日报告表 4-21" in owed
    assert "还没报" in owed
    address = reverse("ledger_report", args=[the_report().pk])
    with CaptureQueriesContext(connection) as asked_of:
        page = shown(client.get(address))  # tap 2
    assert len(asked_of) <= MOST_QUESTIONS
    assert "9 列里有 3 列系统里没有" in words_in(page)
    assert "还没到截止时间" in page
    made = client.post(reverse("ledger_prepare", args=[the_report().pk]))  # tap 3
    again = client.post(reverse("ledger_prepare", args=[the_report().pk]), follow=True)
    assert again.redirect_chain[-1][0] == made["Location"]
    mine = shown(client.get(made["Location"]))
    assert "等另一个人审核。" in mine
    assert "审核无误，上报" not in mine

    check = made["Location"] + "check/"
    assert client.post(check).status_code == 422
    done = second.post(check, follow=True)
    assert "已上报" in words_in(shown(done))
    assert "要报的都报了" in words_in(shown(second.get(reverse("ledgers"))))
    book = load_workbook(io.BytesIO(b"".join(second.get(made["Location"] + "file/").streaming_content)))
    assert [cell.value for cell in book.active[5]] == ["祥云社区", 2, 2, 4, 4, *["未统计"] * 4]
    lines = second.get(made["Location"] + "file/?as=csv").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("社区,今日入户数,累计入户数,今日排查人数,累计排查人数,今日更换,没有更换,")
    assert lines[1:] == ["祥云社区,2,2,4,4,,,,"]


def sent_by_two(one: Client, other: Client, report: Report) -> str:
    """The address of what two people sent."""
    made = one.post(reverse("ledger_prepare", args=[report.pk]))
    assert other.post(made["Location"] + "check/").status_code == 302
    return made["Location"]


def test_every_number_opens_as_many_records_and_what_comes_later_is_told(
    browser_of, second, street, monkeypatch
):
    client = browser_of("书记刘")
    confirm(client, bring(client, "防控日报告表", DAILY))
    visited(street, "电力楼院 1-1-101", "电力楼院 1-1-102")
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T17:00:00")
    where = sent_by_two(client, second, the_report())
    page = shown(client.get(where))
    opened = {number: href for href, number in re.findall(r'<a href="([^"]*behind[^"]*)">(\d+)</a>', page)}
    for number, href in opened.items():
        behind = shown(client.get(href.replace("&amp;", "&")))
        assert f'<span class="count">{number}</span>' in behind
        assert len(set(re.findall(r'href="(/households?/\d+/)"', behind))) == 2
    assert parse_qs(urlsplit(opened["2"]).query)["line"] == [XIANGYUN]

    now = clock.now()
    with scope([XIANGYUN]):
        late = Seen(street.doors["电力楼院 1-1-201"].pk, now - timedelta(minutes=10), people_count=1)
        record_visits([late], by=None, at=now + timedelta(minutes=20))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T18:00:00")
    after = words_in(shown(client.get(where)))
    assert "补录，算进下一期" in after
    assert "排查情况/今日入户数 今天 16:50 +1" in after
    assert client.post(where + "correct/", {"reason": " "}).status_code == 422
    fixed = client.post(where + "correct/", {"reason": "口径改了"})
    assert second.post(fixed["Location"] + "check/").status_code == 302
    assert "后来有更正" in words_in(shown(client.get(where)))
    with scope([XIANGYUN]):
        assert Snapshot.objects.exclude(checked_at=None).count() == 2


def test_those_above_see_who_has_not_sent_and_add_up_what_was(
    newcomer, browser_of, second, street, monkeypatch
):
    above = newcomer("commander", DISTRICT)
    confirm(above, bring(above, "防控日报告表", DAILY, area=DISTRICT))
    visited(street, "电力楼院 1-1-101")
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T17:00:00")
    with scope([DISTRICT]):
        form, mine = Form.objects.get(), Report.objects.get(area_code=XIANGYUN)
    sent_by_two(browser_of("书记刘"), second, mine)
    every = reverse("ledger_roll_up", args=[form.pk]) + "?day=2022-04-21"
    page = words_in(shown(above.get(every)))
    assert "1 个还没报" in page
    assert "祥云社区 1 1 2 2 未统计 未统计 未统计 建新社区 未报 未报 未报 未报 未统计 未统计 未统计" in page
    assert "未报 1 个：建新社区。" in page
    chased = words_in(shown(above.post(reverse("ledger_chase", args=[form.pk]), {"day": "2022-04-21"})))
    assert "【催报】防控日报告表（4月21日）17:00 截止，还没报的有 1 个：建新社区。" in chased
    assert "上级在催" in words_in(shown(browser_of("书记赵").get(reverse("ledgers"))))
    with scope([JIANXIN]):
        assert Report.objects.exclude(chased_at=None).count() == 1


def test_full_numbers_are_asked_for_by_one_and_approved_by_another(browser_of, second, street, monkeypatch):
    client = browser_of("书记刘")
    confirm(client, bring(client, "居民台账", PEOPLE))
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T17:00:00")
    where = sent_by_two(client, second, the_report())
    assert shown(client.get(where)).count("<tr>") == 2 + 15
    client.post(where + "clear/", {"reason": "报区里"})
    assert "等另一个人批准" in words_in(shown(client.get(reverse("ledgers"))))
    approve, take = (reverse(f"ledger_clear_{verb}", args=[1]) for verb in ("approve", "take"))
    assert client.post(approve).status_code == 422
    assert client.post(take).status_code == 422
    assert "报区里" in words_in(shown(second.get(reverse("ledgers"))))
    assert second.post(approve).status_code == 302
    assert second.post(take).status_code == 404
    taken = client.post(take)
    assert "attachment" in taken["Content-Disposition"]
    assert load_workbook(io.BytesIO(taken.content)).active["B5"].value == "住户11101"


def test_the_numbers_of_this_minute_are_one_tap_away(browser_of, street, monkeypatch):
    client = browser_of("书记刘")
    visited(street, "电力楼院 1-1-101")
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:05:00")
    text = shown(client.get(reverse("ledgers_now"), {"area": XIANGYUN}, headers={"HX-Request": "true"}))
    assert "祥云社区 4月21日10:05（今日从0时算起）\n辖区户数：15\n常住户数：15\n辖区人数：15\n" in text
    assert "今日入户数：1\n累计入户数：1" in text
    assert client.get(reverse("ledgers_now"), {"area": JIANXIN}).status_code == 404
    button = f'href="{reverse("ledgers_now")}?area={XIANGYUN}"'
    assert button in shown(client.get(reverse("board")))
    assert "<textarea" in shown(client.get(f"{reverse('ledgers_now')}?area={XIANGYUN}"))  # without a script
    assert button not in shown(browser_of("李楼长").get(reverse("board")))


def test_a_new_version_shows_what_differs_and_a_retired_form_is_owed_no_longer(browser_of, street):
    client = browser_of("书记刘")
    confirm(client, bring(client, "防控日报", DAILY))
    with scope([XIANGYUN]):
        form = Form.objects.get()
    confirm(client, bring(client, "防控日报", [*DAILY[:3], "辖区户数"], of=str(form.pk)))
    page = words_in(shown(client.get(reverse("ledger_form", args=[form.pk]))))
    assert "第 2 版" in page
    assert "新加 1 列：辖区户数" in page
    assert "去掉 5 列" in page
    with scope([XIANGYUN]):
        assert [one.number for one in Version.objects.order_by("number")] == [1, 2]
    client.post(reverse("ledger_retire", args=[form.pk]))
    assert "还没有要报的表" in words_in(shown(client.get(reverse("ledgers"))))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"column_1": "isolation.begun"}, "不是可用的选项"),
        ({"cut_off": "25:00"}, 'role="alert"'),
        ({"title": ""}, 'role="alert"'),
        ({"due": ""}, 'role="alert"'),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(browser_of, street, change, said):
    client: Client = browser_of("书记刘")
    asked = bring(client, "防控日报", DAILY)
    answer = client.post(asked[""], {name: value for name, value in asked.items() if name} | change)
    assert answer.status_code == 200
    assert said in shown(answer) or 'role="alert"' in shown(answer)
    with scope([XIANGYUN]):
        assert not Report.objects.exists()


def test_a_file_that_is_no_form_gets_a_sentence_beside_the_field(browser_of: Callable[[str], Client]):
    client = browser_of("书记刘")
    file = SimpleUploadedFile("表.xlsx", blank("只有标题", ["说明"]))
    page = words_in(shown(client.post(reverse("ledger_forms"), {"file": file, "area": XIANGYUN, "of": ""})))
    assert "“表.xlsx”里没有找到表头" in page


def test_a_number_of_thousands_opens_all_of_its_records(browser_of, second, street):
    client, before = browser_of("书记刘"), clock.now() - timedelta(minutes=1)
    confirm(client, bring(client, "人口日报", ["社区", "辖区人数", "辖区户数"]))
    door = street.doors["电力楼院 1-1-101"]
    with scope([XIANGYUN]):
        Person.objects.bulk_create(
            Person(household=door, area_code=door.area_code, name=f"住户{number}", added_at=before)
            for number in range(2100)
        )
        everybody = Person.objects.filter(area_code__startswith=XIANGYUN).count()
    address = f"{reverse('ledger_behind', args=[the_report().pk, 1])}?page={everybody // 50}"
    with CaptureQueriesContext(connection) as asked_of:
        page = shown(client.get(address))
    assert len(asked_of) <= MOST_QUESTIONS
    assert f'<span class="count">{everybody}</span>' in page
    assert page.count('<th scope="row">') == everybody % 50
