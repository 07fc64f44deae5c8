"""Making duties: one INSERT … SELECT from who owes, and a window."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Left

from shouwang.access.models import User
from shouwang.duties.models import Duty
from shouwang.duties.windows import Window
from shouwang.lib.codes import COMMUNITY, community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.kinds import Kind

PLAN = """
INSERT INTO duties_duty (kind, {subject}, area_code, about, batch, opens_at, due_at, lapses_at,
                         booked_at, changed_at)
SELECT %s, who.subject, who.area_code, who.about, %s, %s, %s, %s, %s, %s FROM ({who}) AS who ORDER BY who.area_code
"""
# Looking row by row whether somebody owes it already is a third of the work.
UNLESS_OWED = "ON CONFLICT DO NOTHING"

# What waited while a day was closed is booked on the next.
BOOKED = "SELECT max(duties_booked_at(%s, community)) FROM unnest(%s::text[]) AS community"

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('duties ' || %s, 0))"


class NotWaivable(Refusal):
    code = "duties.not_waivable"
    sentence = "这一项已经办完、已经免办或已撤销，不能再免办。"


def lock(communities: Iterable[str]) -> None:
    """Waits until nobody else plans, settles or closes these communities. Held to the end of the transaction."""
    with connection.cursor() as cursor:
        for community in sorted(set(communities)):
            cursor.execute(LOCK, [community])


def plan(kind: Kind, who: QuerySet, window: Window, *, at: datetime, batch: UUID | None = None) -> int:
    """Everybody in `who` owes this kind inside the window; those who already do are passed over.

    Shape: `who` yields the columns `subject`, `area_code` and `about` (null where the duty is about nothing else).
    Their communities are locked here.
    Cost: one statement; a million people in about ten seconds.
    """
    communities = communities_in(who)
    if not communities:
        return 0  # nobody owes it
    lock(communities)
    sql, params = who.values_list("subject", "area_code", "about").query.sql_with_params()
    rows = f"SELECT q.c1 AS subject, q.c2 AS area_code, q.c3 AS about FROM ({sql}) AS q(c1, c2, c3)"
    with connection.cursor() as cursor:
        cursor.execute(BOOKED, [at, communities])
        booked_at = cursor.fetchone()[0]
    values = [kind.name, batch, window.opens_at, window.due_at, window.lapses_at, booked_at, booked_at]
    return _write(PLAN.format(subject=_column(kind), who=rows), [*values, *params], batch)


def _write(statement: str, values: list[Any], batch: UUID | None) -> int:
    """How many were written. For a new batch hardly ever anybody owes the same already, and then the statement says so."""
    if batch and not Duty.objects.filter(batch=batch).exists():
        with suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount
    with connection.cursor() as cursor:
        cursor.execute(statement + UNLESS_OWED, values)
        return cursor.rowcount


def waive(duties: QuerySet[Duty], *, reason: str, by: User, at: datetime) -> int:
    """Takes these off the list for a reason (免办). Done ones stay done. Raises: NotWaivable when none was owed."""
    changed = duties.filter(fact__in=("owed", "missed")).update(
        waived_at=at, waived_by=by, waived_reason=reason, changed_at=at
    )
    if not changed:
        raise NotWaivable()
    return changed


def void(duties: QuerySet[Duty], *, reason: str, at: datetime, by: User | None = None) -> int:
    """Strikes duties that should never have been (撤销). How many were struck."""
    return duties.filter(void_at=None).update(void_at=at, void_by=by, void_reason=reason, changed_at=at)


def unvoid(duties: QuerySet[Duty], *, reason: str, at: datetime) -> int:
    """Brings back those that were struck for just this reason. How many came back."""
    return (
        duties.filter(void_reason=reason)
        .exclude(void_at=None)
        .update(void_at=None, void_by=None, void_reason="", changed_at=at)
    )


def communities_in(rows: QuerySet) -> list[str]:
    """The communities in which the rows of a queryset lie, in order; found by the database, however many rows."""
    found = (
        rows.order_by().annotate(community=Left("area_code", COMMUNITY)).values_list("community", flat=True)
    )
    return sorted(found.distinct())


def communities_of(codes: Iterable[str]) -> set[str]:
    """The communities in which these areas lie."""
    return {community_of(code) for code in codes}


def _column(kind: Kind) -> str:
    return "subject_area" if kind.subject == "area" else f"{kind.subject}_id"
