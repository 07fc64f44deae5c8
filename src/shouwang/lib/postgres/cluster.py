"""The embedded server: started when a command needs it, found by the next, safe after a power cut.

Alive means that a connection succeeds, nothing else. All lies in the data folder: `postgres/` the data,
`secrets/` the passwords, `log/` seven days of what the server said, `run/` the socket.
"""

import contextlib
import hashlib
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from shouwang.lib.errors import Refusal
from shouwang.lib.postgres.private_files import (
    hand_over,
    locked,
    only_one,
    own_folder,
    private,
    refuse_foreign,
    secret_at,
    tail,
    write,
)
from shouwang.lib.postgres.processes import (
    DidNotStart,
    detach,
    line,
    postmaster,
    program,
    run,
)
from shouwang.lib.postgres.runner import Runner, give, runner
from shouwang.lib.postgres.settings import PORT, configure

SOCKET_FOLDER_BYTES = 80  # the kernel allows 107 for the whole path of a socket
STALLED_S, LEFT_OVER_S, SHUTDOWN_S = 600, 60, 600


class NotYours(Refusal):
    code = "postgres.not_yours"
    sentence = "数据文件夹“{folder}”属于另一个用户，这里不能用。请换回原来的用户，或者换一个文件夹。"


class PasswordLost(Refusal):
    code = "postgres.password_lost"
    sentence = "数据库不认“{folder}”里的密码。请把原来的 secrets 文件夹放回去，再试一次。"


class DidNotStop(Refusal):
    code = "postgres.did_not_stop"
    sentence = "数据库没有停下来，数据没有受影响。请等一会儿再试。"


def _silent(_: str) -> None: ...


class Cluster:
    """The community's own database server in one data folder."""

    def __init__(self, data: Path, server: Path | None = None) -> None:
        """`server` is an older major's program, where its data have to be read once more."""
        self._server = server
        self.data = data.expanduser().resolve()
        self.folder = self.data / "postgres"
        self.log = self.data / "log"
        self._child = 0

    def ensure_running(self, progress: Callable[[str], None] = _silent) -> None:
        """Returns when a connection succeeds, however long the recovery after a power cut has to work.

        Raises: NotYours, FolderTaken, PasswordLost, DidNotStart.
        """
        self._enter()
        if self.is_running():
            return
        with only_one(self.data / "postgres.lock", self._keeper(), progress) as lock:
            who = runner(self.data, self._server or program("postgres"))
            if not (self.folder / "PG_VERSION").exists():
                progress("第一次使用，正在建立数据库……")
                self._initialise(who, lock.fileno())
            if self._cut_off():
                progress("数据库还在，但是连不上了，正在重新启动……")
                self.stop()
            self._start(who, progress)
            self._wait(progress)

    def is_running(self) -> bool:
        """Whether the server answers: a real connection, not a file that says so."""
        return (self.folder / "PG_VERSION").exists() and not self._complaint()

    def stop(self) -> None:
        """Ends the server in order and returns when it has ended; nothing happens when none runs.

        Raises: DidNotStop.
        """
        pid = postmaster(self.folder)
        if pid and sys.platform == "win32":
            run((), "pg_ctl", "stop", "-D", str(self.folder), "-m", "fast", "-W")
        elif pid:
            os.kill(pid, signal.SIGINT)
        until = time.monotonic() + SHUTDOWN_S
        while pid and not (self._ended() and self._deserted()):
            if time.monotonic() > until:
                raise DidNotStop()
            time.sleep(0.02)
        if self.is_running():
            raise DidNotStop()

    def dsn(self, role: str, database: str) -> str:
        """How to connect as a role, before the first start too; the server must know the password."""
        self._enter()
        host, port = "127.0.0.1", line(self.folder / "postmaster.pid", 3)
        if sys.platform != "win32":
            refuse_foreign(
                self._sockets(),
                (self.folder if self.folder.exists() else self.data).lstat().st_uid,
            )
            host, port = str(self._sockets()), str(PORT)
        secret = {"password": self.password(role), "require_auth": "scram-sha-256"}
        return make_conninfo("", host=host, port=port, dbname=database, user=role, **secret)

    def password(self, role: str) -> str:
        """The password of a role, made up when first asked for; only the keeper of the data reads it."""
        own_folder(self.data / "secrets", self._keeper())
        name = re.sub(r"[^A-Za-z0-9_]", "-", role)
        return secret_at(self.data / "secrets" / name, self._keeper())

    def _enter(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            self.data.mkdir(mode=0o700)
        if sys.platform != "win32" and os.geteuid() not in (0, self._keeper()[0]):
            raise NotYours(folder=self.data)

    def _keeper(self) -> tuple[int, int]:
        owner = self.data.stat()
        return owner.st_uid, owner.st_gid

    def _sockets(self) -> Path:
        """In the data folder, where no cleaner of temporary files comes; else on a short path."""
        inside = self.data / "run"
        if len(bytes(inside)) <= SOCKET_FOLDER_BYTES and re.fullmatch(r"[\w./+-]+", str(inside), re.ASCII):
            return inside
        key = hashlib.sha256(bytes(self.data)).hexdigest()[:16]
        return Path("/tmp") / f"shouwang-{self._keeper()[0]}-{key}"

    def _complaint(self) -> str:
        """What the server says to one who wants to connect; nothing when it lets them in."""
        try:
            psycopg.connect(self.dsn("postgres", "postgres"), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            return str(error)
        return ""

    def _initialise(self, who: Runner, lock: int) -> None:
        draft, first = self.data / "postgres.new", self.data / "postgres.first-password"
        shutil.rmtree(draft, ignore_errors=True)
        own_folder(draft, (who.uid, who.gid))
        write(first, self.password("postgres"))
        give(first, who.uid, who.gid)
        words = (
            "-D",
            str(draft),
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            f"--pwfile={first}",
        )
        try:
            # Killed now, another command must wait until this initdb has ended: it keeps the lock.
            held = () if sys.platform == "win32" else (lock,)
            run(who.prefix, "initdb", *words, "--locale=C", "--encoding=UTF8", held=held)
        finally:
            first.unlink()
        draft.rename(self.folder)  # whole or not at all, also when the power fails meanwhile

    def _start(self, who: Runner, progress: Callable[[str], None]) -> None:
        until = time.monotonic() + LEFT_OVER_S
        while not postmaster(self.folder) and not self._spawn(who, progress):
            if time.monotonic() > until:
                raise DidNotStart(reason="processes of an earlier server are still there")
            progress("上一次的数据库还有进程没有退完，请稍候……")
            time.sleep(0.1)

    def _spawn(self, who: Runner, progress: Callable[[str], None]) -> bool:
        """Starts the server; says no while a process of an earlier one is left.

        Every process of the server inherits one lock, which only their end gives up: a free lock proves,
        across recycled numbers, zombies and containers, that the files of an earlier server are left-overs.
        """
        with open(self.data / "postgres.alive", "a", opener=private) as alive:
            if not locked(alive, wait=False):
                return False
            progress("正在启动数据库……")
            hand_over(alive, self._keeper())
            keeper, sockets, earlier = (who.uid, who.gid), self._sockets(), self.folder.lstat().st_uid
            own_folder(self.log, keeper, earlier)
            own_folder(sockets, keeper, earlier)
            for stale in (self.folder / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)
            configure(self.folder, sockets=sockets, log=self.log)
            write(self.log / "start.log", "")
            for folder in (self.folder, self.log, sockets):
                give(folder, *keeper)
            command = [*who.prefix, str(self._server or program("postgres")), "-D", str(self.folder)]
            self._child = detach(command, self.log / "start.log", alive.fileno())
        return True

    def _wait(self, progress: Callable[[str], None]) -> None:
        said, began = "", time.monotonic()
        moved_at = began
        while complaint := self._complaint():
            if "authentication failed" in complaint:
                raise PasswordLost(folder=self.data / "secrets")
            words, now = self._last_words(), time.monotonic()
            if words != said:
                said, moved_at = words, now
                _tell_recovery(words, progress)
            if self._ended() or now - moved_at > STALLED_S:
                raise DidNotStart(reason=f"{complaint}\n{words}")
            time.sleep(min(1, 0.02 + (now - began) / 10))

    def _cut_off(self) -> bool:
        """Whether a server is up but somebody (a cleaner of temporary files) took its socket away."""
        ready = line(self.folder / "postmaster.pid", 7) == "ready"
        socket = self._sockets() / f".s.PGSQL.{PORT}"
        return sys.platform != "win32" and ready and bool(postmaster(self.folder)) and not socket.exists()

    def _ended(self) -> bool:
        with contextlib.suppress(ChildProcessError):
            if self._child and os.waitpid(self._child, os.WNOHANG) == (0, 0):
                return False
        self._child = 0
        return not postmaster(self.folder)

    def _deserted(self) -> bool:
        with open(self.data / "postgres.alive", "a", opener=private) as alive:
            return locked(alive, wait=False)

    def _last_words(self) -> str:
        """The ends of the newest logs: in recovery the server writes a line every second while it moves."""
        logs = sorted(self.log.glob("*.log"), key=lambda log: log.stat().st_mtime_ns)
        lines = [words for log in logs[-2:] for words in tail(log)]
        return "\n".join([words for words in lines if "FATAL:  the database system is " not in words][-4:])


def _tell_recovery(words: str, progress: Callable[[str], None]) -> None:
    if redo := re.search(r"redo in progress, elapsed time: (\d+).*$", words):
        progress(f"上次没有正常关闭，正在恢复数据，已用 {redo[1]} 秒……")
