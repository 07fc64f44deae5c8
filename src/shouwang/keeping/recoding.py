"""A community gets its true code: everything that lies in it is found under the new one, its books unchanged.

Imports may begin under a provisional code, before anybody has asked the district for the real one.
"""

from datetime import datetime

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from shouwang.lib.codes import is_code, subtree
from shouwang.lib.errors import Refusal

CODE_COLUMNS = ("area_code", "community", "subject_area", "code")

FIND = """
SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_name, table_schema)
WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.collation_name = 'C' AND c.column_name = ANY(%s)
ORDER BY 1, 2
"""

LISTS = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'area_codes'"

RECODE_LIST = """
UPDATE {table} SET area_codes = (
  SELECT array_agg(CASE WHEN starts_with(code, %(old)s) THEN %(new)s || substr(code, length(%(old)s) + 1) ELSE code END)
  FROM unnest(area_codes) AS code)
WHERE EXISTS (SELECT 1 FROM unnest(area_codes) AS code WHERE starts_with(code, %(old)s))
"""


class NotOfOneLevel(Refusal):
    code = "keeping.not_of_one_level"
    sentence = "新旧编号的位数要一样，都是数字：{old}、{new}。"


class NoSuchCode(Refusal):
    code = "keeping.no_such_code"
    sentence = "没有编号为 {old} 的区域。"


class CodeTaken(Refusal):
    code = "keeping.code_taken"
    sentence = "编号 {new} 已经有别的区域在用。"


def recode(owner_dsn: str, old: str, new: str, *, at: datetime) -> int:
    """Writes the new code into every table, in one transaction. How many rows were changed.

    The triggers that keep books and history are silent meanwhile: nothing has happened but a better name.
    Raises: NotOfOneLevel, NoSuchCode, CodeTaken.
    """
    if not (is_code(old) and is_code(new) and len(old) == len(new)):
        raise NotOfOneLevel(old=old, new=new)
    with psycopg.connect(owner_dsn) as owner:
        _refuse(owner, old, new)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table can be altered while a check on it waits
        changed = sum(_recode_column(owner, table, column, old, new) for table, column in _columns(owner))
        for (table,) in owner.execute(LISTS).fetchall():
            statement = sql.SQL(RECODE_LIST).format(table=sql.Identifier(table))
            owner.execute(statement, {"old": old, "new": new})
        owner.execute(
            "INSERT INTO access_audit (at, action, area_code, reason, about) VALUES (%s, 'keeping.recode', %s, '', %s)",
            [at, new, Jsonb({"old": old, "rows": changed})],
        )
    return changed


def _refuse(owner: psycopg.Connection, old: str, new: str) -> None:
    def there(code: str) -> bool:
        return owner.execute("SELECT 1 FROM register_area WHERE code = %s", [code]).fetchone() is not None

    if not there(old):
        raise NoSuchCode(old=old)
    if there(new):
        raise CodeTaken(new=new)


def _columns(owner: psycopg.Connection) -> list[tuple[str, str]]:
    return [(table, column) for table, column in owner.execute(FIND, [list(CODE_COLUMNS)]).fetchall()]


def _recode_column(owner: psycopg.Connection, table: str, column: str, old: str, new: str) -> int:
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
    low, high = subtree(old)
    owner.execute(sql.SQL("ALTER TABLE {table} DISABLE TRIGGER USER").format(**names))
    done = owner.execute(
        sql.SQL(
            "UPDATE {table} SET {column} = %s || substr({column}, %s) WHERE {column} >= %s AND {column} < %s"
        ).format(**names),
        [new, len(old) + 1, low, high],
    )
    owner.execute(sql.SQL("ALTER TABLE {table} ENABLE TRIGGER USER").format(**names))
    return done.rowcount
