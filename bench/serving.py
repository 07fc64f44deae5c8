"""The served demo town: memory of each process, and how soon the first page is there at a second start."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from bench.result import Result, at_most
from bench.scratch import say

GOAL_MB, GOAL_START_SECONDS = 250, 8
BYTES_PER_MB = 1024 * 1024
FIRST_START_SECONDS, PAGES = 300, 60
PAGE = "/accounts/login/"


def measure_memory() -> list[Result]:
    """Each process after sixty pages: what it holds for itself, shared pages divided among those who share them."""
    with served() as (process, port):
        for _ in range(PAGES):
            _page(port)
        children = psutil.Process(process.pid).children(recursive=True)
        held = {
            f"memory.{_name(child)}": _megabytes(child)
            for child in children
            if "postgres" not in child.name()
        }
        held["memory.command"] = _megabytes(psutil.Process(process.pid))
    return [at_most(name, megabytes, "MB", GOAL_MB) for name, megabytes in sorted(held.items())]


def measure_start() -> list[Result]:
    """From the command to the first page, with the town already there."""
    with served():
        say("the town is made")
    begun = time.perf_counter()
    with served():
        seconds = time.perf_counter() - begun
    return [at_most("start", seconds, "s", GOAL_START_SECONDS)]


@contextmanager
def served() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The demo, served on a free port of this machine until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "shouwang"), "demo", "--serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ)
    try:
        _wait(process, port)
        yield process, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + FIRST_START_SECONDS
    while not _page(port):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("the demo did not open its first page")
        time.sleep(0.05)


def _page(port: int) -> bool:
    try:
        with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", PAGE)
            return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


def _name(child: psutil.Process) -> str:
    words = " ".join(child.cmdline())
    kind = "worker" if "procrastinate" in words else "web" if "granian" in words else child.name()
    return f"{kind}.{child.pid}"


def _megabytes(process: psutil.Process) -> float:
    held = process.memory_full_info()
    return float(getattr(held, "pss", held.rss)) / BYTES_PER_MB
