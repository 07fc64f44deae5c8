"""A backup becomes an installation again that is the same to the last character."""

import os
import stat
from pathlib import Path
from zipfile import ZipFile

import psycopg
import pytest

from shouwang.access.scope import scope
from shouwang.keeping.manifest import NAME, PLAIN, measure, read_manifest, tables
from shouwang.lib.postgres import Cluster
from shouwang.lib.sealing import Sealer, sealer
from shouwang.register.models import Person
from tests.conftest import APP, OWNER
from tests.keeping.commands import run, told
from tests.keeping.conftest import Made
from tests.world import World

ROLES = {
    OWNER: "owner",
    APP: "app",
    "shouwang_owner": "owner",
    "shouwang_app": "app",
}
RIGHTS = (
    "SELECT grantee, table_name, privilege_type, '' FROM information_schema.role_table_grants WHERE table_schema = 'public' "
    "UNION SELECT grantee, table_name, privilege_type, column_name FROM information_schema.column_privileges "
    "WHERE table_schema = 'public' "
    "UNION SELECT grantee, routine_name, privilege_type, '' FROM information_schema.routine_privileges "
    "WHERE routine_schema = 'public' "
    "UNION SELECT grantee, object_name, privilege_type, '' FROM information_schema.usage_privileges "
    "WHERE object_schema = 'public'"
)
SECURED = (
    "SELECT c.relname, c.relrowsecurity, p.polname, p.polcmd::text, pg_get_expr(p.polqual, c.oid), "
    "pg_get_expr(p.polwithcheck, c.oid) FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid "
    "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
)
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
TRIGGERS = (
    "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal "
    "UNION SELECT conrelid::regclass::text, conname, convalidated::text FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
)


def asked(connection: psycopg.Connection, question: str) -> set[tuple[object, ...]]:
    rows = connection.execute(question).fetchall()
    return {tuple(ROLES.get(str(value), value) for value in row) for row in rows}


def measured(connection: psycopg.Connection) -> dict[str, str]:
    with connection.transaction():
        connection.execute(PLAIN)
        return {table: measure(connection, table) for table in tables(connection)}


@pytest.fixture
def sealed_person(world: World, data: Path) -> Person:
    with scope([""]):
        person = Person.objects.first()
        person.id_sealed = sealer(data / "secrets" / "sealing.key").seal("999999196205210014")
        person.save()
        return person


def test_restored_into_a_fresh_folder_it_is_the_same(
    sealed_person: Person,
    make_backup: Made,
    owner: psycopg.Connection,
    data: Path,
    folder: Path,
    tmp_path: Path,
) -> None:
    upload = data / "uploads" / "2022" / "04" / "底册.csv"
    upload.parent.mkdir(parents=True, exist_ok=True)
    upload.write_bytes("姓名,证件号\n".encode())
    made = make_backup(tmp_path / "street.zip")
    before = {question: asked(owner, question) for question in (RIGHTS, SECURED, SEQUENCES, TRIGGERS)}
    assert stat.S_IMODE((tmp_path / "street.zip").stat().st_mode) == 0o600
    assert made.rows > 30

    said = told(folder, "restore", tmp_path / "street.zip")

    assert said["rows"] == made.rows
    assert (folder / "uploads" / "2022" / "04" / "底册.csv").read_bytes() == upload.read_bytes()
    key = folder / "secrets" / "sealing.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with psycopg.connect(Cluster(folder).dsn("shouwang_owner", "shouwang"), autocommit=True) as restored:
        after = measured(restored)
        told_so = restored.execute(
            "DELETE FROM access_audit WHERE action IN ('keeping.restore', 'access.everything')"
        )
        assert told_so.rowcount == 2
        assert measured(restored) == made.tables
        assert {name for name in after if after[name] != made.tables[name]} == {"access_audit"}
        found = {question: asked(restored, question) for question in (RIGHTS, SECURED, SEQUENCES, TRIGGERS)}
        found[SEQUENCES] = {row for row in found[SEQUENCES] if row[0] != "access_audit_id_seq"}
        before[SEQUENCES] = {row for row in before[SEQUENCES] if row[0] != "access_audit_id_seq"}
        assert found == before
        number = restored.execute("SELECT id_sealed FROM register_person WHERE id_sealed <> ''").fetchone()
    assert Sealer(key.read_bytes()).open(number[0]) == "999999196205210014"
    with psycopg.connect(Cluster(folder).dsn("shouwang_app", "shouwang")) as app:
        assert app.execute("SELECT count(*) FROM register_person").fetchone() == (0,)
    upload.unlink()


def test_into_a_named_server(make_backup: Made, admin_dsn: str, tmp_path: Path) -> None:
    from psycopg.conninfo import make_conninfo

    from shouwang.lib.postgres import prepare

    made = make_backup(tmp_path / "street.zip")
    roles = {
        "owner": "sw_restored_owner",
        "owner_password": "one",
        "app": "sw_restored_app",
        "app_password": "two",
    }
    prepare(admin_dsn, database="sw_restored", **roles)
    try:
        url = make_conninfo(admin_dsn, dbname="sw_restored", user="sw_restored_app", password="two")
        own = make_conninfo(admin_dsn, dbname="sw_restored", user="sw_restored_owner", password="one")
        named = {"DATABASE_URL": url, "DATABASE_OWNER_URL": own}
        told(tmp_path / "var", "restore", tmp_path / "street.zip", **named)
        with psycopg.connect(own) as restored:
            after = measured(restored)
            differ = {name for name in after if after[name] != made.tables[name]}
        assert differ == {"access_audit"}  # the restore itself
        again = run(tmp_path / "other", "restore", tmp_path / "street.zip", code=2, **named)
        assert "已经有数据表了" in again
        assert not (tmp_path / "other").exists()
    finally:
        with psycopg.connect(admin_dsn, autocommit=True) as admin:
            admin.execute("DROP DATABASE sw_restored WITH (FORCE)")
            admin.execute("DROP ROLE sw_restored_owner")
            admin.execute("DROP ROLE sw_restored_app")


def test_the_manifest_says_what_is_inside(make_backup: Made, tmp_path: Path) -> None:
    make_backup(tmp_path / "street.zip")
    with ZipFile(tmp_path / "street.zip") as archive:
        manifest = read_manifest(archive.read(NAME), file="street.zip")
        assert archive.testzip() is None
        assert set(archive.namelist()) == {*manifest.files, NAME}
    assert manifest.tables["register_household"].split()[0] == "17"
    assert {"secrets/sealing.key", "secrets/web.key", "database.dump"} <= set(manifest.files)
    assert os.listdir(tmp_path) == ["street.zip"]
