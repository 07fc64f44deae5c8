"""Run as root: starts the server where root may make no user namespaces, as in most containers.

`in_a_container.py DATA`. It says that its own namespace is there, waits for a word, then forbids any further.
"""

import ctypes
import sys
from pathlib import Path

from shouwang.lib.postgres import Cluster
from shouwang.lib.postgres.become import NEW_USER_NAMESPACE

if __name__ == "__main__":
    assert ctypes.CDLL(None).unshare(NEW_USER_NAMESPACE) == 0
    print("here", flush=True)
    input()
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    Cluster(Path(sys.argv[1])).ensure_running()
    print("started")
