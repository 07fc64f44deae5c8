"""Run as root: starts the server where root may make no user namespaces, as in many containers.

`in_a_container.py DATA CAPABILITY…` says that its own namespace is there, waits for a word, forbids any more
namespaces and the numbered capabilities, and then becomes a command that needs the server.
"""

import ctypes
import os
import sys
from pathlib import Path

from shouwang.lib.postgres.become import NEW_USER_NAMESPACE

FORBID_FOREVER = 24  # PR_CAPBSET_DROP


def main(command: str, data: str, *capabilities: str) -> None:
    libc = ctypes.CDLL(None)
    assert libc.unshare(NEW_USER_NAMESPACE) == 0
    print("here", flush=True)
    input()
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    for capability in capabilities:
        assert libc.prctl(FORBID_FOREVER, int(capability), 0, 0, 0) == 0
    os.execv(sys.executable, [sys.executable, "-c", command, data])


if __name__ == "__main__":
    main(*sys.argv[1:])
