"""Nothing starts with an account that sees past the scope."""

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.conftest import DATABASE

LOOKS_PAST = f"{DATABASE}_looks_past"
BOARD = [sys.executable, "-c", "from shouwang.cli import main; main()", "board"]


def start_as(dsn: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        BOARD, env={**os.environ, "DATABASE_URL": dsn}, capture_output=True, text=True, check=False
    )


def test_a_superuser_is_refused_at_start(admin_dsn: str) -> None:
    refused = start_as(make_conninfo(admin_dsn, dbname=DATABASE))
    assert refused.returncode == 2
    assert "权限太大" in refused.stderr


@pytest.fixture
def looks_past(admin_dsn: str) -> str:
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute(f"DROP ROLE IF EXISTS {LOOKS_PAST}")
        admin.execute(f"CREATE ROLE {LOOKS_PAST} LOGIN BYPASSRLS PASSWORD 'past'")
        admin.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {LOOKS_PAST}")
    return make_conninfo(admin_dsn, dbname=DATABASE, user=LOOKS_PAST, password="past")


def test_an_account_that_bypasses_row_level_security_is_refused_at_start(looks_past: str) -> None:
    refused = start_as(looks_past)
    assert refused.returncode == 2
    assert "权限太大" in refused.stderr
