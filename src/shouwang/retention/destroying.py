"""Rows are destroyed by the owner of the tables, a few pages of a table at a time: no long lock, no huge transaction.

Triggers that keep history stay silent in these transactions, or destroying somebody would write them down again. A batch
counts itself in its own transaction, so that what a killed process destroyed is counted exactly once. A row elsewhere that
still names a destroyed one lets go of it, or goes too where it cannot be without it: it was about that person.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg import sql

from shouwang.lib.codes import subtree
from shouwang.lib.kinds import Retention
from shouwang.retention.tables import (
    LIST,
    Reference,
    keepers_of_history,
    moment_of,
    pages_of,
    place_of,
    references_to,
)

BATCH_PAGES = 256
DEPTH_MOST = 12

Count = Callable[[psycopg.Connection, Retention, int], None]
Seal = Callable[[psycopg.Connection, Retention, sql.Composable, Mapping[str, object]], None]


def uncounted(owner: psycopg.Connection, rule: Retention, amount: int) -> None:
    """Where nobody keeps a tally."""


@dataclass(frozen=True)
class Span:
    """What goes: rows of an area; of those, where `before` is said, only the ones that are older.

    Shape: `seal` is told of a batch of these rules' rows before they go.
    """

    area: str
    decided_at: datetime
    before: datetime | None = None
    seal: Mapping[str, Seal] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, object]:
        """The values that the conditions name."""
        low, high = subtree(self.area)
        return {"low": low, "high": high, "decided_at": self.decided_at, "before": self.before}


def destroy(owner: psycopg.Connection, rule: Retention, span: Span, *, count: Count = uncounted) -> int:
    """Destroys (or reduces) the rows of one table that a span means. How many there were.

    Cost: reads the table once, whatever its indexes; some 100,000 rows a second.
    """
    meant = _meant(owner, rule, span)
    if meant is None:
        return 0
    gone = 0
    for first in range(0, pages_of(owner, rule.store), BATCH_PAGES):
        here = sql.SQL("{} AND r.ctid >= {}::tid AND r.ctid < {}::tid").format(
            meant, f"({first},0)", f"({first + BATCH_PAGES},0)"
        )
        with owner.transaction():
            _asleep(owner)
            if rule.rule in span.seal:
                span.seal[rule.rule](owner, rule, here, span.values)
            amount = (
                _reduce(owner, rule, here, span)
                if rule.reduced
                else _erase(owner, rule.store, here, span.values)
            )
            if amount:
                count(owner, rule, amount)
        gone += amount
    return gone


def left(owner: psycopg.Connection, rule: Retention, span: Span) -> bool:
    """Whether a table still has rows that a span means."""
    meant = _meant(owner, rule, span)
    if meant is None:
        return False
    found = sql.SQL("SELECT EXISTS (SELECT FROM {} r WHERE {})").format(sql.Identifier(rule.store), meant)
    return bool(owner.execute(found, span.values).fetchone()[0])  # type: ignore[index]


def give_back(owner: psycopg.Connection, rule: Retention) -> None:
    """The room of what went is given back to the disk, while everybody works."""
    with suppress(psycopg.errors.LockNotAvailable):
        owner.execute(sql.SQL("VACUUM (TRUNCATE, SKIP_LOCKED) {}").format(sql.Identifier(rule.store)))


def _meant(owner: psycopg.Connection, rule: Retention, span: Span) -> sql.Composable | None:
    """Which rows are meant; nothing where rows of this table have no age and only go with what they hang on."""
    parts: list[sql.Composable] = [sql.SQL("true")]
    place = place_of(owner, rule)
    if place == LIST:
        parts.append(
            sql.SQL("NOT EXISTS (SELECT FROM unnest(r.area_codes) c WHERE c < %(low)s OR c >= %(high)s)")
        )
    elif place:
        inside = "r.{0} >= %(low)s AND r.{0} < %(high)s"
        parts.append(sql.SQL(inside).format(sql.Identifier(place)))
    if rule.only:
        parts.append(sql.SQL(f"({rule.only})"))  # type: ignore[arg-type]
    if span.before is not None:
        moment = moment_of(owner, rule)
        if not moment:
            return None
        parts.append(sql.SQL("r.{} < %(before)s").format(sql.Identifier(moment)))
    return sql.SQL(" AND ").join(parts)


def _reduce(owner: psycopg.Connection, rule: Retention, here: sql.Composable, span: Span) -> int:
    become = sql.SQL("UPDATE {} r SET {} WHERE {}").format(
        sql.Identifier(rule.store), sql.SQL(rule.reduced), here  # type: ignore[arg-type]
    )  # fmt: skip
    return owner.execute(become, span.values).rowcount


def _erase(
    owner: psycopg.Connection, table: str, here: sql.Composable, values: Mapping[str, object], depth: int = 0
) -> int:
    for link in references_to(owner, table):
        _let_go(owner, link, here, values, depth)
    return owner.execute(
        sql.SQL("DELETE FROM {} r WHERE {}").format(sql.Identifier(table), here), values
    ).rowcount


def _let_go(
    owner: psycopg.Connection, link: Reference, here: sql.Composable, values: Mapping[str, object], depth: int
) -> None:
    """Rows of another table, or later ones of the same, that name those which are to go."""
    named = sql.SQL("r.{} IN (SELECT r.{} FROM {} r WHERE {})").format(
        *map(sql.Identifier, (link.column, link.key, link.parent)), here
    )
    if link.child == link.parent:
        named = sql.SQL("{} AND NOT ({})").format(named, here)
    child = sql.Identifier(link.child)
    held = owner.execute(sql.SQL("SELECT EXISTS (SELECT FROM {} r WHERE {})").format(child, named), values)
    if not held.fetchone()[0]:  # type: ignore[index]
        return
    if link.nullable:
        free = sql.SQL("UPDATE {} r SET {} = NULL WHERE {}").format(child, sql.Identifier(link.column), named)
        owner.execute(free, values)
    elif depth < DEPTH_MOST:
        _erase(owner, link.child, named, values, depth + 1)


def _asleep(owner: psycopg.Connection) -> None:
    """Until the transaction ends nothing is written down again, and, where the server lets us, nothing is checked row by row:
    what names a destroyed row is looked for here, in bulk.
    """
    allowed = owner.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')").fetchone()
    if allowed and allowed[0]:
        owner.execute("SET LOCAL session_replication_role = replica")
        return
    silent = "{" + ",".join(keepers_of_history(owner)) + "}"
    owner.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [silent])
    owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
