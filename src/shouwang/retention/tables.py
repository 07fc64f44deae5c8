"""What the database says of its own tables: which are there, which hang on which, from when a row counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

import psycopg

from shouwang.lib.kinds import Retention

PAGE_BYTES = 8192
# The columns from which the age of a row counts, the best first.
MOMENTS = (
    "recorded_at", "pgh_created_at", "at", "received_at", "made_at", "added_at", "opened_at", "asked_at", "proposed_at",
    "told_at", "issued_at", "printed_at", "requested_at", "prepared_at", "booked_at", "planned_at", "arrived_at", "from_at",
)  # fmt: skip
# The columns that say where a row is, the best first; a list of codes is inside an area when all of it is.
LIST = "area_codes"
PLACES = ("area_code", LIST, "community")
HANGS_ON = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid
"""
REFERENCE = """
SELECT c.conrelid::regclass::text, child.attname, c.confrelid::regclass::text, parent.attname, NOT child.attnotnull
FROM pg_constraint c
JOIN pg_attribute child ON child.attrelid = c.conrelid AND child.attnum = c.conkey[1]
JOIN pg_attribute parent ON parent.attrelid = c.confrelid AND parent.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
"""
COLUMNS = (
    "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"
)
KEEPERS = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND starts_with(tgname, 'pgtrigger_')"


@dataclass(frozen=True)
class Reference:
    """That rows of one table name rows of another."""

    child: str
    column: str
    parent: str
    key: str
    nullable: bool


def is_folder(rule: Retention) -> bool:
    """Whether a rule speaks of a folder of the data folder."""
    return rule.store.endswith("/")


def there(owner: psycopg.Connection, table: str) -> bool:
    """Whether this version of the database has such a table."""
    found = owner.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return bool(found and found[0])


def in_order(owner: psycopg.Connection, rules: Iterable[Retention]) -> list[Retention]:
    """The tables in the order in which they can go: what is only reduced first, then whatever hangs on others before them."""
    tables = [rule for rule in rules if not is_folder(rule) and there(owner, rule.store)]
    named = {rule.store: rule for rule in tables if not rule.reduced}
    hanging: dict[str, set[str]] = {store: set() for store in named}
    for child, parent in owner.execute(HANGS_ON).fetchall():
        if child in named and parent in named:
            hanging[parent].add(child)
    return [rule for rule in tables if rule.reduced] + [
        named[store] for store in TopologicalSorter(hanging).static_order()
    ]


def references_to(owner: psycopg.Connection, parent: str) -> list[Reference]:
    """What names the rows of a table."""
    found = owner.execute(REFERENCE + " AND c.confrelid = to_regclass(%s)", [parent]).fetchall()
    return [Reference(*row) for row in found]


def references_from(owner: psycopg.Connection, child: str) -> list[Reference]:
    """What the rows of a table name, as far as it lies in an area: people, doors, orders; not accounts, not plans."""
    found = owner.execute(
        REFERENCE + " AND c.conrelid = to_regclass(%s)"
        " AND (SELECT relrowsecurity FROM pg_class WHERE oid = c.confrelid)",
        [child],
    ).fetchall()
    return [Reference(*row) for row in found]


def moment_of(owner: psycopg.Connection, rule: Retention) -> str:
    """The column from which a row's days count; empty where a row only goes with what it hangs on."""
    return rule.since or _first(owner, rule.store, MOMENTS)


def place_of(owner: psycopg.Connection, rule: Retention) -> str:
    """The column that says where a row is; empty where `only` has to say which rows are meant."""
    return _first(owner, rule.store, PLACES)


def keepers_of_history(owner: psycopg.Connection) -> list[str]:
    """The triggers that write down what a row was before it changed, or keep that from changing."""
    return [name for (name,) in owner.execute(KEEPERS).fetchall()]


def pages_of(owner: psycopg.Connection, table: str) -> int:
    """How many pages a table has now."""
    found = owner.execute("SELECT pg_relation_size(to_regclass(%s))", [table]).fetchone()
    return -(-int(found[0] if found else 0) // PAGE_BYTES)


def stored_columns(owner: psycopg.Connection) -> Sequence[str]:
    """The tables that name files of the uploads folder."""
    found = owner.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'stored'"
    ).fetchall()
    return [name for (name,) in found]


def _first(owner: psycopg.Connection, table: str, names: Sequence[str]) -> str:
    there = {name for (name,) in owner.execute(COLUMNS, [table]).fetchall()}
    return next((name for name in names if name in there), "")
