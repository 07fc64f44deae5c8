"""Writing answers into a sender's file: beside the rows they belong to, in the columns that were left for them.

A workbook keeps its look; an old .xls comes back as .xlsx with the same cells; a text file keeps its encoding.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from copy import copy
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from shouwang.lib.sheets.opening import OLE, Grid, open_file, written_as
from shouwang.screening.lists.reading import ANSWERS, HEADINGS

PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
ZIP = b"PK"
MIN_WIDTH = 24

Answers = dict[tuple[str, int], dict[str, str]]  # by sheet and line of the file
Columns = dict[str, int]


def fill(content: bytes, filename: str, layout: Mapping[str, Any], answers: Answers) -> tuple[bytes, str]:
    """The file with its answers, and the ending of its name."""
    if content.startswith(ZIP):
        return _workbook(content, layout, answers), Path(filename).suffix or ".xlsx"
    if content.startswith(OLE):
        return _old_workbook(content, filename, layout, answers), ".xlsx"
    return _text(content, filename, layout, answers), Path(filename).suffix or ".csv"


def _workbook(content: bytes, layout: Mapping[str, Any], answers: Answers) -> bytes:
    book = load_workbook(io.BytesIO(content))
    for table in layout["tables"]:
        sheet = book[table["sheet"]]
        columns = _columns(table)
        _head(sheet, table, columns)
        for line, answer in _of(table, answers):
            for name, column in columns.items():
                _write(sheet, line, column, answer.get(name, ""))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, line: int, column: int, text: str) -> None:
    """Text stays text: a cell that begins like a formula is none."""
    cell = sheet.cell(line, column + 1)
    if text:
        cell.value = text
        cell.data_type = "s"
    beside = sheet.cell(line, column)
    if not cell.has_style and column and beside.has_style:
        cell._style = copy(beside._style)


def _head(sheet: Worksheet, table: Mapping[str, Any], columns: Columns) -> None:
    """Headings for the columns that the sender did not leave room for, in the look of the one beside them."""
    for name, column in columns.items():
        if column >= table["width"]:
            _write(sheet, table["headings_at"], column, HEADINGS[name]["label"])
            sheet.column_dimensions[sheet.cell(1, column + 1).column_letter].width = MIN_WIDTH


def _old_workbook(content: bytes, filename: str, layout: Mapping[str, Any], answers: Answers) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, PLAIN) as book:
        for grid in open_file(content, filename):
            sheet = book.add_worksheet(grid.sheet[:31])
            for line, row in enumerate(_filled(grid, layout, answers)):
                sheet.write_row(line, 0, ["" if cell is None else _plain(cell) for cell in row])
            sheet.set_column(0, len(grid.cells[0]) if grid.cells else 1, 16)
    return out.getvalue()


def _plain(cell: object) -> object:
    return cell if isinstance(cell, int | float | str) else str(cell)


def _text(content: bytes, filename: str, layout: Mapping[str, Any], answers: Answers) -> bytes:
    encoding, delimiter = written_as(content)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for grid in open_file(content, filename):
        writer.writerows([_unforced(cell) for cell in row] for row in _filled(grid, layout, answers))
    return out.getvalue().encode(encoding, errors="replace")


def _unforced(cell: object) -> object:
    """A text file opened by a spreadsheet program must not begin to calculate."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "@", "\t", "\r") else text


def _filled(grid: Grid, layout: Mapping[str, Any], answers: Answers) -> Iterator[list[object]]:
    """The rows of a grid, each widened by its answers."""
    table = next((one for one in layout["tables"] if one["sheet"] == grid.sheet), None)
    columns = _columns(table) if table else {}
    mine = dict(_of(table, answers)) if table else {}
    for number, cells in enumerate(grid.cells, start=1):
        row = list(cells)
        if table and number == table["headings_at"]:
            _put(
                row,
                {name: HEADINGS[name]["label"] for name in columns if columns[name] >= table["width"]},
                columns,
            )
        _put(row, mine.get(number, {}), columns)
        yield row


def _put(row: list[object], values: Mapping[str, str], columns: Columns) -> None:
    for name, text in values.items():
        if name in columns and text:
            row += [""] * (columns[name] + 1 - len(row))
            row[columns[name]] = text


def _columns(table: Mapping[str, Any]) -> Columns:
    """The column of each answer: the sender's own, or new ones behind the table."""
    known = {field: int(column) for column, field in table["columns"].items() if field in ANSWERS}
    missing = [name for name in ANSWERS if name not in known]
    return known | {name: table["width"] + count for count, name in enumerate(missing)}


def _of(table: Mapping[str, Any], answers: Answers) -> Iterator[tuple[int, dict[str, str]]]:
    return ((line, answer) for (sheet, line), answer in answers.items() if sheet == table["sheet"])
