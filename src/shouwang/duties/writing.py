"""Many rows of one table in one statement, and what is there already stays as it is.

Half a thousand rows that a phone brings cost as much one by one as ten thousand this way: one parameter, one plan.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection, models

AT_ONCE = 10_000
INSERT = (
    "INSERT INTO {table} ({columns}) SELECT {values} FROM jsonb_to_recordset(%s::jsonb) AS told({types})"
    " ORDER BY told.{order} ON CONFLICT DO NOTHING RETURNING {key}"
)


def write(
    model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, same: Mapping[str, Any] | None = None
) -> set[Any]:
    """Writes these rows, all with the same columns, in the order of the first. The keys of those that were new.

    Shape: named are columns (`household_id`), values as JSON says them; bytes by `as_bytes`. `same` are columns that all rows
    have in common, said once. A column that nobody names has the model's default.
    """
    if not rows:
        return set()
    shared = same or {}
    statement, defaults = _statement(model, tuple(rows[0]), tuple(shared))
    new: set[Any] = set()
    with connection.cursor() as cursor:
        for first in range(0, len(rows), AT_ONCE):
            part = msgspec.json.encode(rows[first : first + AT_ONCE]).decode()
            cursor.execute(statement, [*shared.values(), *defaults, part])
            new.update(key for (key,) in cursor.fetchall())
    return new


def count_again(*tables: str) -> None:
    """Lets PostgreSQL look at tables into which much was just written; guessing, it would compare all with all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT duties_count_again(%s)", [sorted(tables)])


def as_bytes(value: bytes) -> str:
    """Bytes as PostgreSQL reads them."""
    return "\\x" + value.hex()


@lru_cache(maxsize=64)
def _statement(
    model: type[models.Model], told: tuple[str, ...], shared: tuple[str, ...]
) -> tuple[str, tuple[Any, ...]]:
    fields = {str(field.column): field for field in model._meta.concrete_fields if not field.generated}
    types = {column: str(field.db_type(connection)) for column, field in fields.items()}
    others = {name: field.get_default() for name, field in fields.items() if name not in {*told, *shared}}
    fixed = {column: value for column, value in others.items() if value is not None}
    key = str(model._meta.pk.column)
    once = (*shared, *fixed)
    values = [f"told.{column}" for column in told] + [f"%s::{types[column]}" for column in once]
    return INSERT.format(
        table=model._meta.db_table,
        columns=", ".join((*told, *once)),
        values=", ".join(values),
        types=", ".join(f"{column} {types[column]}" for column in told),
        order=told[0],
        key=key,
    ), tuple(fixed.values())
