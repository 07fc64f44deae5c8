"""What a backup holds, so that nobody has to believe it: row counts and a checksum per table, a digest per file."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from shouwang.lib.errors import Refusal

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"

# A row's text must be the same on every server and in every session.
PLAIN = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL search_path = ''"
)
# The sum does not depend on the order of the rows, and two tables differ when one character does.
MEASURE = (
    "SELECT count(*) || ' ' || coalesce(sum(('x' || left(encode(sha256(convert_to(entire_row::text, 'UTF8')), 'hex'), 15))"
    "::bit(60)::bigint), 0) FROM public.{} AS entire_row"
)
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
MIGRATIONS = "SELECT app || '.' || name FROM public.django_migrations ORDER BY 1"


class Damaged(Refusal):
    code = "keeping.damaged"
    sentence = "备份“{file}”坏了或者不完整：{what}。什么都没有恢复，请换一份备份。"


@dataclass(frozen=True)
class Manifest:
    """Everything that a restore checks itself against.

    Shape: `tables` says per table "rows checksum"; `files` per member of the archive its bytes and SHA-256;
    `key` is the fingerprint of the sealing key, whether or not the key itself is inside.
    """

    version: str
    made_at: datetime
    server: int
    owner: str
    app: str
    migrations: list[str]
    tables: dict[str, str]
    key: str
    format: int = FORMAT
    files: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(int(measured.split()[0]) for measured in self.tables.values())

    def as_json(self) -> str:
        """The manifest as it lies in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str)


def read_manifest(text: bytes, *, file: object) -> Manifest:
    """Raises: Damaged when it is not a manifest that this version can read."""
    try:
        told: dict[str, Any] = json.loads(text)
        told["made_at"] = datetime.fromisoformat(told["made_at"])
        told["files"] = {name: (int(size), str(digest)) for name, (size, digest) in told["files"].items()}
        manifest = Manifest(**told)
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise Damaged(file=file, what="清单看不懂") from wrong
    if manifest.format != FORMAT:
        raise Damaged(file=file, what=f"格式 {manifest.format} 这个版本不认识")
    return manifest


def measure(connection: psycopg.Connection, table: str) -> str:
    """How many rows a table has, and what they come to."""
    found = connection.execute(sql.SQL(MEASURE).format(sql.Identifier(table))).fetchone()
    return str(found[0]) if found else ""


def tables(connection: psycopg.Connection) -> list[str]:
    """The names of all tables of the installation."""
    return [name for (name,) in connection.execute(TABLES)]


def same_again(measured: dict[str, str]) -> str:
    """SQL that fails, and takes its transaction with it, where a table is not what it was when it was backed up."""
    lines = [PLAIN + ";"]
    for table, told in measured.items():
        now = sql.SQL(MEASURE).format(sql.Identifier(table)).as_string(None)
        words = sql.Literal(f"{table} is not what was backed up").as_string(None)
        lines.append(
            f"DO $check$ BEGIN IF ({now}) IS DISTINCT FROM {sql.Literal(told).as_string(None)} "
            f"THEN RAISE EXCEPTION USING MESSAGE = {words}; END IF; END $check$;"
        )
    return "\n".join(lines) + "\n"
