"""Tables laid in one go are the tables that the migrations lead to step by step, down to rights and policies."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from shouwang.lib.postgres import prepare

ROLES = {"owner": "sw_laid_owner", "app": "sw_laid_app"}
LAID, MIGRATED = "sw_laid", "sw_migrated"
LOOKS = {
    "columns": (
        "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,"
        " collation_name, is_identity, generation_expression) FROM information_schema.columns WHERE table_schema = 'public'"
    ),
    "constraints": (
        "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    ),
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    # a trigger that a later migration replaced leaves its function behind; nobody calls it
    "functions": (
        "SELECT pg_get_functiondef(oid) || coalesce(proacl::text, '') FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND prokind = 'f' AND (proname !~ '^pgtrigger_' OR oid IN (SELECT tgfoid FROM pg_trigger))"
    ),
    "policies": (
        "SELECT concat_ws(' ', tablename, policyname, cmd, roles, qual, 'CHECK', with_check) FROM pg_policies"
    ),
    "tables": (
        "SELECT concat_ws(' ', relname, relkind, relrowsecurity, relforcerowsecurity, reloptions) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace"
    ),
    "rights": (
        "SELECT concat_ws(' ', table_name, grantee, privilege_type) FROM information_schema.role_table_grants"
        " WHERE table_schema = 'public'"
    ),
    "types": "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace",
    "migrations": "SELECT app || ' ' || name FROM django_migrations",
}


@pytest.fixture
def databases(admin_dsn: str) -> Iterator[str]:
    """Two empty databases of the same two roles; their address, but for the name."""
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        for name in (LAID, MIGRATED):
            prepare(admin_dsn, database=name, owner_password="owner", app_password="app", **ROLES)
        yield make_conninfo(admin_dsn, user=ROLES["owner"], password="owner")
        for name in (LAID, MIGRATED):
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        for role in ROLES.values():
            admin.execute(f"DROP ROLE {role}")


def look(address: str, database: str, *command: str) -> dict[str, list[str]]:
    """What stands in a database after a command as the owner."""
    own = make_conninfo(address, dbname=database)
    told = {
        "DATABASE_OWNER_URL": own,
        "SHOUWANG_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "shouwang.settings",
    }
    subprocess.run([sys.executable, "-m", *command], env={**os.environ, **told}, check=True)
    with psycopg.connect(own) as connection:
        return {name: sorted(row[0] for row in connection.execute(asks)) for name, asks in LOOKS.items()}


@pytest.mark.slow
def test_laid_in_one_go_or_step_by_step_it_is_the_same(databases: str) -> None:
    laid = look(databases, LAID, "shouwang.laying")
    migrated = look(databases, MIGRATED, "django", "migrate", "--verbosity", "0")
    assert all(migrated.values())
    for name, rows in migrated.items():
        assert laid[name] == rows, name


@pytest.mark.slow
def test_asked_again_it_lays_nothing(databases: str) -> None:
    assert look(databases, LAID, "shouwang.laying") == look(databases, LAID, "shouwang.laying")
