"""Who runs the embedded server: a user, root, a container's root, or a number without a name."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import become

if sys.platform != "win32":
    import pwd

ACCOUNTS = ("shouwang", "postgres", "nobody")
EVERYBODY_UNKNOWN = 65534


class NobodyToRun(Refusal):
    code = "postgres.nobody_to_run"
    sentence = "数据库不能用 root 运行，这台电脑上又没有可用的普通账号。请换一个普通用户来启动。"


@dataclass(frozen=True)
class Runner:
    """The one who runs the server: words put before its command line, and the keeper of its files."""

    prefix: tuple[str, ...]
    uid: int
    gid: int


def runner(data: Path, server: Path) -> Runner:
    """Chooses who runs the server, so that no folder has to be opened wider for it.

    The user at hand, if PostgreSQL accepts them; for root the keeper of the data folder, or if that is root
    too, a namespace in which root's files belong to an ordinary number; where that is forbidden, an account.

    Raises: NobodyToRun.
    """
    if sys.platform == "win32":
        return Runner((), 0, 0)
    me, keeper = os.geteuid(), data.stat()
    if me != 0 and me in {account.pw_uid for account in pwd.getpwall()}:
        return Runner((), me, os.getegid())
    if me == 0 and keeper.st_uid != 0:
        return _account(keeper.st_uid, keeper.st_gid, data)
    namespace = Runner(_become("namespace", str(_ordinary_uid())), me, os.getegid())
    if (
        subprocess.run([*namespace.prefix, server, "--version"], capture_output=True, check=False).returncode
        == 0
    ):
        return namespace
    found = [account for name in ACCOUNTS for account in pwd.getpwall() if account.pw_name == name]
    if me != 0 or not found:
        raise NobodyToRun()
    return _account(found[0].pw_uid, found[0].pw_gid, data)


def give(top: Path, uid: int, gid: int) -> None:
    """Hands a folder and all in it to its keeper; links are handed over, never followed."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    os.chown(top, uid, gid, follow_symlinks=False)
    for _, folders, files, here in os.fwalk(top, follow_symlinks=False):
        for name in folders + files:
            if os.stat(name, dir_fd=here, follow_symlinks=False).st_uid != uid:
                os.chown(name, uid, gid, dir_fd=here, follow_symlinks=False)


def _account(uid: int, gid: int, data: Path) -> Runner:
    return Runner(_become("account", f"{uid}:{gid}", str(data)), uid, gid)


def _become(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", become.__file__, *words, "--")


def _ordinary_uid() -> int:
    """A number that has a name here: initdb asks for one."""
    taken = {account.pw_uid for account in pwd.getpwall()} - {0, EVERYBODY_UNKNOWN}
    return min(taken, default=EVERYBODY_UNKNOWN)
