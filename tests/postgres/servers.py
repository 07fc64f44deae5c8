"""What the tests of the server share: asking it, killing it, and starting it from another command."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from shouwang.lib.postgres import Cluster

START = "import sys, pathlib; from shouwang.lib.postgres import Cluster; "
START += "Cluster(pathlib.Path(sys.argv[1])).ensure_running(lambda said: print(said, flush=True)); "


def ask(cluster: Cluster, question: str) -> Any:
    """The first value that the server's superuser gets for a question."""
    with psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def pid_of(cluster: Cluster) -> int:
    return int((cluster.folder / "postmaster.pid").read_text().splitlines()[0])


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cut_the_power(cluster: Cluster) -> None:
    """Kills every process of the server at once; nobody gets to tidy up."""
    pid = pid_of(cluster)
    for process in (pid, *children_of(pid)):
        with suppress(ProcessLookupError):  # whoever answered a question a moment ago may be gone already
            os.kill(process, signal.SIGKILL)


def command(data: Path, then: str = "") -> subprocess.Popen[str]:
    """Another command that needs the server, in a process and a terminal's group of its own."""
    words = [sys.executable, "-c", START + then, str(data)]
    return subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def bystander() -> subprocess.Popen[str]:
    """A living program that has nothing to do with us and must stay alive."""
    return subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, text=True)
