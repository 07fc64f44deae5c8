"""Another server made ready, the mark of a running service, and keys that two first starts make at once."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from shouwang.keeping.preparing import AlreadyPrepared, CannotConnect, address, prepare_database
from shouwang.keeping.running import InUse, held
from shouwang.lib.sealing import read_or_make_keys
from tests.keeping.commands import run


def test_another_server(admin_dsn: str, tmp_path: Path) -> None:
    try:
        said = run(tmp_path / "var", "prepare-database", admin_dsn, "--database", "sw_other")
        lines = dict(line.split("=", 1) for line in said.split())
        with psycopg.connect(lines["DATABASE_OWNER_URL"]) as owner:
            owner.execute("CREATE TABLE kept (number int)")
        with psycopg.connect(lines["DATABASE_URL"]) as app:
            app.execute("INSERT INTO kept VALUES (1)")
        with pytest.raises(AlreadyPrepared):
            prepare_database(admin_dsn, "sw_other", new_passwords=False)
        psycopg.connect(lines["DATABASE_URL"]).close()
        again = prepare_database(admin_dsn, "sw_other", new_passwords=True)
        psycopg.connect(again["DATABASE_URL"]).close()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(lines["DATABASE_URL"])
    finally:
        with psycopg.connect(admin_dsn, autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS sw_other WITH (FORCE)")
            admin.execute("DROP ROLE IF EXISTS sw_other_app")
            admin.execute("DROP ROLE IF EXISTS sw_other_owner")


@pytest.mark.parametrize(
    ("admin", "expected"),
    [
        ("postgresql://admin:x@db.local:6432/postgres?sslmode=require", ("db.local", "6432", "require")),
        ("host=/var/run/postgresql user=admin dbname=postgres", ("/var/run/postgresql", None, None)),
        ("host=::1 port=5432 user=admin", ("::1", "5432", None)),
    ],
)
def test_the_address_of_a_role(admin: str, expected: tuple[str | None, ...]) -> None:
    known = conninfo_to_dict(address(admin, database="守望", user="a b", password="secret"))
    assert (known["dbname"], known["user"], known["password"]) == ("守望", "a b", "secret")
    assert (known.get("host"), known.get("port"), known.get("sslmode")) == expected


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(CannotConnect):
        prepare_database("host=127.0.0.1 port=1 user=admin", "x", new_passwords=False)


def test_one_service_at_a_time_and_a_dead_one_is_none(tmp_path: Path) -> None:
    hold = "import pathlib, sys; from shouwang.keeping.running import held\n"
    hold += "with held(pathlib.Path(sys.argv[1])):\n print(1, flush=True); input()"
    serving = subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert serving.stdout
    assert serving.stdin
    assert serving.stdout.readline() == b"1\n"
    with pytest.raises(InUse), held(tmp_path):
        pass
    serving.kill()
    serving.wait()
    serving.stdin.close()
    serving.stdout.close()
    with held(tmp_path):
        assert stat.S_IMODE((tmp_path / "serve.lock").stat().st_mode) == 0o600


def test_first_starts_at_once_read_the_same_key(tmp_path: Path) -> None:
    read = "import pathlib, sys; from shouwang.lib.sealing import read_or_make_keys\n"
    read += "print(flush=True); input(); print(read_or_make_keys(pathlib.Path(sys.argv[1])).hex())"
    for attempt in range(2):
        file = tmp_path / str(attempt) / "sealing.key"
        words = [sys.executable, "-c", read, str(file)]
        starts = [
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        for process in starts:
            assert process.stdout
            process.stdout.readline()
        for process in starts:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        keys = {process.communicate()[0].strip() for process in starts}
        assert keys == {read_or_make_keys(file).hex()}
        assert len(keys.pop()) == 128
        assert os.listdir(file.parent) == ["sealing.key"]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
