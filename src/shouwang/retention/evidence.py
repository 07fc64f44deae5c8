"""What the law keeps after the end: rows sealed with a reason and a day, each with what it names, so that it can be read alone."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg import sql

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import NotInScope
from shouwang.lib.kinds import Retention
from shouwang.lib.sealing import Sealer
from shouwang.retention.destroying import Seal
from shouwang.retention.models import Closing, Evidence
from shouwang.retention.tables import references_from

ADD = """
INSERT INTO retention_evidence (closing_id, area_code, rule, store, reason, amount, sealed, until)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def sealing(closing: Closing, sealer: Sealer) -> dict[str, Seal]:
    """For each rule that a closing keeps: seals a batch of rows before they go."""
    return {rule: _seal_for(closing, rule, sealer) for rule in closing.kept}


def open_evidence(
    closing: UUID, *, sealer: Sealer, reason: str, by: User | None, at: datetime
) -> Iterator[dict]:
    """The sealed rows in clear, one after the other; written down before the first is shown. Raises: NotInScope."""
    kept = Evidence.objects.filter(closing=closing, until__gt=at).order_by("pk")
    if not kept.exists():
        raise NotInScope()
    audit("retention.open_evidence", at=at, by=by, area=kept[0].area_code, reason=reason, closing=closing)
    return (
        {"store": one.store, **row}
        for one in kept.iterator(chunk_size=50)
        for row in json.loads(sealer.open(one.sealed))
    )


def expired(*, now: datetime) -> int:
    """Evidence whose day has come is destroyed. How many rows."""
    over = Evidence.objects.filter(until__lte=now)
    amount = sum(over.values_list("amount", flat=True))
    over.delete()
    return amount


def _seal_for(closing: Closing, rule: str, sealer: Sealer) -> Seal:
    kept: Mapping[str, str] = closing.kept[rule]
    until = datetime.fromisoformat(kept["until"]).replace(tzinfo=ZONE)

    def seal(
        owner: psycopg.Connection, store: Retention, here: sql.Composable, values: Mapping[str, object]
    ) -> None:
        rows = [
            row for (row,) in owner.execute(_with_what_it_names(owner, store.store, here), values).fetchall()
        ]
        if rows:
            said = sealer.seal(json.dumps(rows, ensure_ascii=False))
            line = [closing.pk, closing.area_code, rule, store.store, kept["reason"], len(rows), said, until]
            owner.execute(ADD, line)

    return seal


def _with_what_it_names(owner: psycopg.Connection, table: str, here: sql.Composable) -> sql.Composed:
    """Each row as JSON, and under `names` the rows that it points to: the person behind a number."""
    named = [
        sql.SQL("{}, (SELECT to_jsonb(o) FROM {} o WHERE o.{} = r.{})").format(
            sql.Literal(link.column), *map(sql.Identifier, (link.parent, link.key, link.column))
        )
        for link in references_from(owner, table)
    ]
    return sql.SQL(
        "SELECT to_jsonb(r) || jsonb_build_object('names', jsonb_build_object({})) FROM {} r WHERE {}"
    ).format(sql.SQL(", ").join(named), sql.Identifier(table), here)
