"""Commands as an operator runs them: a process of its own, in a data folder of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

OURS = ("SHOUWANG_", "DATABASE_", "DJANGO_", "PG")
MAIN = "import sys; from shouwang.cli import main; sys.argv[0] = 'shouwang'; main()"


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """The environment without what the tests' own installation set in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {"SHOUWANG_DATA": str(data), "COLUMNS": "200"} | more


def command(*words: object) -> list[str]:
    """The command line of a `shouwang` command."""
    return [sys.executable, "-c", MAIN, *map(str, words)]


def start(data: Path, *words: object, **more: str) -> subprocess.Popen[str]:
    """Starts a command and does not wait for it; killed, it may have stopped in the middle of a character."""
    return subprocess.Popen(
        command(*words), env=surroundings(data, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    )  # fmt: skip


def run(data: Path, *words: object, code: int = 0, **more: str) -> str:
    """Runs a command to its end and returns what it said; its exit code must be the expected one."""
    done = start(data, *words, **more)
    said, complained = done.communicate(timeout=300)
    assert done.returncode == code, said + complained
    return said if code == 0 else said + complained


def told(data: Path, *words: object, code: int = 0, **more: str) -> Any:
    """What a command tells a program."""
    done = start(data, *words, "--json", **more)
    said, complained = done.communicate(timeout=300)
    assert done.returncode == code, said + complained
    return json.loads(said)
