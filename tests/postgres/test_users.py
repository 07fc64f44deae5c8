"""Root, others and strangers. Only root can be several users, so most of these are there for root alone."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shouwang.lib.postgres import Cluster
from shouwang.lib.postgres.private_files import FolderTaken
from shouwang.lib.postgres.processes import program

from .servers import START, ask, children_of, pid_of

HERE = Path(__file__).parent
NOBODY, NAMELESS = 65534, 54321
ROOT = os.geteuid() == 0


def act_as(uid: int, verb: str, word: object) -> str:
    words = [sys.executable, str(HERE / "act_as.py"), str(uid), str(uid), verb, str(word)]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may pass, with the server's programs in it."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    installed = program("postgres").parents[1]
    target = folder / "programs" / installed.parent.name / installed.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(installed / part, target / part, symlinks=True)
    (target.parent / "__init__.py").touch()
    libraries = installed.parent.with_name(f"{installed.parent.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target.parent.with_name(libraries.name), symlinks=True)
    yield folder
    shutil.rmtree(folder)


def owned_folder(at: Path, uid: int) -> Path:
    at.mkdir(mode=0o700)
    os.chown(at, uid, uid)
    return at


if ROOT:

    def test_root_starts_it_below_a_folder_that_only_root_enters(tmp_path: Path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        cluster = Cluster(closed / "var")
        cluster.ensure_running()
        status = Path(f"/proc/{pid_of(cluster)}/status").read_text()
        assert "CapEff:\t0000000000000000" in status  # root's files, and nothing else of root's
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        cluster.stop()

    @pytest.mark.parametrize("withheld", [(), ("2", "19")], ids=["plain", "without CAP_DAC_READ_SEARCH"])
    def test_where_namespaces_are_forbidden_an_account_runs_it_and_no_folder_is_opened(
        open_folder: Path, withheld: tuple[str, ...]
    ) -> None:
        closed = open_folder
        closed.chmod(0o700)
        words = [sys.executable, str(HERE / "in_a_container.py"), START, str(closed / "var"), *withheld]
        surroundings = {**os.environ, "PYTHONPATH": str(closed / "programs")}
        with subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings
        ) as container:
            assert container.stdout is not None
            assert container.stdout.readline() == "here\n"
            for kind in ("uid_map", "gid_map"):
                Path(f"/proc/{container.pid}/{kind}").write_text("0 0 4294967295")
            assert "正在启动数据库" in container.communicate("\n")[0]
        assert container.returncode == 0
        cluster = Cluster(closed / "var")
        assert Path(f"/proc/{pid_of(cluster)}").stat().st_uid == cluster.folder.stat().st_uid != 0
        assert stat.S_IMODE(closed.stat().st_mode) == stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
        ask(cluster, "CREATE TABLE door AS SELECT 1102 AS number")
        cluster.stop()
        cluster.ensure_running()  # outside of the container now: the files come back to root
        assert cluster.folder.stat().st_uid == (cluster.folder / "PG_VERSION").stat().st_uid == 0
        assert ask(cluster, "SELECT number FROM door") == 1102
        cluster.stop()

    @pytest.mark.parametrize(("uid", "how"), [(NOBODY, ""), (NAMELESS, "-nameless")])
    def test_an_ordinary_user_starts_and_stops_their_own(open_folder: Path, uid: int, how: str) -> None:
        data = owned_folder(open_folder / "var", uid)
        assert act_as(uid, f"start{how}", data) == "started"
        cluster = Cluster(data)
        assert Path(f"/proc/{pid_of(cluster)}").stat().st_uid == uid
        assert act_as(uid, f"stop{how}", data) == "stopped"
        assert not cluster.is_running()

    def test_root_runs_somebody_elses_server_as_that_somebody(open_folder: Path) -> None:
        data = owned_folder(open_folder / "var", NOBODY)
        cluster = Cluster(data)
        cluster.ensure_running()
        owners = {place.stat().st_uid for place in data.rglob("*")}
        processes = [pid_of(cluster), *children_of(pid_of(cluster))]
        assert {Path(f"/proc/{process}").stat().st_uid for process in processes} == owners == {NOBODY}
        cluster.stop()
        assert act_as(NOBODY, "start", data) == "started"
        assert act_as(NOBODY, "stop", data) == "stopped"

    def test_another_user_reads_nothing_and_connects_to_nothing(open_folder: Path) -> None:
        data = owned_folder(open_folder / "var", 0)
        data.chmod(0o755)  # a keeper who is careless about the data folder itself
        cluster = Cluster(data)
        cluster.ensure_running()
        assert "Permission denied" in act_as(NOBODY, "connect", cluster.dsn("postgres", "postgres"))
        assert "Permission" in act_as(NOBODY, "read", data / "secrets" / "postgres")
        assert "Permission" in act_as(NOBODY, "write", data / "run" / ".s.PGSQL.5432.lock")
        assert "另一个用户" in act_as(NOBODY, "start", data)
        assert cluster.is_running()
        cluster.stop()

    @pytest.mark.parametrize("how", ["folder", "link", "open"])
    def test_a_socket_folder_that_somebody_planted_is_refused(
        cluster_at: Callable[[Path], Cluster], tmp_path: Path, how: str
    ) -> None:
        cluster = cluster_at(tmp_path / ("x" * 160) / "var")
        cluster.ensure_running()
        sockets = Path(ask(cluster, "SHOW unix_socket_directories"))
        cluster.stop()
        sockets.rmdir()
        trap = owned_folder(tmp_path / "trap", NOBODY)
        if how == "link":
            sockets.symlink_to(trap)
        else:
            owned_folder(sockets, NOBODY if how == "folder" else 0).chmod(0o777 if how == "open" else 0o700)
        with pytest.raises(FolderTaken, match=sockets.name):
            cluster.ensure_running()
        with pytest.raises(FolderTaken):
            cluster.dsn("shouwang_app", "shouwang")
        assert not list(trap.iterdir())
        sockets.unlink() if how == "link" else sockets.rmdir()

else:

    def test_the_user_at_hand_runs_it(cluster: Cluster) -> None:
        cluster.ensure_running()
        assert Path(f"/proc/{pid_of(cluster)}").stat().st_uid == os.geteuid()
