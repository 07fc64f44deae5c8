"""Blank forms as they come: read, asked about once, versions told apart; what is no form gets a sentence."""

import io
import zipfile
from datetime import time

import pytest

from shouwang.access.scope import scope
from shouwang.catalogue import FIELDS, LINES
from shouwang.ledgers.blank.forms import MayNotSee, NotAField, Said, confirm, difference, keep_form
from shouwang.ledgers.models import Question, Version
from shouwang.ledgers.periods import due_at, period_of, rhythm_of
from shouwang.lib.errors import Refusal
from shouwang.plans.actions import activate, text_of
from shouwang.plans.actions import keep as keep_plan
from shouwang.plans.form.filled import written
from tests.ledgers.blanks import DAILY, PEOPLE, REVISED, blank
from tests.ledgers.doing import grants, numbers, report_on, sent
from tests.world import XIANGYUN, at

REVISED_TITLE = "疫情防控工作日报（修订版，每日10时前报昨日10时至今日10时）"


def keep(world, content: bytes, name: str = "空白表.xlsx", **more) -> Version:
    by = world.users["书记刘"]
    return keep_form(content, name, area=XIANGYUN, fields=FIELDS, lines=LINES, by=by, at=at(20, 18), **more)


def said(version: Version, **more) -> Said:
    columns = {one["index"]: one["field"] for one in version.columns}
    told = {
        "title": version.form.title,
        "lines": version.lines,
        "cut_off": version.cut_off,
        "due": version.due,
    }
    return Said(**(told | {"columns": columns} | more))


def answered(world, version: Version, **more) -> Version:
    by = world.users["书记刘"]
    return confirm(version, said(version, **more), fields=FIELDS, grants=grants(by), by=by, at=at(20, 18))


@pytest.mark.parametrize(
    ("words", "cut_off", "due"),
    [
        ("每日17时前报送", time(17), time(17)),
        ("每日10时前报昨日10时至今日10时", time(10), time(10)),
        ("截至24时，次日8时前上报", time(0), time(8)),
        ("统计时间：昨日18:30至今日18:30，每天 19:00 前报送", time(18, 30), time(19)),
        ("请认真填写", time(0), time(0)),
        ("每日99时前报送", time(0), time(0)),
    ],
)
def test_the_period_is_read_from_the_forms_own_words(words, cut_off, due):
    found = rhythm_of(["防控日报", words])
    assert (found.cut_off, found.due, bool(found.said)) == (cut_off, due, words != "请认真填写")


def test_where_a_form_says_no_hour_the_plans_hour_of_reports_holds(clerk):
    text = text_of("covid_9th") + written({"meetings.daily_report_due_by": time(17, 30)}, because="两委会")
    silent, spoken = (
        blank("防控日报", ["社区", "今日入户户数", "户数"], footnote=words)
        for words in ("请认真填写", "每日16时前报送")
    )
    with scope([XIANGYUN]):
        assert keep(clerk, silent).due == time(0)
        version = keep_plan(text, file="covid_9th.toml", at=at(20, 8), area=XIANGYUN, filling=1)
        activate(XIANGYUN, version, reason="上级文件", by=None, at=at(20, 8))
        found = [keep(clerk, form, name) for form, name in ((silent, "一.xlsx"), (spoken, "二.xlsx"))]
    assert [(one.cut_off, one.due) for one in found] == [(time(17, 30), time(17, 30)), (time(16), time(16))]


def test_a_period_ends_at_its_cut_off_and_the_natural_day_at_midnight():
    day = at(21, 0).date()
    assert (period_of(day, time(17)).from_at, period_of(day, time(17)).until) == (at(20, 17), at(21, 17))
    assert (period_of(day, time()).from_at, period_of(day, time()).until) == (at(21, 0), at(22, 0))
    assert due_at(day, time(), time(8)) == at(22, 8)
    assert due_at(day, time(16), time(17)) == at(21, 17)


def test_a_doubtful_heading_is_asked_once_and_remembered(clerk):
    with scope([XIANGYUN]):
        first = keep(clerk, blank("防控日报", ["社区", "今日入户户数", "借阅图书(本)"]))
        doubt = first.columns[1]
        assert (doubt["field"], doubt["asked"], doubt["others"][0]) == ("", True, "screening.visits_day")
        assert first.columns[2] == {
            "index": 2,
            "heading": "借阅图书(本)",
            "field": "",
            "asked": False,
            "others": [],
        }
        columns = {0: "form.community", 1: "screening.visits_day", 2: ""}
        answered(clerk, first, columns=columns, questions=frozenset({2}))
        again = keep(clerk, blank("入户日报", ["社区", "今日入户户数", "辖区户数"]))
        assert [(one["field"], one["asked"]) for one in again.columns] == [
            ("form.community", False), ("screening.visits_day", False), ("register.doors", False),
        ]  # fmt: skip
        assert [(one.heading, one.words) for one in Question.objects.all()] == [("借阅图书(本)",) * 2]


def test_a_mapping_to_what_one_may_not_see_or_to_nothing_is_refused(clerk):
    by = clerk.users["李楼长"]
    with scope([XIANGYUN]):
        version = keep(clerk, blank("居民台账", PEOPLE))
        with pytest.raises(MayNotSee):
            confirm(
                version,
                said(version),
                fields=FIELDS,
                grants=grants(by, role="volunteer"),
                by=by,
                at=at(20, 19),
            )
        for wrong in ("screening.visits_day", "isolation.begun", "form.community"):
            with pytest.raises(NotAField):
                answered(clerk, version, columns={1: wrong})


def test_a_new_version_tells_what_differs_and_takes_over_from_the_next_period(clerk, use):
    with scope([XIANGYUN]):
        old = use(blank("疫情防控工作日报", DAILY))
        early = sent(clerk, report_on(old.form, at(21, 9)), at(21, 17))
        new = use(blank(REVISED_TITLE, REVISED, footnote=""), of=old.form, moment=at(21, 18))
        told = difference(Version.objects.get(pk=old.pk), new)
        assert (told.kept, len(told.added), len(told.gone)) == (1, 4, 7)
        assert told.hours == (time(17), time(10))
        report = report_on(new.form, at(21, 19))
        assert (report.until, report.due_at) == (at(22, 10), at(22, 10))
        left = sent(clerk, report, at(22, 9, 50))
        assert (left.from_at, left.until) == (early.until, at(22, 9, 50))
        assert numbers(left) == {
            "社区": "祥云社区", "辖区户数": 15, "辖区人数": 15, "今日入户数": 0, "更换手机彩铃(个)": 0,
        }  # fmt: skip
        assert numbers(early)["社区"] == "祥云社区"


def test_lines_are_the_places_that_the_heading_names(clerk, use):
    with scope([XIANGYUN]):
        compounds = use(blank("小区日报", ["小区", "辖区户数", "常住户数", "今日入户数"], total=True))
        left = sent(clerk, report_on(compounds.form, at(21, 9)), at(21, 17))
        assert left.table["cells"] == [["电力楼院", 12, 12, 0], ["春晖新村", 3, 3, 0]]
        assert left.table["sums"] == [None, 15, 15, 0]
        assert left.zero is True


def with_macros() -> bytes:
    out = io.BytesIO(blank("日报", DAILY))
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/vbaProject.bin", b"\xd0\xcf")
    return out.getvalue()


def locked() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 512
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 512
    )


def without_headings() -> bytes:
    return blank("只有一个标题", ["说明"], footnote="")


def filled_already() -> bytes:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(blank("日报", DAILY)))
    for column in range(1, 9):
        book.active.cell(5, column, "祥云社区" if column == 1 else column)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (without_headings(), "表.xlsx", "没有找到表头"),
        (with_macros(), "表.xlsm", "里有宏"),
        (locked(), "表.xlsx", "加了密码"),
        (blank("宽表", [f"第{number}项内容" for number in range(130)]), "表.xlsx", "有 130 列"),
        (filled_already(), "表.xlsx", "已经填了 1 行"),
        ("社区,今日入户数,累计入户数\n".encode(), "表.csv", "另存为 .xlsx"),
        (b"PK\x03\x04 broken", "表.xlsx", "不完整或已损坏"),
        (b"\x89PNG\r\n\x1a\n\0\0", "表.png", "不是电子表格"),
    ],
)
def test_what_is_no_blank_form_gets_a_sentence(clerk, content, name, sentence):
    with scope([XIANGYUN]), pytest.raises(Refusal, match=sentence):
        keep(clerk, content, name)


def test_forty_columns_are_taken_and_those_that_nothing_records_are_asked_for_nowhere(clerk):
    with scope([XIANGYUN]):
        wide = keep(
            clerk, blank("大表", ["社区", "今日入户数", *(f"第{number}项要求" for number in range(38))])
        )
    assert [one["field"] for one in wide.columns][:3] == ["form.community", "screening.visits_day", ""]
    assert len(wide.columns) == 40
