"""The hard stops of the house: everybody can read any file, function and folder of it at one sitting."""

import ast
from collections import Counter
from pathlib import PurePath

from tests.structure.source import HOUSE, ROOT, functions, modules

NO_NAMES = {
    "utils",
    "util",
    "helpers",
    "manager",
    "managers",
    "service",
    "services",
    "common",
    "base",
    "misc",
}
# 防控力量 are called helpers here: people who help, not functions.
PEOPLE = {"register/importing/helpers.py"}
# `with` opens and closes something; it decides nothing.
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.Match)


def test_folders_are_shallow_and_small():
    folders = Counter(PurePath(name).parent for name in modules())
    assert [str(folder) for folder in folders if len(folder.parts) > 3] == []
    assert {str(folder): count for folder, count in folders.items() if count > 16} == {}


def test_no_file_is_longer_than_400_lines():
    files = [*HOUSE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "frontend").glob("*/src/**/*.*")]
    ours = [path for path in files if path.parent.name != "migrations"]  # a generator writes those
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in ours}
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_no_function_is_longer_than_60_lines():
    lengths = {f"{file}: {one.name}": one.end_lineno - one.lineno + 1 for file, one in functions()}
    assert {name: count for name, count in lengths.items() if count > 60} == {}


def test_no_function_is_nested_deeper_than_three():
    assert [f"{file}: {one.name}" for file, one in functions() if _depth(one) > 3] == []


def test_every_file_is_named_after_its_idea():
    named = {part for name in modules().keys() - PEOPLE for part in PurePath(name).with_suffix("").parts}
    assert named & NO_NAMES == set()


def _depth(node: ast.AST, reached: int = 0) -> int:
    """How many branches and loops stand inside each other; `elif` stands beside its `if`."""
    deepest = reached
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        beside = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, _depth(child, reached + (isinstance(child, BRANCHES) and not beside)))
    return deepest
