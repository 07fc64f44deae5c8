"""Many rows at once: copied into a staging table, then inserted or updated from there in one statement."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

Rows = Iterable[Sequence[Any]]


def new_ids(table: str, count: int) -> list[int]:
    """Identities for rows that are about to be added."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [row[0] for row in cursor.fetchall()]


def add_rows(table: str, columns: Sequence[str], rows: Rows) -> None:
    """Adds rows; the first column is their order, so that two imports never lock each other out.

    Cost: about 40,000 rows a second without history.
    """
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        _stage(cursor, table, names, rows)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM staged ORDER BY {columns[0]}")
        cursor.execute("DROP TABLE staged")


def change_rows(table: str, columns: Sequence[str], rows: Rows) -> None:
    """Writes new values into rows that exist; the first column is `id`."""
    names = ", ".join(columns)
    new = ", ".join(f"{name} = staged.{name}" for name in columns[1:])
    with connection.cursor() as cursor:
        _stage(cursor, table, names, rows)
        cursor.execute(f"UPDATE {table} SET {new} FROM staged WHERE {table}.id = staged.id")
        cursor.execute("DROP TABLE staged")


def _stage(cursor: Any, table: str, names: str, rows: Rows) -> None:
    cursor.execute(
        f"CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA"
    )
    with cursor.copy(f"COPY staged ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
