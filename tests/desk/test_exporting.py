"""A list leaves the house in one way: for those who may, masked, with who and when on it, and written down first."""

import re
from io import BytesIO
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from shouwang.access.models import Audit, Grant
from shouwang.access.scope import scope
from shouwang.catalogue import ANSWERS
from shouwang.desk.exporting import workbook
from shouwang.desk.exporting.stamp import stamp
from shouwang.flows.end_of_day import close_day
from shouwang.lib import clock
from shouwang.register.models import Household, Person
from shouwang.screening import actions
from tests.desk.test_doors import ADDRESSES, address_of
from tests.world import BUILDING_1, CHUNHUI, DIANLI, XIANGYUN, at

NUMBER, PHONE = "410103197001010018", "13900001234"
BUTTON = 'name="export"'


def taken(client: Client, address: str, **query: object) -> list[list[object]]:
    """The rows of the file behind the button of a page."""
    where = f"{address}?{urlencode(query)}" if query else address
    answer = client.post(where, {"export": "1"})
    assert answer.status_code == 200, answer.content.decode()[:300]
    file = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()


def written() -> list[Audit]:
    with scope([""]):
        return list(Audit.objects.filter(action="desk.export").order_by("id"))


def test_the_file_is_the_list_behind_the_number_and_is_written_down(street, browser_of):
    with scope([XIANGYUN]):
        tried = street.ids("电力楼院 1-1-102")[0]
        actions.record_attempt(
            tried, outcome="no_answer", tried_at=at(21, 9), hours=[], next_try_at=at(21, 19), by=None, at=clock.now()
        )  # fmt: skip
    page = browser_of("书记刘").get("/owed/", {"area": DIANLI, "state": "left"}).content.decode()
    assert BUTTON in page
    rows = taken(browser_of("书记刘"), "/owed/", area=DIANLI, state="left", after=f"{BUILDING_1}.1")
    assert rows[0][0] == ("仅供防控工作使用，请勿转发 · 书记刘 导出 · 2022-04-21 10:00 · 电力楼院 · 未办")
    assert rows[1][:5] == ["户 / 场所", "事项", "情况", "最晚办完", "谁负责"]
    assert len(rows) == 2 + 12  # the whole list, not the rest of it
    told = next(row for row in rows if row[0] == "电力楼院 1-1-102")
    assert told[1:] == [
        "入户走访", "待办", "2022-04-22 00:00", "李楼长", "2022-04-21 09:00", "没人在家", "2022-04-21 19:00"
    ]  # fmt: skip
    (line,) = written()
    assert (line.user, line.area_code) == (street.users["书记刘"], DIANLI)
    assert line.about == {"list": "board_list", "rows": 12}


def test_every_page_with_the_button_gives_its_list_once_to_whoever_presses_it(street, browser_of, newcomer):
    liu, auditor, given_out = browser_of("书记刘"), newcomer("auditor", XIANGYUN), []
    with scope([XIANGYUN]):
        home = Household.objects.get(pk=street.ids("电力楼院 1-1-101")[0])
        for _ in range(2):
            Person.objects.create(
                household=home, area_code=home.area_code, name="同名", born_on=at(1, 0).date(), added_at=at(1, 0)
            )  # fmt: skip
    for name in ADDRESSES:
        client, address = (auditor if name == "audit" else liu), address_of(name) + ADDRESSES[name]
        if BUTTON in client.get(address).content.decode():
            rows = taken(client, address)
            given_out.append((name, len(rows) - 2))
    assert [(one.about["list"], one.about["rows"]) for one in written()] == given_out
    found = dict(given_out)
    assert (found["board_list"], found["places"], found["helpers"], found["duplicates"]) == (12, 1, 3, 1)
    assert {"answering", "audit", "people", "rounds"} <= set(found)


def test_what_is_carried_leaves_with_its_reasons_before_and_after_the_close(street, browser_of, monkeypatch):
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T22:00:00")
    liu, asked = browser_of("书记刘"), {"community": XIANGYUN, "day": "2022-04-21"}
    tonight = taken(liu, "/close/list/", **asked, column="carried_out")
    assert tonight[2] == ["电力楼院 1-1-101", "入户走访", "未到期", "", "", "没人负责"]
    with scope([XIANGYUN]):
        close_day(XIANGYUN, at(21, 0).date(), now=at(22, 0), by=None, answers=ANSWERS)
    closed = taken(liu, "/close/day/", **asked)
    assert closed[2] == ["电力楼院 1-1-101", "入户走访", "未说明", "", "", "李楼长"]
    assert taken(liu, "/close/past/", community=XIANGYUN)[2][:3] == [
        "2022-04-21",
        "2022-04-22 00:00",
        "到点自动封账",
    ]


def test_nobody_takes_away_what_they_may_only_look_at(street, browser_of):
    lead = street.users["李楼长"]
    answer = browser_of("李楼长").post("/owed/?state=left", {"export": "1"})
    assert answer.status_code == 403
    assert BUTTON not in browser_of("李楼长").get("/owed/?state=left").content.decode()
    Grant.objects.create(user=lead, role="clerk", area_codes=[CHUNHUI], from_at=at(20, 8))
    rows = taken(browser_of("李楼长"), "/owed/", state="left", area=XIANGYUN)
    assert [row[0] for row in rows[2:]] == ["春晖新村 1-101", "春晖新村 1-102", "春晖新村 1-201"]
    assert (
        browser_of("李楼长").post(f"/owed/?state=left&area={BUILDING_1}", {"export": "1"}).status_code == 404
    )
    assert [one.about["rows"] for one in written()] == [3]


def test_numbers_are_masked_wherever_they_were_typed_and_nothing_is_a_formula(street, browser_of):
    with scope([XIANGYUN]):
        home = Household.objects.get(pk=street.ids("电力楼院 1-1-101")[0])
        Person.objects.create(
            household=home, area_code=home.area_code, name="=HYPERLINK(1)", id_mask="410103********0018",
            phone_mask="139****1234", helps=["chronic"], help_note=f"打 139-0000-1234 或 {NUMBER}", added_at=at(1, 0),
        )  # fmt: skip
    rows = taken(browser_of("书记刘"), "/living/list/", which="chronic")
    assert rows[2] == [
        "=HYPERLINK(1)", "电力楼院 1-1-101", "410103********0018", "139****1234", "", "慢性病 打 139****1234 或 410103********0018"
    ]  # fmt: skip


@given(
    st.text(alphabet="0123456789- xX年月，", max_size=30), st.sampled_from([NUMBER, PHONE, NUMBER[:-1] + "X"])
)
def test_no_number_gets_through(around, number):
    shown = workbook.masked(f"{around}，{number}，{around}")
    assert not re.search(r"\d(?:[ -]?\d){10}", shown)


def test_a_day_and_a_door_stay_as_they_are():
    for text in ("2022-04-21 10:00", "3-2-502", "〔2022〕17号", "0371-66001"):
        assert workbook.masked(text) == text


def test_a_list_that_no_workbook_holds_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    rows = [["一"]] * 4
    file, amount = workbook.written("名单", "一行", ["栏"], rows[:3], stamp("1"))
    file.close()
    assert amount == 3
    with pytest.raises(workbook.TooManyRows):
        workbook.written("名单", "一行", ["栏"], rows, stamp("1"))


def test_the_mark_lies_behind_the_cells_and_on_paper(street, browser_of):
    answer = browser_of("书记刘").post("/owed/?state=left", {"export": "1"})
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert len([name for name in book.namelist() if name.endswith(".png")]) == 2
    assert "<picture r:id=" in sheet
    assert re.search(r"<oddHeader>&amp;L&amp;8仅供防控工作使用.*书记刘.*&amp;C&amp;G</oddHeader>", sheet)
