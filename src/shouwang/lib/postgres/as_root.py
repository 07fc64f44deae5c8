"""Who the embedded server runs as. PostgreSQL refuses root, and no folder may be opened wider for its sake.

A namespace in which root's own files belong to an ordinary number comes first: nothing changes hands and the
server keeps no power over the machine. Where a container forbids that, an ordinary account gets the server's three
folders, and the right to pass through closed folders only if it needs it. Run as a script, this file becomes that
somebody and then the given program; it therefore uses the standard library alone.
"""

import ctypes
import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

NEW_USER_NAMESPACE = 0x10000000
KEEP_CAPABILITIES, AMBIENT, AMBIENT_RAISE = 8, 47, 2
PASS_CLOSED_FOLDERS = (
    2,
    1,
)  # CAP_DAC_READ_SEARCH, else CAP_DAC_OVERRIDE, which containers usually leave to root
CAPABILITY_VERSION = 0x20080522
ACCOUNTS = ("shouwang", "postgres", "nobody")


@dataclass(frozen=True)
class Runner:
    """The one who runs the server: words put before its command line, and the owner of its files."""

    prefix: tuple[str, ...]
    uid: int
    gid: int


def runner(data: Path, server: Path) -> Runner:
    """Chooses who runs the server, so that it starts on a plain machine, as root, and in a container.

    Raises: PermissionError when the data folder is somebody else's, or nobody can be found to run it.
    """
    me, owner = os.geteuid(), data.stat()
    if me != 0 and owner.st_uid != me:
        raise PermissionError(f"{data} belongs to user {owner.st_uid}")
    namespace = Runner(
        _words("namespace", str(_ordinary_uid()), "", data), me, os.getegid()
    )
    if me != 0:
        return Runner((), me, os.getegid()) if _has_name(me) else namespace
    if owner.st_uid != 0:
        return Runner(
            _words("account", str(owner.st_uid), str(owner.st_gid), data),
            owner.st_uid,
            owner.st_gid,
        )
    if (
        subprocess.run(
            [*namespace.prefix, server, "--version"], capture_output=True, check=False
        ).returncode
        == 0
    ):
        return namespace
    account = _spare_account()
    words = _words("account", str(account.pw_uid), str(account.pw_gid), data)
    return Runner(words, account.pw_uid, account.pw_gid)


def give(top: Path, uid: int, gid: int) -> None:
    """Hands a folder and all in it to its keeper; links are handed over, never followed."""
    if os.geteuid() != 0:
        return
    os.chown(top, uid, gid, follow_symlinks=False)
    for _, folders, files, here in os.fwalk(top, follow_symlinks=False):
        for name in folders + files:
            if os.stat(name, dir_fd=here, follow_symlinks=False).st_uid != uid:
                os.chown(name, uid, gid, dir_fd=here, follow_symlinks=False)


def _words(how: str, uid: str, gid: str, data: Path) -> tuple[str, ...]:
    return (sys.executable, "-I", "-S", __file__, how, uid, gid, str(data))


def _has_name(uid: int) -> bool:
    return any(account.pw_uid == uid for account in pwd.getpwall())


def _ordinary_uid() -> int:
    """A number that has a name here (initdb asks for one) and is not 65534, which stands for everybody unknown."""
    return min(a.pw_uid for a in pwd.getpwall() if a.pw_uid not in (0, 65534))


def _spare_account() -> pwd.struct_passwd:
    for name in ACCOUNTS:
        if name in {account.pw_name for account in pwd.getpwall()}:
            return pwd.getpwnam(name)
    raise PermissionError("no ordinary account on this machine")


def _enter_namespace(uid: int) -> None:
    me, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_USER_NAMESPACE):
        raise OSError(ctypes.get_errno(), "no user namespace here")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {me} 1")
    Path("/proc/self/gid_map").write_text(f"{uid} {group} 1")


def _become(uid: int, gid: int, needed: tuple[str, ...]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if not all(os.access(path, os.X_OK) for path in needed):
        any(_keep(libc, capability) for capability in PASS_CLOSED_FOLDERS)


def _keep(libc: ctypes.CDLL, capability: int) -> bool:
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    bits = 1 << capability
    effective_permitted_inheritable = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)
    if libc.capset(header, effective_permitted_inheritable):
        return False
    return bool(libc.prctl(AMBIENT, AMBIENT_RAISE, capability, 0, 0) == 0)


def _main(how: str, uid: str, gid: str, data: str, *command: str) -> None:
    os.umask(0o077)
    if how == "namespace":
        _enter_namespace(int(uid))
    else:
        _become(int(uid), int(gid), (command[0], data))
    os.chdir("/")
    os.execv(command[0], command)


if __name__ == "__main__":
    _main(*sys.argv[1:])
