"""Ugly sheets: where the table stands, which column is what, which line is whose."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.lib.sheets import Book, Table, read
from tests.sheets.making import Rows, ods, sheet_xml, text, workbook, xlsx
from tests.sheets.words import REGISTER

HEADINGS = ["楼号", "单元", "房号", "姓名", "联系电话"]
ID = "410101197206220755"


def book_of(content: bytes, **more: object) -> Book:
    return read(content, filename="表.xlsx", vocabulary=REGISTER, reference=date(2022, 4, 21), **more)


def table_of(rows: Rows, **more: object) -> Table:
    (table,) = book_of(xlsx(rows, **more)).tables
    return table


def doors(table: Table) -> list[tuple[str, ...]]:
    """Building, unit, room and name of each row; a star where a household begins."""
    names = ("building", "unit", "room", "name")
    return [("*" if row.starts else "", *(row.values.get(name, "") for name in names)) for row in table.rows]


def reasons(table: Table) -> dict[int, str]:
    return {row.number: row.reason for row in table.skipped}


ROWS = [["姓名", "身份证号", "联系电话"], ["王芳", ID, "13800001234"], ["李强", "", "无"]]


@pytest.mark.parametrize(
    "content",
    [
        xlsx(ROWS),
        ods(ROWS),
        text(ROWS),
        text(ROWS, encoding="utf-8-sig"),
        text(ROWS, encoding="gb18030"),
        text(ROWS, encoding="utf-16", sign="\t"),
        text(ROWS, sign=";"),
        b"sep=;\r\n" + text(ROWS, sign=";"),
        text([ROWS[0], ["王芳", f'="{ID}"', "\t13800001234"], ROWS[2]], encoding="gb18030"),
        text([*ROWS, ["注：王"]], encoding="gb18030")[:-1],
        f"<html><table><tr><th>{'<th>'.join(ROWS[0])}<tr><td>王芳<td>{ID}<td>13800001234<tr><td>李强<td><td></table>".encode(),
    ],
    ids=["xlsx", "ods", "utf8", "bom", "gb", "utf16", "semicolon", "sep", "forced", "cut", "web"],
)  # fmt: skip
def test_the_same_list_in_every_format(content: bytes) -> None:
    (table,) = book_of(content).tables
    assert [row.values for row in table.rows[:2]] == [
        {"name": "王芳", "id_number": ID, "phone": "13800001234"},
        {"name": "李强"},
    ]


def test_household_cells_are_filled_from_the_line_above() -> None:
    rows = [
        HEADINGS,
        [1, 1, 101, "张伟", ""],
        ["", "", "", "李娜", ""],
        ["", "", 102, "王强", ""],
        ["", 2, 101, "周波", ""],
        [2, "", 101, "吴芳", ""],
    ]
    assert doors(table_of(rows)) == [
        ("*", "1", "1", "101", "张伟"),
        ("", "1", "1", "101", "李娜"),
        ("*", "1", "1", "102", "王强"),
        ("*", "1", "2", "101", "周波"),
        ("*", "2", "", "101", "吴芳"),
    ]


def test_doors_written_on_every_line_are_one_household() -> None:
    rows = [
        HEADINGS,
        ["1#", 1, 101, "张伟", ""],
        ["1号楼", "一单元", "101室", "李娜", ""],
        [1, 1, 102, "", ""],
    ]
    assert [row.starts for row in table_of(rows).rows] == [True, False, True]


def test_lines_that_a_merged_door_leaves_free_are_blank() -> None:
    rows = [HEADINGS, [1, 1, 101, "张伟", ""], ["", "", "", "李娜", ""], [""] * 5, [1, 1, 102, "", ""]]
    merges = [(1, 0, 3, 0), (1, 1, 3, 1), (1, 2, 3, 2)]
    table = table_of(rows, merges=merges)
    assert doors(table)[1:] == [("", "1", "1", "101", "李娜"), ("*", "1", "1", "102", "")]
    assert reasons(table) == {1: "heading", 4: "blank"}


def test_somebody_behind_a_blank_line_is_not_put_into_the_household_above() -> None:
    rows = [HEADINGS, [1, 1, 101, "张伟", ""], [""] * 5, ["", "", "", "李娜", ""], [1, 1, 103, "王强", ""]]
    table = table_of(rows)
    assert doors(table)[1] == ("*", "1", "1", "", "李娜")
    assert [(doubt.row, doubt.column, doubt.code) for row in table.rows for doubt in row.doubts] == [
        (4, "A", "household.no_door")
    ]


def test_sections_name_building_and_unit_of_the_lines_below() -> None:
    rows = [
        ["幸福里小区登记表"],
        ["1号楼"],
        ["房号", "姓名", "电话"],
        ["101", "张伟", ""],
        ["小计", "1人", ""],
        ["二单元"],
        ["101", "王强", ""],
        ["房号", "姓名", "电话"],
        ["", "周波", ""],
        ["2号楼一单元（共1户）"],
        ["101", "吴芳", ""],
    ]
    table = table_of(rows)
    assert doors(table) == [
        ("*", "1", "", "101", "张伟"),
        ("*", "1", "2", "101", "王强"),
        ("", "1", "2", "101", "周波"),
        ("*", "2", "1", "101", "吴芳"),
    ]
    assert reasons(table) == {
        1: "title", 2: "title", 3: "heading", 5: "total", 6: "section", 8: "heading", 10: "section",
    }  # fmt: skip


def test_totals_footnotes_and_signatures_are_skipped() -> None:
    rows = [
        ["各社区："],
        ["　　根据上级要求，请于4月21日前核实下列人员。"],
        [],
        ["编 号", "姓    名", "身份证\n号码", "联系\n电话"],
        [1, "张伟", ID, "13800001234"],
        [2, "李娜", "", ""],
        [3, "", "", ""],
        ["合 计", "2人", "", ""],
        ["注：", "空户也要填", "", ""],
        ["填表人：张三", "", "审核人：李四", ""],
        ["", "", "", "街道办事处"],
        ["", "", "", "二〇二二年四月二十日"],
    ]
    table = table_of(rows)
    assert [row.values["name"] for row in table.rows] == ["张伟", "李娜"]
    assert reasons(table) == {
        1: "title",
        2: "title",
        3: "blank",
        4: "heading",
        7: "blank",
        8: "total",
    } | dict.fromkeys(range(9, 13), "footnote")


def test_two_lines_of_headings_without_merged_cells_are_joined() -> None:
    rows = [
        ["姓名", "住址信息", "", "", "电话"],
        ["", "楼号", "单元", "房号", ""],
        ["张伟", "3", "2", "502", ""],
    ]
    (table,) = book_of(text(rows)).tables
    assert table.headings == ["姓名", "住址信息/楼号", "住址信息/单元", "住址信息/房号", "电话"]
    assert doors(table) == [("*", "3", "2", "502", "张伟")]


def test_traditional_headings_are_understood() -> None:
    rows = [
        ["樓號", "單元", "門牌號", "姓 名", "聯繫電話"],
        ["3", "甲", "1102Ａ", "歐陽 明", "138 0000 1111"],
    ]
    assert table_of(rows).rows[0].values == {
        "building": "3", "unit": "甲", "room": "1102A", "name": "歐陽明", "phone": "13800001111",
    }  # fmt: skip


def test_a_sheet_without_headings_is_recognised_by_its_content() -> None:
    people = [("张伟", "男"), ("李娜", "女"), ("王强", "男"), ("周敏", "女"), ("吴芳", "女")]
    rows = [
        [n, 3, 1 + n // 3, 501 + n, who, sex, ID, f"1380000111{n}"] for n, (who, sex) in enumerate(people, 1)
    ]
    table = table_of(rows)
    assert list(table.mapping.values()) == ["building", "unit", "room", "name", "sex", "id_number", "phone"]
    assert {notice.code for notice in table.notices} == {"column.by_content"}


def test_headings_of_a_questionnaire_are_understood() -> None:
    headings = ["提交答卷时间", "1、您的姓名：", "2、您的身份证号码：", "3、手机号（必填）", "4.现居住地址"]
    table = table_of([headings, ["2022/4/20 8:15", "张伟", ID, "13800001234", "幸福里3-2-502"]])
    assert table.mapping == {1: "name", 2: "id_number", 3: "phone", 4: "door"}
    assert len(table.rows) == 1


def test_swapped_headings_are_noticed() -> None:
    table = table_of([["姓名", "身份证号", "联系电话"], *[["张伟", f"1380000111{n}", ID] for n in range(6)]])
    assert table.mapping == {0: "name", 1: "phone", 2: "id_number"}
    assert [notice.column for notice in table.notices] == ["B", "C"]


def test_somebody_elses_phone_is_not_taken_for_the_residents() -> None:
    rows = [["姓名", "紧急联系人电话", "核查方式（入户/电话）"], ["张伟", "13800001111", "电话"]]
    assert table_of(rows).mapping == {0: "name"}


def test_a_corrected_mapping_wins_the_next_time() -> None:
    rows = [["姓名", "联系", "备注"], ["张伟", "13800001111", "3-2-502"]]
    guessed = table_of(rows)
    settled = {0: "name", 1: "landlord", 2: "door"}
    (table,) = book_of(xlsx([["另一个标题"], *rows]), remembered={guessed.shape: settled}).tables
    assert table.shape == guessed.shape
    assert table.mapping == settled
    assert {column.how for column in table.columns} == {"remembered"}


def test_a_column_that_a_person_switched_off_stays_off() -> None:
    shape = table_of(ROWS).shape
    (table,) = book_of(xlsx(ROWS), remembered={shape: {2: ""}}).tables
    assert table.mapping == {0: "name", 1: "id_number"}


def test_tables_below_each_other_are_two_tables() -> None:
    rows = [
        ["一、常住人口"], ["房号", "姓名", "电话"], ["101", "张伟", ""], [], ["二、流动人口"],
        ["房号", "姓名", "房东电话", "备注"], ["201", "王强", "13900001111", "外地"],
    ]  # fmt: skip
    first, second = book_of(xlsx(rows)).tables
    assert (first.title, second.title) == (["一、常住人口"], ["二、流动人口"])
    assert second.rows[0].values == {"room": "201", "name": "王强", "landlord": "13900001111", "note": "外地"}


def test_a_table_beside_the_table_is_told() -> None:
    table = table_of([["姓名", "电话", "", "姓名", "电话"], ["张伟", "", "", "王强", ""]])
    assert [(notice.column, notice.code) for notice in table.notices] == [
        ("D", "column.repeated"), ("E", "column.repeated"),
    ]  # fmt: skip


def test_a_second_column_for_the_same_thing_is_told() -> None:
    table = table_of([["姓名", "联系电话1", "联系电话2"], ["张伟", "13800001111", "13800001112"]])
    assert [(notice.column, notice.code) for notice in table.notices] == [("C", "column.repeated")]


def test_formulas_without_a_result_and_errors_are_doubted_and_not_filled() -> None:
    cell = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    lines = [
        cell.format("A1", "房号") + cell.format("B1", "姓名"),
        cell.format("A2", "101") + cell.format("B2", "张伟"),
        '<c r="A3"><f>A2</f></c>' + cell.format("B3", "李娜"),
        '<c r="A4" t="e"><f>1/0</f><v>#DIV/0!</v></c>' + cell.format("B4", "王强"),
    ]
    xml = "".join(f'<row r="{number}">{line}</row>' for number, line in enumerate(lines, 1))
    (table,) = book_of(sheet_xml(xml)).tables
    assert [(doubt.row, doubt.column, doubt.code) for row in table.rows for doubt in row.doubts] == [
        (3, "A", "cell.formula"),
        (4, "A", "cell.error"),
    ]
    assert [row.values.get("room") for row in table.rows] == ["101", None, None]


def test_hidden_and_wordy_sheets_are_noted_with_their_rows() -> None:
    book = book_of(workbook({"表": ROWS, "说明": [["空户也要填。"]], "旧表": ROWS}, hidden=["旧表"]))
    assert [(note.sheet, note.code, note.rows) for note in book.notes] == [
        ("说明", "no_table", 1),
        ("旧表", "hidden", 3),
    ]
    assert book.counts == {"rows_read": 7, "rows_taken": 2, "rows_doubtful": 0, "rows_skipped": 5}


def test_progress_is_told_sheet_by_sheet() -> None:
    told: list[tuple[str, int, int]] = []
    book_of(workbook({"甲": ROWS, "乙": ROWS}), progress=lambda *what: told.append(what))
    assert told == [("甲", 1, 2), ("乙", 2, 2)]


CELLS = st.sampled_from(
    ["", "", "", "姓名", "楼号", "房号", "1", "101", "张伟", ID, "13800001111", "合计", "注：x", "1号楼", 5.0]
)


@settings(max_examples=150)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=12))
def test_every_line_of_any_sheet_is_counted_once(rows: list[list[object]]) -> None:
    lines = [HEADINGS, ["1", "1", "101", "张伟", "13800001111"], *rows]
    (first, *more) = book_of(xlsx(lines)).tables
    numbers = [row.number for table in (first, *more) for row in [*table.rows, *table.skipped]]
    last = max(number for number, row in enumerate(lines, 1) if any(value != "" for value in row))
    assert sorted(numbers) == list(range(1, last + 1))
