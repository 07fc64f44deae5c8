"""The two roles and the database, on any server from PostgreSQL 15: the embedded one or somebody else's.

The owner makes and changes tables. The app reads and writes rows, sees only what its scope allows, and
changes nothing about the tables. Neither can lift row-level security.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from shouwang.lib.errors import Refusal

POWERS = ("superuser", "bypassrls", "createrole", "createdb", "replication")
POWER_COLUMNS = (
    "rolsuper",
    "rolbypassrls",
    "rolcreaterole",
    "rolcreatedb",
    "rolreplication",
)


NEW_DATABASE = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"


class TooPowerful(Refusal):
    code = "postgres.too_powerful"
    sentence = "数据库账号“{role}”的权限太大，会绕过“只看自己负责的范围”这道保护。请改用普通账号再启动。"


class WrongOrder(Refusal):
    code = "postgres.wrong_order"
    sentence = "数据库“{database}”已经有了，但编码和排序是 {found}，不是 UTF8 和 C。请换个库名，让系统新建。"


def prepare(
    admin_dsn: str,
    *,
    database: str,
    owner: str,
    owner_password: str,
    app: str,
    app_password: str,
) -> None:
    """Makes the two roles and the database ready on a server; doing it again changes nothing.

    Shape: the admin is a superuser, or a role with CREATEROLE and CREATEDB.
    Raises: WrongOrder when a database of that name sorts or encodes otherwise.
    """
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext('shouwang.prepare'))")
        _make_role(admin, owner, owner_password, "INHERIT")
        _make_role(admin, app, app_password, "NOINHERIT")
        _make_database(admin, database, owner)
    as_owner = make_conninfo(admin_dsn, dbname=database, user=owner, password=owner_password)
    with psycopg.connect(as_owner) as own:
        _set_rights(own, database, owner, app)


def refuse_powerful(connection: Any) -> None:
    """Stops a start that would show everybody's data to everybody: accounts obey row-level security.

    Shape: a psycopg connection, or Django's.
    Raises: TooPowerful, also when the power comes by membership or waits behind SET ROLE.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_user FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND "
            "(pg_has_role(session_user, oid, 'MEMBER') OR pg_has_role(current_user, oid, 'MEMBER')) LIMIT 1"
        )
        row = cursor.fetchone()
    if row:
        raise TooPowerful(role=row[0])


def _run(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _make_role(admin: psycopg.Connection, role: str, password: str, inherit: str) -> None:
    found = admin.execute(
        f"SELECT {', '.join(POWER_COLUMNS)} FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()
    verb = "ALTER" if found else "CREATE"
    # Only a superuser may name a power even to take it away: so name those that are there, and no others.
    excess = [f"NO{power.upper()}" for power, there in zip(POWERS, found or (), strict=False) if there]
    # The verifier is made here, so that no password ever stands in a server's log.
    verifier = admin.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    options = sql.SQL(" ".join(["LOGIN", inherit, *excess]))
    admin.execute(
        sql.SQL("{} ROLE {} {} PASSWORD {}").format(
            sql.SQL(verb), sql.Identifier(role), options, sql.Literal(verifier)
        )
    )


def _make_database(admin: psycopg.Connection, database: str, owner: str) -> None:
    found = admin.execute(
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype, pg_get_userbyid(datdba)"
        " FROM pg_database WHERE datname = %s",
        [database],
    ).fetchone()
    if found and found[:3] != ("UTF8", "C", "C"):
        raise WrongOrder(database=database, found=" / ".join(found[:3]))
    if found and found[3] == owner:
        return
    with _member_for_a_moment(admin, owner):
        if found:
            _run(admin, "ALTER DATABASE {} OWNER TO {}", database, owner)
        else:
            _run(admin, f"CREATE DATABASE {{}} OWNER {{}} {NEW_DATABASE}", database, owner)


@contextlib.contextmanager
def _member_for_a_moment(admin: psycopg.Connection, owner: str) -> Iterator[None]:
    """Only a member may give something to a role; an ordinary admin does not stay one."""
    if _is_superuser(admin):
        yield
        return
    _run(admin, "GRANT {} TO CURRENT_USER", owner)
    yield
    _run(admin, "REVOKE {} FROM CURRENT_USER", owner)


def _is_superuser(admin: psycopg.Connection) -> bool:
    return bool(
        admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (True,)
    )


def _set_rights(own: psycopg.Connection, database: str, owner: str, app: str) -> None:
    _run(own, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
    _run(own, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", database, app)
    _run(own, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _run(own, "ALTER SCHEMA public OWNER TO {}", owner)
    _run(own, "GRANT USAGE ON SCHEMA public TO {}", app)
    for rights in (
        "SELECT, INSERT, UPDATE, DELETE ON TABLES",
        "USAGE, SELECT ON SEQUENCES",
    ):
        _run(
            own,
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {{}} GRANT {rights} TO {{}}",
            owner,
            app,
        )
