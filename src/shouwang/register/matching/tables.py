"""The tables of one matching on DuckDB: filled from lines of text, asked in plain SQL, gone afterwards."""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import duckdb

MEMORY = "500MB"
THREADS = 2
ROWS_AT_ONCE = 50_000
FOLDER = Path(__file__).parent
CAST = {"BIGINT": "::BIGINT", "INTEGER": "::INTEGER", "DOUBLE": "::DOUBLE", "VARCHAR": ""}
CREATED = re.compile(r"CREATE TABLE (\w+) \((.*?)\);", re.DOTALL)
COMMENT = re.compile(r"\s*--.*$", re.MULTILINE)


def statements(name: str, values: Mapping[str, object] = {}) -> list[str]:
    """The statements of one of the .sql files, its limits filled in."""
    text = COMMENT.sub("", (FOLDER / name).read_text(encoding="utf-8"))
    return [one.strip().format(**values) for one in text.split(";") if one.strip()]


def columns_of_inputs() -> dict[str, list[tuple[str, str]]]:
    """The columns of each table that is given, with their types."""
    text = COMMENT.sub("", (FOLDER / "inputs.sql").read_text(encoding="utf-8"))
    return {
        table: [(column.split()[0], column.split()[1]) for column in columns.split(",")]
        for table, columns in CREATED.findall(text)
    }


class Tables:
    """The tables of one matching."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.columns = columns_of_inputs()
        self.run("inputs.sql")

    def run(self, name: str, values: Mapping[str, object] = {}) -> None:
        """Runs one of the .sql files."""
        for statement in statements(name, values):
            self.connection.execute(statement)

    def fill(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        """Adds rows. Shape: no cell holds a tab or a line break."""
        lines = ("\t".join(map(str, row)) for row in rows)
        while block := "\n".join(islice(lines, ROWS_AT_ONCE)):
            self.fill_from_text(table, block)

    def fill_from_text(self, table: str, block: str) -> None:
        """Adds the rows of whole lines with tabs between the cells: the engine takes them apart, not Python."""
        cells = ", ".join(f"f[{at}]{CAST[kind]}" for at, (_, kind) in enumerate(self.columns[table], 1))
        self.connection.execute(
            f"INSERT INTO {table} SELECT {cells} FROM (SELECT string_split(line, chr(9)) AS f"
            " FROM (SELECT unnest(string_split($1, chr(10))) AS line) WHERE line <> '')",
            [block],
        )

    def ask(self, question: str) -> list[tuple]:
        """The rows of an answer."""
        return self.connection.execute(question).fetchall()


@contextmanager
def tables() -> Iterator[Tables]:
    """Empty tables in memory; what does not fit lies in a private folder until the end."""
    with tempfile.TemporaryDirectory(prefix="shouwang-matching-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "threads": THREADS,
            "temp_directory": folder,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        }
        connection = duckdb.connect(":memory:", config=settings)
        try:
            yield Tables(connection)
        finally:
            connection.close()
