"""What an operator fills in where no document answers: written below the plan file, and laid into it when read."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from shouwang.plans.form.reading import Problem

TABLE, SOURCE, GRADE = "filled", "本地", "L"

Value = bool | int | float | str | time | list[int]


def written(values: Mapping[str, Value], *, because: str) -> str:
    """The values as the last table of a plan file, each under its whole key."""
    lines = [f"{_toml(key)} = {_toml(value)}" for key, value in sorted(values.items())]
    return "\n".join(["", f"[{TABLE}]", f"because = {_toml(because)}", "", f"[{TABLE}.values]", *lines, ""])


def values_in(text: str) -> tuple[dict[str, Value], str]:
    """What was filled in with a plan, and on whose word. Shape: by key, `clocks.answer_hours`."""
    filled = tomllib.loads(text).get(TABLE, {})
    return filled.get("values", {}), filled.get("because", "")


def lay_in(tables: dict[str, Any]) -> list[Problem]:
    """Puts what was filled in where it belongs; says what is not open there."""
    filled = tables.pop(TABLE, None)
    if filled is None:
        return []
    if not isinstance(filled, dict) or not isinstance(filled.get("values"), dict):
        return [Problem(TABLE, f"应当是一张表，写成 [{TABLE}.values]")]
    if isinstance(tables.get("sources"), dict):
        tables["sources"][SOURCE] = {"grade": GRADE, "where": filled.get("because", "")}
    return list(_laid_in(tables, filled["values"]))


def _laid_in(tables: dict[str, Any], values: dict[str, Value]) -> Iterator[Problem]:
    for key, value in values.items():
        *path, name = key.split(".")
        table = _table(tables, path)
        if table is None or name not in _open_in(table):
            yield Problem(key, "不是待定的一项，不能在这里填")
            continue
        table["to_be_set"] = [one for one in table["to_be_set"] if one != name]
        table[name] = value
        table.setdefault("source_of", {})[name] = SOURCE


def _open_in(table: dict[str, Any]) -> list[Any]:
    named = table.get("to_be_set")
    return named if isinstance(named, list) else []


def _table(tables: dict[str, Any], path: list[str]) -> dict[str, Any] | None:
    """The table at a place; the members of a list are numbered from 1."""
    found: Any = tables
    for key in path:
        if isinstance(found, list) and key.isdecimal() and 1 <= int(key) <= len(found):
            found = found[int(key) - 1]
        else:
            found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _toml(value: Value) -> str:
    """One value as TOML reads it; it takes JSON's strings but for the one control sign that JSON leaves bare."""
    if isinstance(value, time):
        return value.isoformat("seconds")
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
