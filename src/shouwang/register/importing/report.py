"""What an import found: counts for the operator, and every place in the file that a person should look at."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from shouwang.lib.sheets import Book, Table


@dataclass(frozen=True, slots=True, order=True)
class Doubtful:
    """One place in the file to look at. Row 0: the whole sheet, or somebody whom the file no longer names."""

    sheet: str
    row: int
    column: str
    what: str


def doubts_of(book: Book) -> list[Doubtful]:
    """What was doubtful already while reading the cells."""
    return [
        Doubtful(doubt.sheet, doubt.row, doubt.column, f"{doubt.heading}：{doubt.message}")
        for doubt in book.doubts
    ]


class Pen:
    """Writes down what is doubtful in one table, with sheet, row and column. Shape: `fields` are those that it has."""

    def __init__(self, table: Table, doubts: list[Doubtful]) -> None:
        self.sheet, self._doubts = table.sheet, doubts
        self._columns = {column.field: column for column in table.columns if column.field}
        self.fields = frozenset(self._columns)

    def doubt(self, row: int, field: str, sentence: str) -> None:
        """One cell; an unknown or empty field means the row as a whole."""
        column = self._columns.get(field)
        heading = f"{column.heading}：" if column and column.heading else ""
        self._doubts.append(Doubtful(self.sheet, row, column.letter if column else "", heading + sentence))


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between file and register, for the preview: what happens to whom, from what to what."""

    sheet: str
    row: int
    what: str  # added, changed, moved, missing
    who: str
    field: str = ""
    before: str = ""
    after: str = ""


COUNTED = (
    "compounds", "households", "empty_households", "people", "rows_read", "rows_taken", "rows_skipped",
    "rows_doubtful", "added", "changed",
)  # fmt: skip


@dataclass
class Report:
    """The result of one import.

    Shape: every row counts once: `rows_read` = `rows_taken` + `rows_skipped` + `rows_doubtful`.
    `added` and `changed` count households and people; `missing` are people of whom the file no longer speaks;
    `originals` are the doubtful rows as they were written. Only counts and doubts leave as JSON.
    """

    compounds: int = 0
    households: int = 0
    empty_households: int = 0
    people: int = 0
    rows_read: int = 0
    rows_taken: int = 0
    rows_skipped: int = 0
    rows_doubtful: int = 0
    added: int = 0
    changed: int = 0
    doubts: list[Doubtful] = field(default_factory=list)

    kind: str = "people"
    community: str = ""
    missing: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    sheets_refused: list[str] = field(default_factory=list)
    originals: dict[tuple[str, int], str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """What `import-register --json` prints."""
        plain: dict[str, object] = {name: getattr(self, name) for name in COUNTED}
        return {**plain, **self.counts, "doubts": [asdict(doubt) for doubt in self.doubts]}

    def count_rows(self, book: Book, doubts: Iterable[Doubtful]) -> None:
        """Puts every row of the file under taken, skipped or doubtful; a refused sheet's rows are skipped."""
        self.doubts = sorted(set(doubts))
        doubtful = {(doubt.sheet, doubt.row) for doubt in self.doubts}
        self.rows_skipped = sum(note.rows for note in book.notes)
        for table in book.tables:
            rows = {row.number for row in table.rows}
            self._remember(table, doubtful)
            self.rows_read += len(rows) + len(table.skipped)
            self.rows_skipped += len(table.skipped)
            if table.sheet in self.sheets_refused:
                self.rows_skipped += len(rows)
            else:
                self.rows_doubtful += sum((table.sheet, row) in doubtful for row in rows)
        self.rows_read += sum(note.rows for note in book.notes)
        self.rows_taken = self.rows_read - self.rows_skipped - self.rows_doubtful

    def _remember(self, table: Table, doubtful: set[tuple[str, int]]) -> None:
        """The doubtful rows as they were written, for whoever has to look at them."""
        for row in table.rows:
            if (table.sheet, row.number) in doubtful:
                cells = (str(cell).strip() for cell in row.raw)
                self.originals[table.sheet, row.number] = " | ".join(filter(None, cells))
