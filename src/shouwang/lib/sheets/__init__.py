"""Any spreadsheet: finds the tables, says what each column is, and gives cleaned rows with every doubt named.

    book = read("底册.xlsx", vocabulary=vocabulary, reference=date(2022, 4, 20))
    for table in book.tables:
        table.title                 what stands above the headings
        table.mapping               {column: field}; keep it under table.shape once a person agreed
        for row in table.rows:      Row(number=3, values={"building": "1", "name": "王芳"}, doubts=[…])
    book.notes                      sheets without a table, and why
    book.counts                     rows_taken + rows_doubtful + rows_skipped = rows_read

It knows no field, no database and no clock: what is looked for comes as a `Vocabulary`, the day near which
the sheet was written as `reference`. A file that cannot be read at all raises one of the refusals below.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from shouwang.lib.sheets.book import Book, Column, Doubt, Note, Row, Skipped, Table
from shouwang.lib.sheets.limits import Bomb, TooBig, TooManyRows, TooWide
from shouwang.lib.sheets.opening import Damaged, Encrypted, NotASpreadsheet
from shouwang.lib.sheets.reading import NoTable, Progress, read_book
from shouwang.lib.sheets.vocabulary import Field, Vocabulary

__all__ = [
    "Bomb", "Book", "Column", "Damaged", "Doubt", "Encrypted", "Field", "NoTable", "NotASpreadsheet", "Note",
    "Progress", "Row", "Skipped", "Table", "TooBig", "TooManyRows", "TooWide", "Vocabulary", "read",
]  # fmt: skip


def read(
    source: str | Path | bytes,
    *,
    filename: str | None = None,
    vocabulary: Vocabulary,
    remembered: Mapping[str, Mapping[int, str]] = {},
    reference: date | None = None,
    progress: Progress | None = None,
) -> Book:
    """Read a whole file.

    Shape: `remembered` holds corrected mappings by `Table.shape` (an empty field name means: not used);
    `progress` is told the sheet, how many sheets are done and how many there are.
    Raises: NotASpreadsheet, Encrypted, Damaged, Bomb, TooBig, TooWide, TooManyRows, NoTable.
    """
    return read_book(source, filename, vocabulary, remembered, reference, progress)
