"""The example sheets beside the repository, read whole."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from shouwang.lib.sheets import Book, Damaged, read
from tests.sheets.words import REGISTER

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def book_of(name: str) -> Book:
    return read(DATA / name, vocabulary=REGISTER, reference=date(2022, 4, 21))


@pytest.fixture(scope="module")
def register() -> Book:
    return book_of("祥云社区_人口信息底册.xlsx")


def test_every_household_and_everybody_of_the_register_is_found(register: Book) -> None:
    rows = [row for table in register.tables for row in table.rows]
    assert len(register.tables) == 13
    assert sum(row.starts for row in rows) == 4_812
    assert sum("name" in row.values for row in rows) == 12_500


def test_rows_taken_doubtful_and_skipped_add_up_to_the_rows_of_the_file(register: Book) -> None:
    assert register.counts["rows_read"] == 12_867
    assert register.skipped == Counter(title=19, heading=13, total=13, footnote=13, blank=19)
    for table in register.tables:
        numbers = [row.number for row in table.rows] + [row.number for row in table.skipped]
        assert sorted(numbers) == list(range(table.first, table.last + 1))


def test_each_doubtful_cell_of_the_register_is_named(register: Book) -> None:
    assert Counter(doubt.code for doubt in register.doubts) == Counter(
        {
            "id.legacy": 181,
            "id.check_digit": 123,
            "phone.short": 99,
            "id.digits_lost": 78,
            "household.no_door": 13,
        }
    )


@pytest.mark.parametrize(
    ("name", "rows", "fields"),
    [
        ("两站一场推送名单_0420.xlsx", 320, {"name", "id_number", "phone", "door"}),
        (
            "大数据下发_涉重点地区人员_20220420.xls",
            500,
            {"name", "id_number", "phone", "registered_at", "door"},
        ),
        ("公安推送_黄码_0420.csv", 260, {"name", "id_number", "phone", "sex", "door"}),
        ("关于协查密切接触者的函.xlsx", 23, {"name", "id_number", "phone", "door"}),
        ("检测结果回传_0421.csv", 145, set()),
        ("包保责任表.xlsx", 85, {"compound", "building", "unit", "phone"}),
        ("防控力量花名册.xlsx", 158, {"name", "phone", "kind", "note"}),
        ("赋码人员转码申请名单.xlsx", 60, {"name", "id_number", "phone", "door"}),
        ("重点场所底册.xlsx", 370, {"door", "phone", "kind", "note"}),
        ("空白表_居家隔离人员一人一档.xlsx", 0, {"name", "id_number", "phone", "registered_at"}),
        ("空白表_疫情防控日报告表.xlsx", 0, set()),
        ("空白表_防控工作日报_修订版.xlsx", 0, set()),
    ],
)
def test_lists_and_blank_forms_are_read(name: str, rows: int, fields: set[str]) -> None:
    (table,) = book_of(name).tables
    assert len(table.rows) == rows
    assert set(table.mapping.values()) == fields


def test_two_lines_of_headings_are_joined() -> None:
    (table,) = book_of("空白表_样本转运交接单.xlsx").tables
    assert table.headings[5:8] == ["交出/交出人", "交出/交出时间", "交出/消杀"]
    (table,) = book_of("关于协查密切接触者的函.xlsx").tables
    assert table.headings[1:4] == ["个人信息/姓名", "个人信息/身份证号", "个人信息/电话"]


def test_a_cut_off_old_workbook_is_refused() -> None:
    old = next(DATA.glob("*.xls")).read_bytes()
    for kept in (600, 5_000, len(old) // 2, len(old) - 40_000):
        with pytest.raises(Damaged):
            read(old[:kept], vocabulary=REGISTER)
