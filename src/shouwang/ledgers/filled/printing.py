"""A filled form on paper: in the very form of those above, with its look; or as the file that their system reads."""

import csv
import io
import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shouwang.ledgers.blank.layouts import Layout
from shouwang.ledgers.filled.tables import UNRECORDED, Table

TEXT = "@"
LABELS = (
    "填报单位",
    "报送单位",
    "填报人",
    "制表人",
    "审核人",
    "联系电话",
    "填报时间",
    "填报日期",
    "报送时间",
)
BEFORE_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Header:
    """What stands in the lines above the table: whose form it is, who filled and who checked it."""

    unit: str
    prepared_by: str
    checked_by: str
    phone: str
    day: date

    def value(self, label: str) -> str:
        """What belongs behind a label."""
        if label in ("填报时间", "填报日期", "报送时间"):
            return f"{self.day.year}年{self.day.month}月{self.day.day}日"
        if label in ("填报单位", "报送单位"):
            return self.unit
        return {"审核人": self.checked_by, "联系电话": self.phone}.get(label, self.prepared_by)


def print_form(
    blank: bytes, layout: Layout, table: Table, header: Header, *, numbers: bool, mark: str = ""
) -> bytes:
    """The blank form with its lines filled, nothing else of it changed.

    `numbers` says that a cell which is not recorded is printed as 未统计; `mark` is written across the page's foot.
    """
    book = load_workbook(io.BytesIO(blank))
    sheet = book[layout.sheet]
    after = layout.after or max(sheet.max_row, layout.first) + 1
    _head(sheet, layout, header)
    foot = _make_room(sheet, layout.first, after, len(table.cells))
    _lines(sheet, layout, table, numbers)
    if layout.total:
        _sums(sheet, layout.total + foot, table, layout)
    _say(sheet, table.notes)
    if mark:
        sheet.oddFooter.center.text = sheet.evenFooter.center.text = mark.replace("&", "&&")
        sheet.oddHeader.center.text = mark.replace("&", "&&")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def print_csv(layout: Layout, table: Table) -> bytes:
    """The lines under one line of headings, as a direct-report system reads them; numbers of people stay text."""
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow([layout.own(column) for column in range(len(layout.headings))])
    written.writerows([[_harmless(cell) for cell in line] for line in table.cells])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    if isinstance(cell, str) and (text.startswith(BEFORE_FORMULA) or (len(text) > 11 and text.isalnum())):
        return f"{text}\t" if text[:1].isdigit() else f"'{text}"
    return text


def _head(sheet: Worksheet, layout: Layout, header: Header) -> None:
    """Fills in what the lines above the table ask for, each behind its own label."""
    for row in sheet.iter_rows(min_row=1, max_row=layout.heading_rows[0] - 1):
        for cell in row:
            if isinstance(cell.value, str) and any(label in cell.value for label in LABELS):
                _write(cell, filled_in(cell.value, header))


def filled_in(text: str, header: Header) -> str:
    """A line like 填报单位（盖章）：    填报人：    填报时间：  年  月  日 with what belongs behind each label."""
    label = re.compile(rf"({'|'.join(LABELS)})([^：:]{{0,8}}[：:])(\s*年\s*月\s*日|\s*)")

    def put(found: re.Match[str]) -> str:
        gap = max(len(found[3]) - len(header.value(found[1])), 2) if found.end() < len(text) else 0
        return f"{found[1]}{found[2]}{header.value(found[1])}{' ' * gap}"

    return label.sub(put, text)


def _make_room(sheet: Worksheet, first: int, after: int, lines: int) -> int:
    """Moves what stands below the lines down where there are more of them than the form has. By how many rows."""
    more = lines - (after - first)
    if more <= 0:
        return 0
    low = [merged for merged in sheet.merged_cells.ranges if merged.min_row >= after]
    heights = {row: sheet.row_dimensions[row].height for row in range(after, sheet.max_row + 1)}
    if sheet.max_row >= after:
        sheet.move_range(f"A{after}:{get_column_letter(sheet.max_column)}{sheet.max_row}", rows=more)
    for merged in low:
        merged.shift(row_shift=more)
    for row, height in heights.items():
        sheet.row_dimensions[row + more].height = height
    return more


def _lines(sheet: Worksheet, layout: Layout, table: Table, numbers: bool) -> None:
    width = len(layout.headings)
    models = [sheet.cell(layout.first, column) for column in range(1, width + 1)]
    styles = [copy(model._style) for model in models]
    height = sheet.row_dimensions[layout.first].height
    as_text = [_as_text(model) for model in models]
    for number, line in enumerate(table.cells):
        row = layout.first + number
        if height:
            sheet.row_dimensions[row].height = height
        for column in range(width):
            cell = sheet.cell(row, column + 1)
            value = line[column]
            if value is None and numbers and layout.headings[column]:
                value = UNRECORDED
            cell._style = as_text[column] if isinstance(value, str) else styles[column]
            _write(cell, value)


def _as_text(model: Cell) -> Any:
    """The style of a cell that holds digits which are no number."""
    before, form = copy(model._style), model.number_format
    model.number_format = TEXT
    style = copy(model._style)
    model.number_format = form
    model._style = before
    return style


def _write(cell: Cell, value: object) -> None:
    """A value as what it is: a text that begins like a formula stays a text."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) or None
        if cell.value:
            cell.data_type = "s"
    elif value is not None:
        cell.value = value


def _sums(sheet: Worksheet, row: int, table: Table, layout: Layout) -> None:
    for column, value in enumerate(table.sums):
        cell = sheet.cell(row, column + 1)
        if value is not None and cell.value is None:
            _write(cell, value)


def _say(sheet: Worksheet, notes: Sequence[str]) -> None:
    below = sheet.max_row + 1
    for number, note in enumerate(notes):
        _write(sheet.cell(below + number, 1), f"说明：{note}")
