"""Becomes an ordinary user and then the given program: PostgreSQL refuses root.

Run as a script by whoever starts the server as root: `become.py namespace UID -- PROGRAM …` or
`become.py account UID:GID DATA -- PROGRAM …`.
Standard library only: where it runs, nothing else may be reachable.
"""

import ctypes
import os
import sys
from pathlib import Path

NEW_USER_NAMESPACE = 0x10000000
KEEP_CAPABILITIES, SECURE_BITS, AMBIENT, AMBIENT_RAISE = 8, 28, 47, 2
ASK_AS_ONE_ACTS = 4  # SECBIT_NO_SETUID_FIXUP: access(), by which initdb finds its server, counts capabilities
CAPABILITY_VERSION = 0x20080522
SET_SECURE_BITS = 8  # CAP_SETPCAP
PASS_CLOSED_FOLDERS = (2, 1)  # CAP_DAC_READ_SEARCH, or where a container keeps that back, CAP_DAC_OVERRIDE


def enter_namespace(uid: int) -> None:
    """Shows this process, and its files, under an ordinary number; it loses every power over the machine.

    Raises: OSError where the machine or the container allows no user namespaces.
    """
    me, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(NEW_USER_NAMESPACE):
        raise OSError(ctypes.get_errno(), "no user namespace here")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {me} 1")
    Path("/proc/self/gid_map").write_text(f"{uid} {group} 1")


def become_account(uid: int, gid: int, *needed: str) -> None:
    """Turns root into an account, which may pass closed folders only if it reaches nothing otherwise."""
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux":
        libc.prctl(KEEP_CAPABILITIES, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if sys.platform == "linux" and not all(os.access(path, os.X_OK) for path in needed):
        any(_keep(libc, capability) for capability in PASS_CLOSED_FOLDERS)


def _keep(libc: ctypes.CDLL, capability: int) -> bool:
    kept, setting = 1 << capability, 1 << SET_SECURE_BITS
    if not _have(libc, kept | setting, kept) or libc.prctl(SECURE_BITS, ASK_AS_ONE_ACTS, 0, 0, 0):
        return False
    return _have(libc, kept, kept) and libc.prctl(AMBIENT, AMBIENT_RAISE, capability, 0, 0) == 0


def _have(libc: ctypes.CDLL, effective: int, inheritable: int) -> bool:
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)(effective, effective, inheritable, 0, 0, 0)
    return bool(libc.capset(header, sets) == 0)


def _main(how: str, *words: str) -> None:
    end = words.index("--")
    command = words[end + 1 :]
    os.umask(0o077)
    if how == "namespace":
        enter_namespace(int(words[0]))
    else:
        uid, gid = words[0].split(":")
        become_account(int(uid), int(gid), command[0], *words[1:end])
    os.chdir("/")
    os.execv(command[0], command)


if __name__ == "__main__":
    _main(*sys.argv[1:])
