"""The two roles and the database: on the embedded server, or on the one that DATABASE_URL names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import make_conninfo

from shouwang.lib.postgres import prepare, refuse_powerful
from shouwang.lib.postgres.roles import TooPowerful, WrongOrder

OWNER, APP, DATABASE, ADMIN = "sw_roles_owner", "sw_roles_app", "sw_roles", "sw_roles_admin"
OTHER = "sw_roles_other"


@dataclass(frozen=True)
class Server:
    admin: str

    def run(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(make_conninfo(self.admin, dbname=database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def prepare(self, by: str | None = None) -> None:
        prepare(
            by or self.admin, database=DATABASE, owner=OWNER, owner_password="a", app=APP, app_password="b"
        )

    def connect(self, role: str) -> psycopg.Connection:
        password = {OWNER: "a", APP: "b"}.get(role, "c")
        dsn = make_conninfo(self.admin, dbname=DATABASE, user=role, password=password)
        return psycopg.connect(dsn, autocommit=True)

    def clean(self) -> None:
        self.run(
            f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)",
            *(f"DROP ROLE IF EXISTS {role}" for role in (OWNER, APP, OTHER, ADMIN)),
        )


@pytest.fixture
def server(admin_dsn: str) -> Iterator[Server]:
    server = Server(make_conninfo(admin_dsn, dbname="postgres"))
    server.clean()
    yield server
    server.clean()


@pytest.fixture
def ordinary_admin(server: Server) -> str:
    server.run(f"CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB PASSWORD 'c'")
    return make_conninfo(server.admin, user=ADMIN, password="c")


def test_the_app_works_on_rows_and_changes_no_tables(server: Server) -> None:
    server.prepare()
    with server.connect(OWNER) as owner, server.connect(APP) as app:
        owner.execute("CREATE TABLE door (id bigint GENERATED ALWAYS AS IDENTITY, number int)")
        owner.execute("CREATE SEQUENCE tickets")
        app.execute("INSERT INTO door (number) VALUES (1102)")
        app.execute("UPDATE door SET number = 1103")
        assert app.execute("SELECT number, nextval('tickets') FROM door").fetchall() == [(1103, 1)]
        app.execute("DELETE FROM door")
        for forbidden in (
            "TRUNCATE door",
            "DROP TABLE door",
            "ALTER TABLE door DISABLE ROW LEVEL SECURITY",
            "CREATE TABLE mine (number int)",
            f"SET ROLE {OWNER}",
            f"CREATE ROLE {OTHER}",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(forbidden)


def test_the_database_sorts_by_code_and_speaks_utf8(server: Server) -> None:
    server.prepare()
    with server.connect(APP) as app:
        row = app.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype, pg_get_userbyid(datdba)"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert row == ("UTF8", "C", "C", OWNER)
        assert app.execute("SELECT length('守望')").fetchone() == (2,)


@pytest.mark.parametrize("role", [OWNER, APP])
def test_neither_role_has_any_power_over_the_server(server: Server, role: str) -> None:
    server.prepare()
    with server.connect(role) as connection:
        powers = connection.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert powers == (True, False, False, False, False, False)
        refuse_powerful(connection)


def test_nobody_else_connects(server: Server) -> None:
    server.prepare()
    server.run(f"CREATE ROLE {OTHER} LOGIN PASSWORD 'c'")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        server.connect(OTHER)


def test_preparing_again_keeps_what_is_there_and_takes_powers_away(server: Server) -> None:
    server.prepare()
    with server.connect(OWNER) as owner:
        owner.execute("CREATE TABLE door AS SELECT 1102 AS number")
    server.run(f"ALTER ROLE {APP} BYPASSRLS CREATEDB PASSWORD 'forgotten'")
    server.prepare()
    with server.connect(APP) as app:
        assert app.execute("SELECT number FROM door").fetchall() == [(1102,)]
        refuse_powerful(app)


def test_an_admin_without_all_powers_is_enough_and_keeps_nothing(server: Server, ordinary_admin: str) -> None:
    server.prepare(by=ordinary_admin)
    server.prepare(by=ordinary_admin)
    with server.connect(OWNER) as owner:
        owner.execute("CREATE TABLE door AS SELECT 1102 AS number")
    with server.connect(APP) as app:
        assert app.execute("SELECT number FROM door").fetchall() == [(1102,)]
    with psycopg.connect(ordinary_admin) as admin, pytest.raises(errors.InsufficientPrivilege):
        admin.execute(f"SET ROLE {OWNER}")


def test_a_database_that_sorts_otherwise_is_refused(server: Server) -> None:
    server.run(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    with pytest.raises(WrongOrder, match=f"{DATABASE}.*SQL_ASCII"):
        server.prepare()


def test_a_superuser_is_refused(server: Server) -> None:
    server.run(f"CREATE ROLE {OTHER} LOGIN SUPERUSER PASSWORD 'c'")
    server.prepare()
    with server.connect(OTHER) as connection, pytest.raises(TooPowerful, match=OTHER):
        refuse_powerful(connection)


@pytest.mark.parametrize(
    "power",
    [
        "ALTER ROLE {app} BYPASSRLS",
        "CREATE ROLE {other} BYPASSRLS; GRANT {other} TO {app}",
        "CREATE ROLE {other} SUPERUSER; GRANT {other} TO {app}",
    ],
    ids=["itself", "by membership", "behind SET ROLE"],
)
def test_a_role_past_row_level_security_is_refused(server: Server, power: str) -> None:
    server.prepare()
    server.run(*power.format(app=APP, other=OTHER).split("; "))
    with server.connect(APP) as connection, pytest.raises(TooPowerful, match=APP):
        refuse_powerful(connection)


def test_a_superuser_in_disguise_is_refused(server: Server) -> None:
    server.prepare()
    with psycopg.connect(make_conninfo(server.admin, dbname=DATABASE)) as connection:
        connection.execute(f"SET ROLE {APP}")
        with pytest.raises(TooPowerful):
            refuse_powerful(connection)


def test_no_password_reaches_the_log(cluster_at: Callable, tmp_path: Path) -> None:
    cluster = cluster_at(tmp_path / "var")
    with (cluster.folder / "postgresql.conf").open("a") as settings:
        settings.write("log_statement = 'all'\n")
    cluster.ensure_running()
    words = {"owner": "o", "owner_password": "melon-seed", "app": "a", "app_password": "melon-rind"}
    prepare(cluster.dsn("postgres", "postgres"), database="d", **words)
    cluster.stop()
    log = "".join(place.read_text() for place in cluster.log.iterdir())
    assert "SCRAM-SHA-256$" in log
    assert "melon" not in log
