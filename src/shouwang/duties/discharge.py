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
from shouwang.duties.writing import count_again
from shouwang.lib.codes import subtree
from shouwang.lib.ids import as_array
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
), settled AS MATERIALIZED (       -- each with the earliest record in its window; with none, where such a one counts no longer
{found}
)
UPDATE duties_duty duty SET done_at = settled.at, done_record = settled.record, changed_at = %(at)s
FROM settled
WHERE duty.id = settled.id AND (duty.done_at, duty.done_record) IS DISTINCT FROM (settled.at, settled.record)
"""

IN_ITS_WINDOW = """
    record.about IS NOT DISTINCT FROM owing.about
    AND record.at >= owing.opens_at AND (owing.lapses_at IS NULL OR record.at < owing.lapses_at)
"""

# Duty by duty through the keys of its subject: what a batch needs, also while PostgreSQL has not counted a table yet.
ONE_BY_ONE = f"""
  SELECT owing.id, first.at, first.record FROM owing LEFT JOIN LATERAL (
    SELECT record.at, record.id AS record FROM ({{records}}) AS record(subject, about, at, id)
    WHERE record.subject = ANY(ARRAY(SELECT member.id FROM {{table}} member WHERE member.kept_id = owing.kept)) AND {IN_ITS_WINDOW}
    ORDER BY record.at, record.id LIMIT 1
  ) first ON true
  WHERE first.record IS NOT NULL OR owing.done_at IS NOT NULL
"""

# All duties beside all records: what an area needs.
ALL_AT_ONCE = f"""
  SELECT DISTINCT ON (owing.id) owing.id, record.at, record.id AS record
  FROM owing LEFT JOIN (
    SELECT member.kept_id, told.about, told.at, told.id
    FROM ({{records}}) AS told(subject, about, at, id) JOIN {{table}} member ON member.id = told.subject
    WHERE {{whose}}
  ) record ON record.kept_id = owing.kept AND {IN_ITS_WINDOW}
  WHERE record.id IS NOT NULL OR owing.done_at IS NOT NULL
  ORDER BY owing.id, record.at, record.id
"""

FAMILY = """
SELECT coalesce(array_agg(id)::text, '{{}}') FROM {table}
WHERE kept_id = ANY(ARRAY(SELECT DISTINCT kept_id FROM {table} WHERE id = ANY(%s::bigint[])))
"""


def settle(kind: Kind, subjects: Sequence[int], *, communities: Sequence[str], at: datetime) -> int:
    """Settles the duties of these subjects (and of whoever was merged with them). How many changed.

    The rows are named one by one: so few are found by their keys also while PostgreSQL has not counted the tables yet.
    """
    with _seeing_all(communities):
        family = _family(SUBJECT_TABLES[kind.subject], subjects)
        which = f"duty.{_column(kind)} = ANY(%(family)s::bigint[])"
        return _run(kind, which, ONE_BY_ONE, {"family": family, "at": at})


def settle_about(kind: Kind, abouts: Sequence[UUID], *, communities: Sequence[str], at: datetime) -> int:
    """Settles the duties that are about these rows of a module (list rows, orders, boxes). How many changed."""
    with _seeing_all(communities):
        which = "duty.about = ANY(%(abouts)s::uuid[])"
        whose = "told.about = ANY(%(abouts)s::uuid[])"
        return _run(kind, which, ALL_AT_ONCE, {"abouts": as_array(abouts), "at": at}, whose=whose)


def settle_area(kind: Kind, area: str, *, communities: Sequence[str], at: datetime) -> int:
    """Settles every duty of an area: after planning, importing, or a change of what counts."""
    low, high = subtree(area)
    count_again("duties_duty", _table_of(kind), kind.records().model._meta.db_table)
    inside = "duty.area_code >= %(low)s AND duty.area_code < %(high)s"
    with _seeing_all(communities):
        return _run(kind, inside, ALL_AT_ONCE, {"low": low, "high": high, "at": at})


@contextmanager
def _seeing_all(communities: Sequence[str]) -> Iterator[None]:
    """A household that moved keeps its records where they happened: settling must see them all."""
    with whole():
        lock(communities)
        yield


def _run(kind: Kind, which: str, found: str, params: dict[str, Any], *, whose: str = "true") -> int:
    sql, values = kind.records().values_list("subject", "about", "at", "id").query.sql_with_params()
    names = {f"record{index}": value for index, value in enumerate(values)}
    table, records = SUBJECT_TABLES[kind.subject], sql % tuple(f"%({name})s" for name in names)
    found = found.format(table=table, records=records, whose=whose)
    statement = SETTLE.format(table=table, column=_column(kind), which=which, found=found)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"kind": kind.name, **params, **names})
        return cursor.rowcount


def _table_of(kind: Kind) -> str:
    return "register_area" if kind.subject == "area" else SUBJECT_TABLES[kind.subject]


def _family(table: str, subjects: Sequence[int]) -> str:
    """These rows and all that stand for the same, as an array."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY.format(table=table), [as_array(subjects)])
        found: str = cursor.fetchone()[0]
        return found
