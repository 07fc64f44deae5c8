"""The command killed, and the whole server killed, in the middle of an import, a round, a close: all of it or none.

What was killed is told again, and ends as it does for somebody whose power never failed.
"""

import contextlib
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import xlsxwriter

from shouwang.lib.postgres import Cluster
from tests.keeping.commands import killed_at, run, start, told
from tests.postgres.servers import cut_the_power

CLOCK = {"SHOUWANG_CLOCK": "2022-04-21T18:00:00+08:00"}
NIGHT = {"SHOUWANG_CLOCK": "2022-04-22T00:10:00+08:00"}
SHEETS = {"电力楼院": 500, "春晖新村": 500, "书院天地": 500}
TRIES = 3
STEPS: dict[str, tuple[list[str], dict[str, str]]] = {
    "imported": (["import-register", "REGISTER"], CLOCK),
    "opened": (["open-round"], CLOCK),
    "closed": (["close-day", "--day", "2022-04-21"], NIGHT),
}
BEFORE = {"imported": "empty", "opened": "imported", "closed": "opened"}
COUNTED = (
    "register_area", "register_household", "register_person", "register_searchkey", "register_upload",
    "screening_round", "duties_duty", "duties_count", "duties_entry", "duties_dayclose", "duties_account",
    "duties_carried",
)  # fmt: skip
AT_WORK = (
    "SELECT count(*) FILTER (WHERE backend_xid IS NOT NULL), count(*), pg_sleep(0.01) "
    "FROM pg_stat_activity WHERE usename = 'shouwang_app'"
)

Process = subprocess.Popen[str]


def kill_command(cluster: Cluster, process: Process) -> None:
    process.kill()


def kill_server(cluster: Cluster, process: Process) -> None:
    cut_the_power(cluster)


def write_register(file: Path) -> Path:
    """A workbook of 1,500 people, a sheet per compound, three to a door."""
    book = xlsxwriter.Workbook(file)
    for compound, people in SHEETS.items():
        sheet = book.add_worksheet(compound)
        sheet.write_row(0, 0, ["小区", "楼号", "单元", "门牌号", "姓名", "与户主关系"])
        for number in range(people):
            door = number // 3
            place = [door // 40 + 1, door // 8 % 5 + 1, f"{door % 8 + 1}01"]
            relation = ("户主", "配偶", "子")[number % 3]
            sheet.write_row(number + 1, 0, [compound, *place, f"住户{compound}{number}", relation])
    book.close()
    return file


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_register(tmp_path_factory.mktemp("book") / "祥云社区_人口信息底册.xlsx")


@dataclass
class Stages:
    """The same installation at each stage of an evening on which nothing failed."""

    folders: dict[str, Path] = field(default_factory=dict)
    states: dict[str, dict[str, int]] = field(default_factory=dict)
    boards: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory, register: Path) -> Iterator[Stages]:
    top = tmp_path_factory.mktemp("stages")
    data, made = top / "var", Stages()
    cluster = Cluster(data)

    def keep(stage: str) -> None:
        made.states[stage] = state(cluster)
        cluster.stop()
        made.folders[stage] = top / stage
        shutil.copytree(data, made.folders[stage])
        cluster.ensure_running()

    try:
        run(data, "plans", **CLOCK)
        keep("empty")
        for stage, (words, clock) in STEPS.items():
            process = start(data, *named(words, register), "--json", **clock)
            wait_for_work(cluster, process)
            began = time.monotonic()
            said = process.communicate()
            assert process.returncode == 0, said
            made.seconds[stage] = time.monotonic() - began
            made.boards[stage] = told(data, "board", **clock)["lines"]
            keep(stage)
        yield made
    finally:
        cluster.stop()
        shutil.rmtree(top)


def named(words: list[str], register: Path) -> list[str]:
    return [str(register) if word == "REGISTER" else word for word in words]


def state(cluster: Cluster) -> dict[str, int]:
    """What there is, counted: of all, and of each compound's people."""
    with psycopg.connect(cluster.dsn("shouwang_owner", "shouwang")) as owner:
        rows = {table: owner.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}  # type: ignore[index]
        compounds = "SELECT left(area_code, 14), count(*) FROM register_person GROUP BY 1"
        return rows | dict(owner.execute(compounds).fetchall())


def wait_for_work(cluster: Cluster, process: Process) -> None:
    """Until the command writes: then there is something to lose."""
    with psycopg.connect(cluster.dsn("postgres", "shouwang"), autocommit=True) as admin:
        while process.poll() is None and not admin.execute(AT_WORK).fetchone()[0]:  # type: ignore[index]
            pass


def wait_for_silence(cluster: Cluster) -> None:
    """Until the server has noticed that the one it worked for is gone."""
    with psycopg.connect(cluster.dsn("postgres", "shouwang"), autocommit=True) as admin:
        while admin.execute(AT_WORK).fetchone()[1]:  # type: ignore[index]
            pass


@pytest.mark.slow
@pytest.mark.parametrize("hurt", [kill_command, kill_server])
@pytest.mark.parametrize("stage", STEPS)
def test_killed_it_is_all_or_nothing(
    stages: Stages, folder: Path, register: Path, stage: str, hurt: Callable[[Cluster, Process], None]
) -> None:
    words, clock = STEPS[stage]
    none, whole = stages.states[BEFORE[stage]], stages.states[stage]
    assert none != whole
    shutil.copytree(stages.folders[BEFORE[stage]], folder)
    chance, cluster, found = random.Random(f"{stage} {hurt.__name__}"), Cluster(folder), none
    cluster.ensure_running()
    for _ in range(TRIES):
        process = start(folder, *named(words, register), "--json", **clock)
        wait_for_work(cluster, process)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, stages.seconds[stage]))
        hurt(cluster, process)
        _, complaint = process.communicate()
        if hurt is kill_server and process.returncode:
            assert process.returncode == 3, complaint
            assert "再运行一次" in complaint
        cluster.ensure_running()
        wait_for_silence(cluster)
        found = state(cluster)
        assert found in (none, whole)
        if found == whole:
            break
    if found == none:
        told(folder, *named(words, register), **clock)
    assert state(cluster) == whole
    assert told(folder, "board", **clock)["lines"] == stages.boards[stage]
    wrong = told(folder, "check", code=1, **clock)
    assert {finding["code"] for finding in wrong} <= {"backup_old", "clock"}  # the evening is one of 2022


@pytest.mark.slow
@pytest.mark.parametrize("line", ["正在核对备份", "正在恢复数据", "正在启动数据库"])
def test_a_killed_restore_is_begun_again(stages: Stages, folder: Path, tmp_path: Path, line: str) -> None:
    shutil.copytree(stages.folders["closed"], tmp_path / "closed")
    cluster = Cluster(tmp_path / "closed")
    try:
        made = told(tmp_path / "closed", "backup", tmp_path / "evening.zip")
    finally:
        cluster.stop()
    killed_at(folder, line, "restore", tmp_path / "evening.zip")
    if line == "正在恢复数据":
        assert "shouwang restore" in run(folder, "plans", code=2)
    if line != "正在启动数据库":  # it says so when all is in its place
        assert told(folder, "restore", tmp_path / "evening.zip")["rows"] == made["rows"]
    assert told(folder, "board", **NIGHT)["lines"] == stages.boards["closed"]


@pytest.mark.slow
def test_a_killed_backup_leaves_no_file_of_that_name(stages: Stages, folder: Path) -> None:
    shutil.copytree(stages.folders["closed"], folder)
    file = folder / "backups" / "evening.zip"
    killed_at(folder, "正在导出数据", "backup", file.parent.mkdir() or file)
    assert not file.exists()
    told(folder, "backup", file)
    usual = Path(told(folder, "backup")["file"])
    assert {path.name for path in file.parent.iterdir()} == {file.name, usual.name}
