"""Run as root: everything is imported, then this becomes another user and does what that user might do.

`act_as.py UID GID VERB WORD`. It prints what came of it, and takes nothing of root's along.
"""

import os
import sys
from pathlib import Path

import psycopg

from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import Cluster
from shouwang.lib.postgres.become import become_account


def start(data: str) -> str:
    """Starts a server of one's own with binaries that lie beside it."""
    sys.path.insert(0, str(Path(data).parent / "programs"))
    cluster = Cluster(Path(data))
    cluster.ensure_running()
    with psycopg.connect(cluster.dsn("postgres", "postgres")) as connection:
        connection.execute("SELECT 1")
    return "started"


def stop(data: str) -> str:
    Cluster(Path(data)).stop()
    return "stopped"


def connect(dsn: str) -> str:
    psycopg.connect(dsn).close()
    return "connected"


def read(path: str) -> str:
    return Path(path).read_text()


def write(path: str) -> str:
    return str(Path(path).write_text("mine now"))


def main(uid: str, gid: str, verb: str, word: str) -> str:
    needed = (sys.executable,) if verb.endswith("nameless") else ()
    become_account(int(uid), int(gid), *needed)
    try:
        return {"start": start, "stop": stop, "connect": connect, "read": read, "write": write}[
            verb.removesuffix("-nameless")
        ](word)
    except (OSError, psycopg.OperationalError, Refusal) as error:
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    os.umask(0o022)
    print(main(*sys.argv[1:]))
