"""Commands as an operator runs them: a process of its own, in a data folder of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

OURS = ("SHOUWANG_", "DATABASE_", "DJANGO_", "PG")
MAIN = "import sys; from shouwang.cli import main; sys.argv[0] = 'shouwang'; main()"
# Killed by its own hand as it says the words of its first argument: whoever kills it from outside may come when it is done.
LAST_WORDS = """
import os, signal, sys

class Screen:
    def __init__(self, screen, last):
        self.screen, self.last = screen, last

    def write(self, said):
        self.screen.write(said)
        if self.last in said:
            os.kill(os.getpid(), signal.SIGKILL)

    def __getattr__(self, name):
        return getattr(self.screen, name)

sys.stderr = Screen(sys.stderr, sys.argv.pop(1))
"""


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


def killed_at(data: Path, last: str, *words: object) -> None:
    """Runs a command that is killed with -9 in the moment in which it says these words."""
    own = [sys.executable, "-c", LAST_WORDS + MAIN, last, *map(str, words)]
    done = subprocess.run(own, env=surroundings(data), capture_output=True, timeout=300, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode(errors="replace")


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
