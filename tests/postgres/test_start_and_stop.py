"""Two commands, one server; it stays when they end, and it ends when it is told to."""

import os
import signal
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from shouwang.lib.postgres import Cluster
from shouwang.lib.postgres.cluster import PasswordLost
from shouwang.lib.postgres.processes import DidNotStart

from .servers import ask, command, pid_of


def test_a_new_folder_gets_a_server_that_answers(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "deep" / "var")
    assert not cluster.is_running()
    said: list[str] = []
    cluster.ensure_running(said.append)
    assert cluster.is_running()
    assert said == ["第一次使用，正在建立数据库……", "正在启动数据库……"]
    assert ask(cluster, "SHOW server_version_num").startswith("18")
    cluster.stop()
    assert not cluster.is_running()


def test_starting_and_stopping_twice_changes_nothing(cluster: Cluster) -> None:
    cluster.stop()
    cluster.ensure_running()
    first = pid_of(cluster)
    said: list[str] = []
    cluster.ensure_running(said.append)
    Cluster(cluster.data).ensure_running(said.append)
    assert (pid_of(cluster), said) == (first, [])
    cluster.stop()
    cluster.stop()
    assert not (cluster.folder / "postmaster.pid").exists()


def test_what_was_written_is_there_after_a_restart(cluster: Cluster) -> None:
    cluster.ensure_running()
    ask(cluster, "CREATE TABLE door AS SELECT 1102 AS number")
    cluster.stop()
    cluster.ensure_running()
    assert ask(cluster, "SELECT number FROM door") == 1102


def test_a_server_is_stopped_under_a_busy_connection(cluster: Cluster) -> None:
    cluster.ensure_running()
    with closing(psycopg.connect(cluster.dsn("postgres", "postgres"))) as connection:
        connection.execute("CREATE TABLE unfinished (door int)")
        cluster.stop()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_of_two_commands_at_once_exactly_one_starts_the_server(tmp_path: Path) -> None:
    both = [command(tmp_path / "var") for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert "".join(said).count("正在建立数据库") == 1
    assert "".join(said).count("正在启动数据库……") == 1
    cluster = Cluster(tmp_path / "var")
    assert cluster.is_running()
    cluster.stop()


def test_a_command_killed_while_it_makes_the_database_leaves_nothing_half_made(tmp_path: Path) -> None:
    killed = command(tmp_path / "var")
    assert killed.stdout is not None
    assert killed.stdout.readline() == "第一次使用，正在建立数据库……\n"
    killed.kill()
    killed.communicate()
    cluster = Cluster(tmp_path / "var")
    cluster.ensure_running()
    assert cluster.is_running()
    cluster.stop()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_the_server_outlives_the_command_that_started_it(cluster: Cluster, how: signal.Signals) -> None:
    starter = command(cluster.data, then="print('ready', flush=True); input()")
    assert starter.stdout is not None
    assert "ready\n" in iter(starter.stdout.readline, "")
    os.killpg(starter.pid, how)  # what a terminal does at Ctrl-C, and when its window is closed
    starter.communicate()
    assert starter.returncode != 0
    assert cluster.is_running()
    cluster.stop()
    assert not cluster.is_running()


@pytest.mark.parametrize("name", ["x" * 160, "守望 的 'data', 100%"])
def test_any_path_will_do(cluster_at: Callable[[Path], Cluster], tmp_path: Path, name: str) -> None:
    cluster = cluster_at(tmp_path / name / "var")
    cluster.ensure_running()
    assert ask(cluster, "SELECT current_setting('data_directory')") == str(cluster.folder)
    folder = Path(ask(cluster, "SHOW unix_socket_directories"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(bytes(folder)) < 90
    cluster.stop()
    folder.rmdir()


def test_nothing_listens_on_the_network_and_nobody_is_trusted(cluster: Cluster) -> None:
    cluster.ensure_running()
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert ask(cluster, "SELECT DISTINCT auth_method FROM pg_hba_file_rules") == "scram-sha-256"
    wrong = cluster.dsn("postgres", "postgres").replace(cluster.password("postgres"), "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_everything_that_is_kept_is_for_the_keeper_alone(cluster: Cluster) -> None:
    cluster.ensure_running()
    ask(cluster, "CREATE TABLE door (number int)")
    for place in [*cluster.data.iterdir(), *(cluster.data / "secrets").iterdir(), *cluster.log.iterdir()]:
        assert not stat.S_IMODE(place.stat().st_mode) & 0o077, place


def test_settings_of_ours_arrive_and_settings_of_the_keeper_win(cluster: Cluster) -> None:
    with (cluster.folder / "postgresql.conf").open("a") as settings:
        settings.write("work_mem = 9MB\n")
    cluster.ensure_running()
    names = ("jit", "shared_buffers", "work_mem", "TimeZone", "lc_messages", "max_connections")
    found = {name: ask(cluster, f"SHOW {name}") for name in names}
    assert found == {
        "jit": "off",
        "shared_buffers": "192MB",
        "work_mem": "9MB",
        "TimeZone": "UTC",
        "lc_messages": "C",
        "max_connections": "60",
    }


def test_a_server_that_cannot_start_says_why(cluster: Cluster) -> None:
    with (cluster.folder / "postgresql.conf").open("a") as settings:
        settings.write("work_mem = 'much'\n")
    with pytest.raises(DidNotStart, match="work_mem"):
        cluster.ensure_running()


def test_lost_passwords_are_named_and_not_waited_for(cluster: Cluster) -> None:
    (cluster.data / "secrets" / "postgres").unlink()
    with pytest.raises(PasswordLost, match="secrets"):
        cluster.ensure_running()
