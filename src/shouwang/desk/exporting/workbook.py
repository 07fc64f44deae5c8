"""A list as a workbook: every cell masked text or a plain number, never a formula or a link; a mark on every page."""

import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from io import BytesIO
from itertools import chain
from tempfile import TemporaryFile
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from shouwang.desk.exporting.stamp import Mark
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import mask_id, mask_phone

MOST_ROWS = 200_000
LONGEST_CELL, LONGEST_NAME, LONGEST_HEADER = 1000, 31, 200
WIDEST, ROWS_MEASURED = 40, 200
# Eleven digits and more are a phone or the number of a document, however they are grouped.
NUMBERS = re.compile(r"\d(?:[ -]?\d){10,}[Xx]?")
PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class TooManyRows(Refusal):
    code = "desk.too_many_rows"
    sentence = "这个名单超过 {most} 行，一个表格放不下。请先选小一点的区域再导出。"


def written(
    title: str, line: str, headings: Sequence[object], rows: Iterable[Sequence[object]], mark: Mark
) -> tuple[IO[bytes], int]:
    """The finished file, which nobody else can open and which is gone when it is closed, and how many rows it has.

    Shape: `line` says who, when and what; it stands in the first row and on every printed page. Cost: flat memory.
    Raises: TooManyRows.
    """
    with ExitStack() as unless_finished:
        file = unless_finished.enter_context(TemporaryFile())
        with Workbook(file, PLAIN) as book:
            amount = _filled(book, title, line, headings, rows, mark)
        file.seek(0)
        unless_finished.pop_all()  # whoever sends it closes it
    return file, amount


def masked(text: str) -> str:
    """Text in which every phone and every number of a document is masked, also where somebody typed it into a note."""
    return NUMBERS.sub(_mask, text)


def _mask(found: re.Match[str]) -> str:
    number = re.sub("[ -]", "", found[0])
    return mask_id(number) if len(number) >= 15 else mask_phone(number)


def _marked(sheet: Worksheet, line: str, mark: Mark) -> None:
    """Behind the cells on the screen; on paper behind the cells too, with the words above and below."""
    words = line.replace("&", "&&")[:LONGEST_HEADER]
    sheet.set_background(BytesIO(mark.on_screen))
    picture = {"image_center": "mark.png", "image_data_center": BytesIO(mark.on_paper)}
    sheet.set_header("&L&8" + words + "&C&G", picture)
    sheet.set_footer("&L&8" + words + "&R&P / &N")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.freeze_panes(2, 1)


def _filled(
    book: Workbook,
    title: str,
    line: str,
    headings: Sequence[object],
    rows: Iterable[Sequence[object]],
    mark: Mark,
) -> int:
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:LONGEST_NAME].strip() or "-")
    strong = book.add_format({"bold": True, "bottom": 1})
    _marked(sheet, line, mark)
    sheet.write_string(0, 0, line, book.add_format({"bold": True, "font_color": "#b1341d"}))
    widths, number = [0] * len(headings), 0
    for number, row in enumerate(chain([headings], rows)):
        if number > MOST_ROWS:
            raise TooManyRows(most=MOST_ROWS)
        for column, value in enumerate(row):
            text = _put(sheet, number + 1, column, value, strong if number == 0 else None)
            if number < ROWS_MEASURED:
                widths[column] = max(widths[column], _width(text))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width + 2, WIDEST))
    return number


def _put(sheet: Worksheet, row: int, column: int, value: object, looks: object) -> str:
    """Numbers as numbers, everything else as text; how it reads."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, looks)
        return str(value)
    text = masked(_text(value))[:LONGEST_CELL]
    if text:
        sheet.write_string(row, column, text, looks)
    return text


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else str(value)


def _width(text: str) -> int:
    """How wide it stands: a Chinese character is as wide as two letters."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)
