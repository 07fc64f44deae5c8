"""One file from its bytes to a `Book`: each sheet is searched for tables, or noted with the reason."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from shouwang.lib.errors import Refusal
from shouwang.lib.sheets.book import Book, Doubt, Note, Table
from shouwang.lib.sheets.cells import as_text
from shouwang.lib.sheets.columns import recognise
from shouwang.lib.sheets.layout import Region, filled, find_regions
from shouwang.lib.sheets.opening import Grid, open_file
from shouwang.lib.sheets.rows import read_rows, spread_merges
from shouwang.lib.sheets.vocabulary import Vocabulary, shape_of

SAMPLE_ROWS = 2_000
Progress = Callable[[str, int, int], None]


class NoTable(Refusal):
    """No sheet of the file holds a table."""

    code = "sheets.no_table"
    sentence = "“{file}”里没有找到表格。要有一行表头（如：姓名、身份证号、房号），下面是一行行的内容。"


def read_book(
    source: str | Path | bytes,
    filename: str | None,
    vocabulary: Vocabulary,
    remembered: Mapping[str, Mapping[int, str]],
    reference: date | None,
    progress: Progress | None,
) -> Book:
    """Every table of every visible sheet.

    Raises: the refusals of `opening` and `limits`, and NoTable.
    """
    book = Book()
    for done, grid in enumerate(open_file(source, filename)):
        _read_sheet(grid, book, vocabulary, remembered, reference)
        if progress:
            progress(grid.sheet, done + 1, grid.of)
    if not book.tables:
        shown = filename or (Path(source).name if not isinstance(source, bytes) else "表格")
        raise NoTable(file=shown)
    return book


def _read_sheet(
    grid: Grid,
    book: Book,
    vocabulary: Vocabulary,
    remembered: Mapping[str, Mapping[int, str]],
    reference: date | None,
) -> None:
    if grid.hidden:
        book.notes.append(Note(grid.sheet, "hidden", "这张表是隐藏的，没有读。", len(grid.cells)))
        return
    regions = find_regions(grid, vocabulary)
    tables = [_table(grid, region, vocabulary, remembered, reference) for region in regions or _bare(grid)]
    found = [table for table in tables if regions or len(table.mapping) >= 2]
    if not found:
        words = tuple(as_text(row[column]) for row in grid.cells for column in filled(row))[:20]
        message = "这张表里没有表格，只有文字。" if words else "这张表是空的。"
        book.notes.append(Note(grid.sheet, "no_table" if words else "empty", message, len(grid.cells), words))
    book.tables += found


def _bare(grid: Grid) -> list[Region]:
    """The whole sheet as one table without headings, where it is wide enough to be one."""
    width = max((len(row) for row in grid.cells), default=0)
    rows = [number for number, row in enumerate(grid.cells) if len(filled(row)) >= 2]
    if not rows:
        return []
    return [Region(0, (), [""] * width, (rows[0], len(grid.cells)))]


def _table(
    grid: Grid,
    region: Region,
    vocabulary: Vocabulary,
    remembered: Mapping[str, Mapping[int, str]],
    reference: date | None,
) -> Table:
    shape = shape_of(region.headings)
    spread_merges(grid, region)
    body = grid.cells[region.body[0] : min(region.body[1], region.body[0] + SAMPLE_ROWS)]
    columns = recognise(region.headings, body, vocabulary, remembered.get(shape))
    table = Table(grid.sheet, [], region.headings, columns, shape, region.first + 1, region.body[1])
    _notice_columns(table, region, vocabulary)
    read_rows(grid, region, table, vocabulary, reference)
    return table


def _notice_columns(table: Table, region: Region, vocabulary: Vocabulary) -> None:
    """Say which columns were guessed from their content and which could mean two things."""
    line = (region.heading_rows[-1] if region.heading_rows else region.body[0]) + 1
    for column in table.columns:
        label = vocabulary.by_name[column.field].label if column.field in vocabulary.by_name else ""
        if column.how == "content":
            said = f"“{column.heading}”这一列" if column.heading else "这一列没有表头，"
            message = f"{said}看内容像“{label}”，请确认。"
            table.notices.append(
                _notice(table, line, column.letter, column.heading, "column.by_content", message)
            )
        elif not column.field and column.perhaps and column.how != "remembered":
            same = vocabulary.by_name[column.perhaps[0]].label
            message = f"“{column.heading}”这一列像“{same}”，但那一项已经有一列了，这一列没有读。请确认。"
            table.notices.append(
                _notice(table, line, column.letter, column.heading, "column.repeated", message)
            )
        elif column.perhaps and column.field:
            others = "、".join(vocabulary.by_name[name].label for name in column.perhaps)
            message = f"这一列当作“{label}”，也可能是“{others}”，请确认。"
            table.notices.append(
                _notice(table, line, column.letter, column.heading, "column.ambiguous", message)
            )


def _notice(table: Table, line: int, letter: str, heading: str, code: str, message: str) -> Doubt:
    return Doubt(table.sheet, line, letter, heading, code, message)
