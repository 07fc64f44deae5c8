"""The list desk as people meet it: refusals that stay, columns that are remembered, few questions, one key for a choice."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from shouwang import jobs
from shouwang.access.scope import scope
from shouwang.desk.screening import lists
from shouwang.desk.templatetags.refusals import why
from shouwang.duties.models import Duty
from shouwang.lib import clock
from shouwang.outreach.channels import set_office
from shouwang.outreach.handing import handed, take_one
from shouwang.plans.actions import activate, keep, keep_shipped, text_of
from shouwang.plans.form.filled import written
from shouwang.register.editing import Newcomer, add_person
from shouwang.register.uploads import SheetShape, Upload
from shouwang.screening.duties import LIST_ROW
from shouwang.screening.models import Inquiry, ListRow, NotThisPerson, PushedList
from tests.desk.test_closing import shown, words_in
from tests.world import XIANGYUN, at

HEADINGS = "姓名,证件号码,手机号码,现住址,出发地,到达时间\n"
ROWS = "".join(
    f"住户1{unit}{room},,1390000{unit}{room},电力楼院1号楼{unit}单元{room},上海,2022-04-18\n"
    for unit in (1, 2)
    for room in (101, 102, 201, 202)
)
MOST_QUESTIONS = 15


@pytest.fixture
def clerk(browser_of, tmp_path, settings_of):
    settings_of(MEDIA_ROOT=tmp_path)
    return browser_of("书记刘")


def bring(client, text: str, name: str = "名单.csv", **more):
    told = {"community": XIANGYUN, "sender": "区指挥部", "source": "pushed", "hours": "24", **more}
    return client.post(
        reverse("lists"), {**told, "brought": SimpleUploadedFile(name, text.encode())}, follow=True
    )


def test_what_is_owed_behind_no_door_is_called_by_what_it_is_about(street, clerk, monkeypatch):
    """Rows of a list by their names; and where it is about nothing that has a name, by where it is owed."""
    bring(clerk, HEADINGS + ROWS)
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T11:00:00")
    day = {"day": "2022-04-21", "column": "opened"}
    said = words_in(shown(clerk.get(reverse("account_list"), {**day, "kind": LIST_ROW.name})))
    assert "住户11101 · 名单" in said
    assert "住户12202 · 名单" in said
    with scope([XIANGYUN]):
        last = Duty.objects.filter(kind=LIST_ROW.name).latest("pk")
        Duty.objects.filter(pk=last.pk).update(about=None)
    said = words_in(shown(clerk.get(reverse("account_list"), {**day, "kind": LIST_ROW.name})))
    assert "祥云社区 名单核查" in said


def asks(client, address: str) -> int:
    """How many questions to the database a page costs, once everything that is kept is kept."""
    shown(client.get(address))
    with CaptureQueriesContext(connection) as questions:
        shown(client.get(address))
    return len([one for one in questions if "set_config" not in one["sql"]])


def test_every_page_asks_few_questions_whatever_the_number_of_rows(clerk):
    bring(clerk, HEADINGS + ROWS)
    with scope([XIANGYUN]):
        listed, inquiry = PushedList.objects.get(), Inquiry.objects.first()
    pages = [reverse(name) for name in ("lists", "list_rows", "choosing", "work", "codes")]
    pages += [reverse("list_page", args=[listed.pk])]
    assert {page: asks(clerk, page) for page in pages if asks(clerk, page) > MOST_QUESTIONS} == {}
    assert asks(clerk, reverse("inquiry", args=[inquiry.pk])) <= MOST_QUESTIONS + 5


def test_a_list_about_nobody_is_refused_with_a_sentence_and_can_be_read_again(clerk):
    said = words_in(shown(bring(clerk, "甲列,乙列\n一,二\n三,四\n")))
    upload = Upload.objects.get()
    assert upload.refused_at
    assert why(upload) in said
    assert not PushedList.objects.exists()
    page = shown(clerk.get(reverse("list_columns", args=[upload.pk])))
    assert why(upload) in page
    in_english = shown(
        clerk.get(reverse("list_columns", args=[upload.pk]), headers={"accept-language": "en"})
    )
    with override("en"):
        assert why(upload) in unescape(in_english)
    assert upload.refusal not in in_english
    assert upload.refused_as["code"]


def test_corrected_columns_are_remembered_and_the_list_is_read_again(clerk):
    bring(clerk, "谁,证件号码,号码儿\n住户11101,,13900001101\n")
    upload = Upload.objects.get()
    address = reverse("list_columns", args=[upload.pk])
    shape = shown(clerk.get(address)).partition('name="shape" value="')[2].partition('"')[0]
    told = {"shape": shape, "column_0": "name", "column_1": "id_number", "column_2": "phone"}
    assert (
        "住户11101" in words_in(shown(clerk.post(address, told, follow=True))) or SheetShape.objects.exists()
    )
    with scope([XIANGYUN]):
        row = ListRow.objects.get()
        assert (row.name, row.phone_mask) == ("住户11101", "139****1101")
        assert ListRow.objects.count() == 1


def test_a_long_list_is_taken_in_by_the_worker(clerk, monkeypatch):
    monkeypatch.setattr(lists, "AT_ONCE_BYTES", 10)
    assert "正在收" in words_in(shown(bring(clerk, HEADINGS + ROWS)))
    upload = Upload.objects.get()
    jobs.receive_list(upload.pk)
    jobs.receive_list(upload.pk)
    assert "收好了" in words_in(shown(clerk.get(reverse("list_state", args=[upload.pk]))))
    with scope([XIANGYUN]):
        assert ListRow.objects.count() == 8


def test_none_of_them_is_remembered_and_can_be_taken_back(clerk, street):
    with scope([XIANGYUN]):
        for door in ("电力楼院 1-1-201", "春晖新村 1-102"):
            add_person(street.doors[door].pk, Newcomer("王芳"), by=None, at=at(1, 8))
    bring(clerk, HEADINGS + "王芳,,13900000888,,上海,2022-04-18\n")
    with scope([XIANGYUN]):
        row = ListRow.objects.get()
    assert row.outcome == "candidates"
    answer = clerk.post(reverse("decide"), {"row": row.pk, "what": "none", "which": "candidates"})
    assert answer.status_code == 302
    with scope([XIANGYUN]):
        assert ListRow.objects.get().outcome == "new"
    clerk.post(reverse("undo_decision"), {"which": "candidates"})
    with scope([XIANGYUN]):
        assert ListRow.objects.get().outcome == "candidates"
        assert not NotThisPerson.objects.exists()


def test_what_is_owed_about_a_row_is_called_by_its_name_on_the_board(clerk):
    bring(clerk, HEADINGS + ROWS)
    page = shown(
        clerk.get(reverse("board_list"), {"kind": "screening.list_row", "state": "running", "area": XIANGYUN})
    )
    assert "住户11101 · 名单" in words_in(page)
    with scope([XIANGYUN]):
        row = ListRow.objects.get(name="住户11101")
    assert reverse("list_row", args=[row.pk]) in page


def test_an_export_of_rows_carries_masks_alone(clerk):
    from io import BytesIO

    from openpyxl import load_workbook

    bring(clerk, HEADINGS + ROWS)
    answer = clerk.post(reverse("list_rows"), {"export": "1"})
    cells = [
        str(cell)
        for row in load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values
        for cell in row
    ]
    assert "住户11101" in cells
    assert not [cell for cell in cells if "13900001101" in cell]


def _send_one(street) -> None:
    """Somebody of the office sends a message from the own phone."""
    with scope([XIANGYUN]):
        by, now = street.users["书记刘"], clock.now()
        taken = take_one(by, XIANGYUN, at=now)
        handed(taken.message.pk, ok=True, by=by, at=now)


def test_whether_the_first_messages_went_out_in_time_is_on_the_page_of_the_list(street, clerk, monkeypatch):
    """The plan asks for ninety seconds from the list's arrival; at night the clock runs from the morning on."""
    with scope([XIANGYUN]):
        set_office(XIANGYUN, name="祥云社区", phone="037166000000", address="https://xy.example", daily_most=5,
                   by=None, at=at(1, 8))  # fmt: skip
    bring(clerk, HEADINGS + "".join(ROWS.splitlines(keepends=True)[:2]), tell="on")
    with scope([XIANGYUN]):
        address = reverse("list_page", args=[PushedList.objects.get().pk])
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:01:29")
    _send_one(street)
    said = words_in(shown(clerk.get(address)))
    assert "90 秒内要全部发出 第一条短信：按时 1 条，晚了 0 条，还没发出 1 条" in said
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T10:01:31")
    assert "90 秒内没有全部发出" in words_in(shown(clerk.get(address)))
    _send_one(street)
    assert "按时 1 条，晚了 1 条，还没发出 0 条" in words_in(shown(clerk.get(address)))

    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-21T23:00:00")
    bring(clerk, HEADINGS + "".join(ROWS.splitlines(keepends=True)[2:4]), name="夜里.csv", tell="on")
    with scope([XIANGYUN]):
        address = reverse("list_page", args=[PushedList.objects.latest("received_at").pk])
    monkeypatch.setenv("SHOUWANG_CLOCK", "2022-04-22T07:01:00")
    _send_one(street)
    _send_one(street)
    assert "90 秒内全部发出 第一条短信：按时 2 条" in words_in(shown(clerk.get(address)))


def test_who_was_called_often_enough_is_somebody_elses(clerk, street, monkeypatch):
    text = text_of("covid_9th") + written({"screening.max_tries": 2}, because="两委会")
    with scope([XIANGYUN]):
        version = keep(text, file="covid_9th.toml", at=clock.now(), area=XIANGYUN, filling=1)
        activate(XIANGYUN, version, reason="上级文件", by=None, at=clock.now())
    bring(clerk, HEADINGS + ROWS)
    with scope([XIANGYUN]):
        inquiry = Inquiry.objects.first()
    for tries in range(1, 3):
        monkeypatch.setenv("SHOUWANG_CLOCK", f"2022-04-21T1{tries}:30:00")
        clerk.post(reverse("inquiry_tried", args=[inquiry.pk]), {"outcome": "no_reply", "note": str(tries)})
        said = words_in(shown(clerk.get(reverse("work") + "?all=1")))
        assert ("请换个办法或者交给别人" in said) == (tries == 2)


def test_whoever_chooses_a_category_reads_its_code_and_its_tests(clerk):
    with scope([XIANGYUN]):
        activate(XIANGYUN, keep_shipped("covid_9th", at=at(1, 8)), reason="上级文件", by=None, at=at(1, 8))
    bring(clerk, HEADINGS + ROWS)
    with scope([XIANGYUN]):
        inquiry = Inquiry.objects.first()
    page = shown(clerk.get(reverse("inquiry", args=[inquiry.pk])))
    assert "→ 核酸检测（黄码；3 天内检测 2 次，至少隔 24 小时）" in page
    assert "→ 核酸检测（3 天内检测 2 次）" in page
    assert "→ 核酸检测（每 1 天检测一次）" in page
