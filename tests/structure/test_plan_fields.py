"""Every key of a plan is read by a rule or shown by a page: a number that changes nothing misleads whoever sets it."""

import ast
import re
from collections.abc import Iterable

import pytest

from shouwang.plans import schema
from shouwang.plans.form import fieldwork, people
from shouwang.plans.form.vocabulary import Part
from tests.structure.source import HOUSE, modules

# Here plans are loaded, checked, edited, compared and listed, every key alike: none of that is a use.
FORM = ("plans/form/", "plans/loader.py", "plans/checks.py", "plans/differences.py", "plans/rules_page.py")
PLACED = re.compile(r"\{[{%][^}]*[}%]\}")
CHAIN = re.compile(r"(?=\b([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*))")  # also a.b and b.c of a.b.c


def tables() -> dict[str, set[str]]:
    """The tables of a plan, each with its keys."""
    kinds = [one for module in (schema, fieldwork, people) for one in vars(module).values()]
    parts = [one for one in kinds if isinstance(one, type) and issubclass(one, Part) and one is not Part]
    return {one.__name__: {*one.__struct_fields__} - {*Part.__struct_fields__} for one in parts}


def read_in(files: Iterable[ast.Module]) -> set[str]:
    """What these files read of anything."""
    nodes = (node for file in files for node in ast.walk(file))
    return {one.attr for one in nodes if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Load)}


def knows_plans(file: ast.Module) -> bool:
    """Whether it imports anything of plans."""
    froms = (node.module or "" for node in ast.walk(file) if isinstance(node, ast.ImportFrom))
    return any(module.startswith("shouwang.plans") for module in froms)


@pytest.fixture(scope="module")
def unread() -> dict[str, list[str]]:
    """Of each table what nothing reads and no page names.

    Shape: a key that is one common word (`code`, `means`) counts only where plans are known, or on a page after its table's name.
    """
    files = [file for name, file in modules().items() if not name.startswith(FORM)]
    anywhere, known = read_in(files), read_in(file for file in files if knows_plans(file))
    pages = (path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.html"))
    shown = {pair for page in pages for placed in PLACED.findall(page) for pair in CHAIN.findall(placed)}
    named = {key for _of, key in shown}

    def is_used(table: str, key: str) -> bool:
        if "_" in key:
            return key in anywhere | named
        return key in known or (table.lower(), key) in shown

    return {table: sorted(key for key in keys if not is_used(table, key)) for table, keys in tables().items()}


@pytest.mark.parametrize("table", sorted(tables()))
def test_every_key_of_a_plan_changes_something(table: str, unread: dict[str, list[str]]) -> None:
    assert unread[table] == [], "build what it promises, show it where the work is done, or remove it"
