"""Nothing starts with an account that sees past the scope."""

import os
import subprocess
import sys

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

BOARD = [sys.executable, "-c", "from shouwang.cli import main; main()", "board"]


def start_as(dsn: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        BOARD, env={**os.environ, "DATABASE_URL": dsn}, capture_output=True, text=True, check=False
    )


def test_a_superuser_is_refused_at_start(admin_dsn: str) -> None:
    refused = start_as(make_conninfo(admin_dsn, dbname="shouwang_test"))
    assert refused.returncode == 2
    assert "权限太大" in refused.stderr


@pytest.fixture
def looks_past(admin_dsn: str) -> str:
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS shouwang_test_looks_past")
        admin.execute("CREATE ROLE shouwang_test_looks_past LOGIN BYPASSRLS PASSWORD 'past'")
        admin.execute("GRANT CONNECT ON DATABASE shouwang_test TO shouwang_test_looks_past")
    return make_conninfo(admin_dsn, dbname="shouwang_test", user="shouwang_test_looks_past", password="past")


def test_an_account_that_bypasses_row_level_security_is_refused_at_start(looks_past: str) -> None:
    refused = start_as(looks_past)
    assert refused.returncode == 2
    assert "权限太大" in refused.stderr
