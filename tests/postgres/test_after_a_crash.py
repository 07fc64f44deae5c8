"""The power fails, numbers are used again, files are left over: the next command finds its way by itself."""

import os
import shutil
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from shouwang.lib.postgres import Cluster

from .servers import ask, bystander, children_of, command, cut_the_power, pid_of


def test_after_a_power_cut_what_was_committed_is_there_and_nothing_else(cluster: Cluster) -> None:
    cluster.ensure_running()
    ask(cluster, "CREATE TABLE visit AS SELECT generate_series(1, 4812) AS door")
    with closing(psycopg.connect(cluster.dsn("postgres", "postgres"))) as unfinished:
        unfinished.execute("DELETE FROM visit")
        cut_the_power(cluster)
    cluster.ensure_running()
    assert ask(cluster, "SELECT count(*) FROM visit") == 4812


def test_a_gigabyte_is_recovered_however_long_it_takes(cluster: Cluster) -> None:
    cluster.ensure_running()
    ask(cluster, "ALTER SYSTEM SET max_wal_size = '8GB'")
    ask(cluster, "ALTER SYSTEM SET log_startup_progress_interval = '10ms'")
    ask(cluster, "SELECT pg_reload_conf()")
    before = ask(cluster, "SELECT pg_current_wal_lsn()")
    ask(cluster, "CREATE TABLE load (row int, words text); ALTER TABLE load ALTER words SET STORAGE PLAIN")
    for _ in range(10):
        ask(cluster, "TRUNCATE load")
        ask(cluster, "INSERT INTO load SELECT n, repeat('守', 2600) FROM generate_series(1, 13800) n")
    assert ask(cluster, f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{before}')") >= 1024**3
    cut_the_power(cluster)
    said: list[str] = []
    cluster.ensure_running(said.append)
    assert said[0] == "正在启动数据库……"
    assert {words.split("，已用")[0] for words in said[1:]} == {"上次没有正常关闭，正在恢复数据"}
    assert ask(cluster, "SELECT count(*) FROM load") == 13800


def test_a_second_command_waits_for_the_recovery_that_a_first_one_began(cluster: Cluster) -> None:
    cluster.ensure_running()
    ask(cluster, "CREATE TABLE load AS SELECT n, repeat('x', 900) FROM generate_series(1, 30000) n")
    cut_the_power(cluster)
    first = command(cluster.data)
    assert first.stdout is not None
    assert first.stdout.readline() == "正在启动数据库……\n"
    first.kill()
    first.communicate()
    cluster.ensure_running()
    assert ask(cluster, "SELECT count(*) FROM load") == 30000


def test_a_busy_process_of_the_killed_server_is_waited_for(cluster: Cluster) -> None:
    cluster.ensure_running()
    with closing(psycopg.connect(cluster.dsn("postgres", "postgres"))) as busy:
        worker, pid = busy.info.backend_pid, pid_of(cluster)
        os.kill(worker, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        said: list[str] = []

        def wake(words: str) -> None:
            said.append(words)
            os.kill(worker, signal.SIGCONT)

        cluster.ensure_running(wake)
    assert said[0] == "上一次的数据库还有进程没有退完，请稍候……"
    assert said[-1] == "正在启动数据库……"
    assert pid_of(cluster) != pid


def test_a_recycled_number_is_neither_taken_for_the_server_nor_stopped(cluster: Cluster) -> None:
    cluster.ensure_running()
    left_over = (cluster.folder / "postmaster.pid").read_text().split("\n", 1)[1]
    cut_the_power(cluster)
    with bystander() as other:
        (cluster.folder / "postmaster.pid").write_text(f"{other.pid}\n{left_over}")
        cluster.stop()
        assert other.poll() is None
        cluster.ensure_running()
        assert pid_of(cluster) != other.pid
        cluster.stop()
        assert other.poll() is None
        other.communicate("\n")


def test_another_communitys_server_is_left_alone(
    cluster_at: Callable[[Path], Cluster], tmp_path: Path
) -> None:
    mine, other = cluster_at(tmp_path / "var"), cluster_at(tmp_path / "var2")
    other.ensure_running()
    shutil.copy(other.folder / "postmaster.pid", mine.folder / "postmaster.pid")
    assert not mine.is_running()
    mine.stop()
    mine.ensure_running()
    assert pid_of(mine) != pid_of(other)
    mine.stop()
    assert other.is_running()


def test_a_zombie_is_not_alive(cluster: Cluster) -> None:
    cluster.ensure_running()
    left_over = (cluster.folder / "postmaster.pid").read_text().split("\n", 1)[1]
    cut_the_power(cluster)
    with bystander() as dead:
        dead.kill()
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has fetched it
        (cluster.folder / "postmaster.pid").write_text(f"{dead.pid}\n{left_over}")
        cluster.stop()
        cluster.ensure_running()
        assert pid_of(cluster) != dead.pid


def test_a_socket_lock_left_over_is_removed(cluster: Cluster) -> None:
    cluster.ensure_running()
    sockets = Path(ask(cluster, "SHOW unix_socket_directories"))
    lock = (sockets / ".s.PGSQL.5432.lock").read_text().split("\n", 1)[1]
    cut_the_power(cluster)
    with bystander() as other:
        (sockets / ".s.PGSQL.5432.lock").write_text(f"{other.pid}\n{lock}")
        cluster.ensure_running()
        assert other.poll() is None
        other.communicate("\n")


@pytest.mark.parametrize("rubbish", ["", "\n", "no number\n", "-1\n", "999999999999999999999\n"])
def test_a_pid_file_full_of_rubbish_stops_nobody(cluster: Cluster, rubbish: str) -> None:
    (cluster.folder / "postmaster.pid").write_text(rubbish)
    cluster.stop()
    assert not cluster.is_running()
    cluster.ensure_running()
    assert children_of(pid_of(cluster))


def test_a_server_whose_socket_was_cleaned_away_is_started_again(cluster: Cluster) -> None:
    cluster.ensure_running()
    ask(cluster, "CREATE TABLE door AS SELECT 1102 AS number")
    first = pid_of(cluster)
    for left in Path(ask(cluster, "SHOW unix_socket_directories")).glob(".s.PGSQL.*"):
        left.unlink()
    cluster.ensure_running()
    assert pid_of(cluster) != first
    assert ask(cluster, "SELECT number FROM door") == 1102
