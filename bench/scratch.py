"""A data folder, a database server and a process that live only for one measurement."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.result import Result

ROOT = Path(__file__).resolve().parent.parent
SIZE_VARIABLE = "SHOUWANG_BENCH_SIZE"
FULL_SIZE = 1_000_000


class Failed(Exception):
    """A measurement that did not come to its end."""


def size() -> int:
    """How many households or people: a million, or what the environment says for a quick try."""
    return int(os.environ.get(SIZE_VARIABLE, FULL_SIZE))


def say(words: str) -> None:
    """Progress, for whoever waits."""
    print(f"  {words}", file=sys.stderr, flush=True)


@contextmanager
def own_surroundings() -> Iterator[dict[str, str]]:
    """The environment of an installation in a fresh folder; its server is stopped and the folder removed afterwards."""
    from shouwang.lib.postgres import Cluster

    without = (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "SHOUWANG_CLOCK",
        "SHOUWANG_DEMO",
        "DJANGO_SETTINGS_MODULE",
    )
    kept = {name: value for name, value in os.environ.items() if name not in without}
    with tempfile.TemporaryDirectory(prefix="swb", ignore_cleanup_errors=True) as folder:
        try:
            yield {**kept, "SHOUWANG_DATA": folder, "PYTHONPATH": str(ROOT)}
        finally:
            Cluster(Path(folder)).stop()


def in_own_process(name: str) -> list[Result]:
    """Runs one measurement. Raises: Failed with the last lines that it said."""
    print(f"{name} …", file=sys.stderr, flush=True)
    with own_surroundings() as surroundings:
        done = subprocess.run(
            [sys.executable, "-m", "bench.one", name],
            env=surroundings,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if done.returncode:
        raise Failed(f"{name} ended with {done.returncode}")
    return [Result(**line) for line in json.loads(done.stdout.splitlines()[-1])]
