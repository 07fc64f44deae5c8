"""The definition of done, applied in bulk.

A duty is done by the earliest valid record about the same subject in its window. Settling applies that sentence to
many duties at once, in either direction: a late record closes, a voided one opens again. Records arrive in any order.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from shouwang.access.scope import whole
from shouwang.duties.plan import _column, lock
from shouwang.lib.codes import subtree
from shouwang.lib.kinds import Kind

# The rows that subjects are, each with the row that now stands for it; an area always stands for itself.
SUBJECT_TABLES = {
    "person": "register_person",
    "household": "register_household",
    "place": "register_place",
    "area": "(SELECT code AS id, code AS kept_id FROM register_area)",
}

SETTLE = """
WITH owing AS NOT MATERIALIZED (   -- the duties to look at, each with the row that now stands for its subject
  SELECT duty.id, subject.kept_id AS kept, duty.about, duty.opens_at, duty.lapses_at, duty.done_at
  FROM duties_duty duty JOIN {table} subject ON subject.id = duty.{column}
  WHERE duty.kind = %(kind)s AND duty.void_at IS NULL AND {which}
), happened AS (                   -- what really happened, for whoever now stands for whom it happened to
  SELECT subject.kept_id AS kept, record.about, record.at, record.id
  FROM ({records}) AS record(subject, about, at, id) JOIN {table} subject ON subject.id = record.subject
  WHERE {whose}
), found AS MATERIALIZED (         -- the earliest record in the window of each duty that has one
  SELECT DISTINCT ON (owing.id) owing.id, happened.at, happened.id AS record
  FROM owing JOIN happened ON happened.kept = owing.kept
    AND happened.about IS NOT DISTINCT FROM owing.about
    AND happened.at >= owing.opens_at AND (owing.lapses_at IS NULL OR happened.at < owing.lapses_at)
  ORDER BY owing.id, happened.at, happened.id
), settled AS (                    -- and those that were done by a record that counts no longer
  SELECT id, at, record FROM found
  UNION ALL
  SELECT id, NULL, NULL FROM owing WHERE done_at IS NOT NULL AND id NOT IN (SELECT id FROM found)
)
UPDATE duties_duty duty SET done_at = settled.at, done_record = settled.record, changed_at = %(at)s
FROM settled
WHERE duty.id = settled.id AND (duty.done_at, duty.done_record) IS DISTINCT FROM (settled.at, settled.record)
"""


def settle(kind: Kind, subjects: Sequence[int], *, communities: Sequence[str], at: datetime) -> int:
    """Settles the duties of these subjects (and of whoever was merged with them). How many changed.

    The rows are named one by one: so few are found by their keys also while PostgreSQL has not counted the tables yet.
    """
    with _seeing_all(communities):
        family = _family(SUBJECT_TABLES[kind.subject], subjects)
        which = f"duty.{_column(kind)} = ANY(%(family)s)"
        return _run(kind, which, "record.subject = ANY(%(family)s)", {"family": family, "at": at})


def settle_about(kind: Kind, abouts: Sequence[UUID], *, communities: Sequence[str], at: datetime) -> int:
    """Settles the duties that are about these rows of a module (list rows, orders, boxes). How many changed."""
    with _seeing_all(communities):
        which = "duty.about = ANY(%(abouts)s)"
        return _run(kind, which, "record.about = ANY(%(abouts)s)", {"abouts": list(abouts), "at": at})


def settle_area(kind: Kind, area: str, *, communities: Sequence[str], at: datetime) -> int:
    """Settles every duty of an area: after planning, importing, or a change of what counts."""
    low, high = subtree(area)
    _count_again("duties_duty", _table_of(kind), kind.records().model._meta.db_table)
    inside = "duty.area_code >= %(low)s AND duty.area_code < %(high)s"
    with _seeing_all(communities):
        return _run(kind, inside, "true", {"low": low, "high": high, "at": at})


@contextmanager
def _seeing_all(communities: Sequence[str]) -> Iterator[None]:
    """A household that moved keeps its records where they happened: settling must see them all."""
    with whole():
        lock(communities)
        yield


def _count_again(*tables: str) -> None:
    """Lets PostgreSQL look at tables into which much was just written; guessing, it would compare all with all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT duties_count_again(%s)", [list(tables)])


def _run(kind: Kind, which: str, whose: str, params: dict[str, Any]) -> int:
    sql, values = kind.records().values_list("subject", "about", "at", "id").query.sql_with_params()
    names = {f"record{index}": value for index, value in enumerate(values)}
    statement = SETTLE.format(
        table=SUBJECT_TABLES[kind.subject],
        column=_column(kind),
        which=which,
        whose=whose,
        records=sql % tuple(f"%({name})s" for name in names),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"kind": kind.name, **params, **names})
        return cursor.rowcount


def _table_of(kind: Kind) -> str:
    return "register_area" if kind.subject == "area" else SUBJECT_TABLES[kind.subject]


def _family(table: str, subjects: Sequence[int]) -> list[int]:
    """These rows and all that stand for the same."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT kept_id FROM {table} WHERE id = ANY(%s)", [list(subjects)])
        kept = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT id FROM {table} WHERE kept_id = ANY(%s)", [kept])
        return [row[0] for row in cursor.fetchall()]
