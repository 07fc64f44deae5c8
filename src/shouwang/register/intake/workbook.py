"""The workbook of the rows that need a person: each with its place in the file and what is to be done."""

import io

import xlsxwriter

from shouwang.register.importing.report import Report

HEADINGS = ("表", "行", "列", "要核对什么", "核对结果")
CHANGES = ("表", "行", "变化", "是谁", "哪一项", "原来", "现在")
WORDS = {"added": "新增", "changed": "修改", "moved": "搬家", "missing": "新表里没有"}
WIDTHS = (16, 8, 8, 60, 24)


def rows_to_check(report: Report) -> bytes:
    """An .xlsx with one line per doubtful place, beside the row as it was written; and one per difference."""
    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, plain) as file:
        bold = file.add_format({"bold": True, "bg_color": "#E8F0FE", "border": 1})
        wrap = file.add_format({"text_wrap": True, "valign": "top", "border": 1})
        sheet = file.add_worksheet("请核对")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, (*HEADINGS, "原来这一行写的"), bold)
        for column, width in enumerate((*WIDTHS, 80)):
            sheet.set_column(column, column, width)
        for line, doubt in enumerate(report.doubts, 1):
            row = (
                doubt.sheet,
                doubt.row or "",
                doubt.column,
                doubt.what,
                "",
                report.originals.get((doubt.sheet, doubt.row), ""),
            )
            sheet.write_row(line, 0, row, wrap)
        sheet.autofilter(0, 0, max(len(report.doubts), 1), len(HEADINGS))
        _changes(file, report, bold, wrap)
    return out.getvalue()


def _changes(file: xlsxwriter.Workbook, report: Report, bold: object, wrap: object) -> None:
    sheet = file.add_worksheet("变化")
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, CHANGES, bold)
    sheet.set_column(3, 3, 36)
    for line, change in enumerate(report.changes, 1):
        words = WORDS.get(change.what, change.what)
        row = (change.sheet, change.row or "", words, change.who, change.field, change.before, change.after)
        sheet.write_row(line, 0, row, wrap)
