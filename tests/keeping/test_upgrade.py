"""An installation whose data an older PostgreSQL wrote, brought to the present one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shouwang.installation import prepare_own
from shouwang.keeping.draft import UPGRADING
from shouwang.keeping.manifest import PLAIN, measure, tables
from shouwang.keeping.running import held
from shouwang.lib.postgres import Cluster
from shouwang.lib.postgres.private_files import own_folder
from shouwang.lib.postgres.processes import MAJOR, OLDER_BINARIES, program
from shouwang.lib.postgres.runner import give, runner
from tests.keeping.commands import killed_at, run, told

OLD = 16
pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def old_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder as a version with PostgreSQL 16 left it: one community, somebody in it."""
    data = tmp_path_factory.mktemp("old") / "var"
    data.mkdir(mode=0o700)
    binary = program("postgres", OLDER_BINARIES[OLD])
    who = runner(data, binary)
    cluster = Cluster(data, binary)
    own_folder(cluster.folder, (who.uid, who.gid))
    first = data / "first-password"
    first.write_text(cluster.password("postgres"))
    give(first, who.uid, who.gid)
    words = ["-D", str(cluster.folder), "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={first}"]
    initdb = str(program("initdb", OLDER_BINARIES[OLD]))
    subprocess.run([*who.prefix, initdb, *words, "--locale=C", "-E", "UTF8"], check=True, capture_output=True)
    first.unlink()
    cluster.ensure_running()
    prepare_own(cluster)
    named = {
        "DATABASE_URL": cluster.dsn("shouwang_app", "shouwang"),
        "DATABASE_OWNER_URL": cluster.dsn("shouwang_owner", "shouwang"),
    }
    register = data.parent / "祥云社区_人口信息底册.csv"
    register.write_text(
        "小区,楼号,单元,门牌号,姓名,与户主关系\n电力楼院,1,1,101,住户一,户主\n", encoding="utf-8"
    )
    try:
        run(data, "import-register", register, **named)
    finally:
        cluster.stop()
    yield data
    shutil.rmtree(data)


@pytest.fixture
def old(old_template: Path, folder: Path) -> Path:
    shutil.copytree(old_template, folder)
    return folder


def measured(cluster: Cluster) -> dict[str, str]:
    with psycopg.connect(cluster.dsn("shouwang_owner", "shouwang")) as connection:
        connection.execute(PLAIN)
        return {table: measure(connection, table) for table in tables(connection)}


def test_an_older_server_s_data_moves_to_the_present_one(old: Path) -> None:
    before = Cluster(old, program("postgres", OLDER_BINARIES[OLD]))
    before.ensure_running()
    there = measured(before)
    before.stop()
    assert there["register_person"].split()[0] == "1"
    assert "shouwang upgrade" in run(old, "plans", code=2)

    assert told(old, "upgrade")["server"] == [OLD, MAJOR]

    assert (old / "postgres" / "PG_VERSION").read_text().strip() == str(MAJOR)
    assert {path.name for path in old.glob("postgres*")} == {
        "postgres", "postgres.alive", "postgres.lock", "postgres.ready",
    }  # fmt: skip
    assert measured(Cluster(old)) == there
    assert told(old, "upgrade") == {"server": None, "tables_changed": False}


def test_refused_while_it_runs(old: Path) -> None:
    with held(old):
        assert "正在" in run(old, "upgrade", code=2)
    assert (old / "postgres" / "PG_VERSION").read_text().strip() == str(OLD)


@pytest.mark.parametrize("line", ["正在从旧数据库导出", "正在建立新数据库", "正在核对新数据库"])
def test_killed_in_the_middle_it_goes_on(old: Path, line: str) -> None:
    killed_at(old, line, "upgrade")
    assert "shouwang upgrade" in run(old, "plans", code=2)

    assert told(old, "upgrade")["server"] == [OLD, MAJOR]

    assert measured(Cluster(old))["register_person"].split()[0] == "1"
    assert not (old / UPGRADING).exists()
    assert os.listdir(old / "secrets")


def test_without_the_older_programs_nothing_is_touched(old: Path) -> None:
    (old / "postgres" / "PG_VERSION").write_text("9\n")
    assert "postgresql-9" in run(old, "upgrade", code=2)
    assert not (old / UPGRADING).exists()
