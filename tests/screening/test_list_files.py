"""Lists as senders write them come in row by row, and go back in their own form."""

import csv
import io

import openpyxl
import pytest

from shouwang.screening.lists.filling import fill
from shouwang.screening.lists.reading import NobodyOnIt, read_list
from tests.world import at

ARRIVED = at(20, 21, 40)
DONE = {
    "result": "已核实，住电力楼院1-1-101",
    "how": "电话",
    "checker": "王网格",
    "checked_at": "2022-04-21 09:00",
}


def letter() -> bytes:
    """A letter with a table inside: a salutation, two lines of headings, a signature below."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["关于协查密切接触者的函"],
        ["京广路街道办事处："],
        ["    现将我区密切接触者名单函告你处，结果于24小时内反馈。"],
        [],
        ["", "个人信息", "", "", "接触情况"],
        ["编号", "姓名", "身份证号", "电话", "末次接触日期", "现住址"],
        [1, "潘佳建", "990101********3248", "", "2022-04-18", "电力楼院1栋1单元101室"],
        [2, "冯康凤", "", "13900004856", "20220418", ""],
        [],
        ["", "", "", "区疫情防控指挥部办公室"],
        ["", "", "", "2022年4月20日"],
    ):
        sheet.append(row)
    sheet.merge_cells("B5:D5")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_letter_is_read_to_its_rows_and_no_further():
    read = read_list(letter(), "函.xlsx", at=ARRIVED)
    assert read.title == "关于协查密切接触者的函"
    assert [(row.number, row.line, row.name) for row in read.rows] == [(1, 7, "潘佳建"), (2, 8, "冯康凤")]
    assert str(read.rows[1].happened_on) == "2022-04-18"
    assert read.rows[1].phones == ("13900004856",)


def test_a_letter_goes_back_as_it_was_with_its_answers_beside_the_rows():
    before = letter()
    read = read_list(before, "函.xlsx", at=ARRIVED)
    content, suffix = fill(before, "函.xlsx", read.layout, {("Sheet", 8): DONE})
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert suffix == ".xlsx"
    assert [cell.value for cell in sheet[6]][6:] == ["核查结果", "核查方式", "核查人", "核查时间"]
    assert [cell.value for cell in sheet[8]][6:] == list(DONE.values())
    untouched = openpyxl.load_workbook(io.BytesIO(before)).active
    for line in range(1, 12):
        assert [cell.value for cell in sheet[line]][:6] == [cell.value for cell in untouched[line]][:6]


def test_a_text_file_keeps_its_encoding_and_the_columns_that_were_left_for_the_answer():
    written = (
        "姓名,身份证,手机号码,核查结果,核查人\r\n朱女士,,13900000444,,\r\n段明,990101198504271960,,,\r\n"
    )
    content = written.encode("gb18030")
    read = read_list(content, "黄码.csv", at=ARRIVED)
    back, suffix = fill(content, "黄码.csv", read.layout, {("黄码", 2): {**DONE, "result": "=HYPERLINK(1)"}})
    lines = list(csv.reader(io.StringIO(back.decode("gb18030"))))
    assert suffix == ".csv"
    assert lines[0] == ["姓名", "身份证", "手机号码", "核查结果", "核查人", "核查方式", "核查时间"]
    assert lines[1] == ["朱女士", "", "13900000444", "'=HYPERLINK(1)", "王网格", "电话", "2022-04-21 09:00"]
    assert lines[2][:3] == ["段明", "990101198504271960", ""]


def test_a_file_about_nobody_is_refused_in_words():
    with pytest.raises(NobodyOnIt) as refused:
        read_list("日期,批次\n4月20日,0420-01\n4月21日,0420-02\n".encode(), "批次.csv", at=ARRIVED)
    assert "批次.csv" in str(refused.value)
