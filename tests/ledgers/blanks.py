"""Blank forms like those of offices above: titles, a line to fill in, two lines of headings with merged cells, a footnote."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

UNIT_LINE = "填报单位（盖章）：            填报人：          审核人：          联系电话：            填报时间：  年  月  日"
THIN = Border(*(Side(style="thin") for _ in range(4)))
FOOTNOTE = "注：1.本表每日17时前报送；2.身份证号请设为文本格式。"

DAILY = [
    "社区", "排查情况/今日入户数", "排查情况/累计入户数", "排查情况/今日排查人数", "排查情况/累计排查人数",
    "手机彩铃/今日更换", "手机彩铃/没有更换", "对联/张贴(副)",
]  # fmt: skip
REVISED = ["社区", "辖区户数", "辖区人数", "今日入户数", "更换手机彩铃(个)"]
PEOPLE = [
    "序号", "姓名", "性别", "年龄", "身份证号", "联系电话", "现住址", "健康状况/当日体温", "健康状况/是否就医",
    "包保责任人", "备注",
]  # fmt: skip


def blank(
    title: str, headings: list[str], *, rows: int = 3, footnote: str = FOOTNOTE, total: bool = False
) -> bytes:
    """A form that nobody has filled, as the bytes of an .xlsx."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    width, grouped = len(headings), any("/" in heading for heading in headings)
    _across(sheet, 1, width, title, Font(bold=True, size=16))
    _across(sheet, 2, width, UNIT_LINE, Font(size=10))
    first = 5 if grouped else 4
    start = 0
    while start < width:
        group, _, own = headings[start].rpartition("/")
        end = start
        while group and end + 1 < width and headings[end + 1].startswith(f"{group}/"):
            end += 1
        sheet.cell(3, start + 1, group or own)
        if grouped:
            low, right = (3, end + 1) if group else (4, start + 1)
            sheet.merge_cells(start_row=3, start_column=start + 1, end_row=low, end_column=right)
            for column in range(start, end + 1) if group else ():
                sheet.cell(4, column + 1, headings[column].rpartition("/")[2])
        start = end + 1
    for row in sheet.iter_rows(min_row=3, max_row=first + rows - 1, max_col=width):
        for cell in row:
            cell.border, cell.alignment = THIN, Alignment(horizontal="center")
            cell.fill = PatternFill("solid", fgColor="FFEEDD" if cell.row < first else "FFFFFF")
    sheet.row_dimensions[first].height = 22
    below = first + rows
    if total:
        sheet.cell(below, 1, "合计")
        below += 1
    if footnote:
        sheet.cell(below, 1, footnote)
        sheet.merge_cells(start_row=below, start_column=1, end_row=below, end_column=width)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _across(sheet, row: int, width: int, text: str, font: Font) -> None:
    sheet.cell(row, 1, text).font = font
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
