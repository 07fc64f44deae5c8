"""The house as files: what the structure tests look at."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "src" / "shouwang"


@cache
def modules() -> dict[str, ast.Module]:
    """Every Python file of the house but its migrations, by its path below `shouwang`."""
    files = (path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)
    return {str(path.relative_to(HOUSE)): ast.parse(path.read_text()) for path in sorted(files)}


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of the house, with the file it stands in."""
    for name, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node


def calls_of(*wanted: str) -> Iterator[tuple[str, str]]:
    """Where a function of one of these names is called: the file, and the call as it is written (`clock.now`)."""
    return ((file, call) for file, call in _calls() if call in wanted)


@cache
def _calls() -> list[tuple[str, str]]:
    return [
        (name, ast.unparse(node.func))
        for name, module in modules().items()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
    ]


@cache
def tracked() -> dict[str, str]:
    """The text of every file that git keeps, by its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return {str(path.relative_to(ROOT)): path.read_text(errors="replace") for path in paths if path.is_file()}
