"""What was understood of a workbook: its tables, their rows, and everything that a person should look at."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


def letter(column: int) -> str:
    """The letters over a column (0 is A), as the spreadsheet program shows them."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Doubt:
    """One cell, or one column (row is then that of the headings), that a person should look at."""

    sheet: str
    row: int
    column: str
    heading: str
    code: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column and the field it was taken for.

    Shape: `how` is remembered, heading, content or empty where no field was found; `sure` runs from 0 to 1;
    `perhaps` names other fields that it could be.
    """

    index: int
    heading: str
    field: str = ""
    how: str = ""
    sure: float = 0.0
    perhaps: tuple[str, ...] = ()

    @property
    def letter(self) -> str:
        """The letters over this column."""
        return letter(self.index)


@dataclass(slots=True)
class Row:
    """One row of data.

    Shape: `number` is the row number that the spreadsheet program shows; `values` the cleaned text of each
    mapped field that is not empty; `raw` the cells as the file held them (merged ones filled); `filled` the
    fields whose value came from a row above; `starts` says that a new household begins here; `others`
    further phone numbers and `remarks` what stood beside a value, by field; `section` the line above that
    heads this part of the table.
    """

    number: int
    values: dict[str, str]
    raw: list[object]
    doubts: list[Doubt] = field(default_factory=list)
    filled: frozenset[str] = frozenset()
    starts: bool = True
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)
    section: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One row that holds no data; `reason` is title, heading, total, footnote, section or blank."""

    number: int
    reason: str
    text: str = ""


@dataclass(slots=True)
class Table:
    """One table of one sheet.

    Shape: `title` are the lines above the headings, `shape` the fingerprint under which a corrected mapping
    is remembered, `notices` what is doubtful about whole columns. Every row of the sheet from `first` to
    `last` is either in `rows` or in `skipped`.
    """

    sheet: str
    title: list[str]
    headings: list[str]
    columns: list[Column]
    shape: str
    first: int
    last: int
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notices: list[Doubt] = field(default_factory=list)

    @property
    def doubtful(self) -> int:
        """How many rows hold at least one doubtful cell."""
        return sum(1 for row in self.rows if row.doubts)

    @property
    def mapping(self) -> dict[int, str]:
        """The field of each recognised column, by column index: what is remembered once a person agreed."""
        return {column.index: column.field for column in self.columns if column.field}


@dataclass(frozen=True, slots=True)
class Note:
    """One sheet without a table, with why and how many rows it has."""

    sheet: str
    code: str
    message: str
    rows: int = 0
    text: tuple[str, ...] = ()


@dataclass(slots=True)
class Book:
    """One file: its tables and the sheets that have none."""

    tables: list[Table] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def doubts(self) -> Iterator[Doubt]:
        """Everything doubtful, columns first, then cells in the order of the file."""
        for table in self.tables:
            yield from table.notices
            for row in table.rows:
                yield from row.doubts

    @property
    def counts(self) -> dict[str, int]:
        """Rows read, taken, doubtful and skipped: taken + doubtful + skipped = read."""
        doubtful = sum(table.doubtful for table in self.tables)
        taken = sum(len(table.rows) for table in self.tables) - doubtful
        skipped = sum(len(table.skipped) for table in self.tables) + sum(note.rows for note in self.notes)
        read = taken + doubtful + skipped
        return {"rows_read": read, "rows_taken": taken, "rows_doubtful": doubtful, "rows_skipped": skipped}

    @property
    def skipped(self) -> Counter[str]:
        """How many rows were skipped, by reason."""
        return Counter(row.reason for table in self.tables for row in table.skipped)
