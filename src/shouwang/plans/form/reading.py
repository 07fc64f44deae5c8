"""Reads plain tables into the vocabulary of a plan and collects all that is wrong, not only the first."""

import difflib
import types
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

MISSING = object()


@dataclass(frozen=True)
class Problem:
    """One thing to put right in a plan file: line, key and why, in words for whoever edits it."""

    key: str
    why: str
    line: int | None = None

    def __str__(self) -> str:
        return (f"第 {self.line} 行 " if self.line else "") + f"{self.key}：{self.why}"


@dataclass
class Reader:
    """Reads one file; `problems` is empty afterwards when everything could be read."""

    problems: list[Problem] = field(default_factory=list)

    def read(self, value: object, wanted: Any, key: str) -> Any:
        """The value in the shape that is wanted, or MISSING with a problem noted."""
        wanted = _without_none(wanted)
        origin = get_origin(wanted)
        if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            return self._table(value, wanted, key)
        if origin is dict:
            return self._tables(value, wanted, key)
        if origin is tuple and get_args(wanted)[-1] is Ellipsis:
            return self._list(value, get_args(wanted)[0], key)
        return self._leaf(value, wanted, key)

    def _table(self, value: object, wanted: type[msgspec.Struct], key: str) -> Any:
        if not isinstance(value, dict):
            return self._wrong(key, f"应当是一张表，写成 [{key}]，现在是{_kind(value)}")
        hints = _hints(wanted)
        for name in value.keys() - hints.keys():
            self._wrong(_join(key, name), _unknown(name, list(hints)))
        read = {
            name: self.read(value[name], hint, _join(key, name))
            for name, hint in hints.items()
            if name in value
        }
        absent = [name for name in _required(wanted) if name not in value]
        for name in absent:
            self._wrong(_join(key, name), "缺这一项，必须写")
        if absent or any(one is MISSING for one in read.values()):
            return MISSING
        return wanted(**read)

    def _tables(self, value: object, wanted: Any, key: str) -> Any:
        if not isinstance(value, dict):
            return self._wrong(key, f"应当是一张表，写成 [{key}]，现在是{_kind(value)}")
        name_type, item_type = get_args(wanted)
        read = {}
        for name, item in value.items():
            self.read(name, name_type, _join(key, name))
            read[name] = self.read(item, item_type, _join(key, name))
        return MISSING if any(one is MISSING for one in read.values()) else read

    def _list(self, value: object, item_type: Any, key: str) -> Any:
        if not isinstance(value, list):
            return self._wrong(key, f"应当是列表，用方括号写成 [ … ]，现在是{_kind(value)}")
        read = [self.read(item, item_type, f"{key}.{n}") for n, item in enumerate(value, start=1)]
        return MISSING if any(one is MISSING for one in read) else tuple(read)

    def _leaf(self, value: object, wanted: Any, key: str) -> Any:
        try:
            return msgspec.convert(value, wanted)
        except msgspec.ValidationError:
            return self._wrong(key, f"应当是{expected(wanted)}，现在是{_kind(value)}")

    def _wrong(self, key: str, why: str) -> Any:
        self.problems.append(Problem(key, why))
        return MISSING


def wanted(table: type, key: str) -> Any:
    """What may be written for a key of a table, as its type."""
    return _without_none(_hints(table)[key])


def expected(wanted: Any) -> str:
    """What may be written for a key, in words: 整数（1 到 3650）, 日期, 以下之一：…"""
    if get_origin(wanted) is Annotated:
        kind, *notes = get_args(wanted)
        return expected(kind) + "".join(_bounds(note) for note in notes)
    if get_origin(wanted) is Literal:
        return "以下之一：" + "、".join(f'"{one}"' for one in get_args(wanted))
    if get_origin(wanted) is tuple:
        inside = get_args(wanted)
        return f"{len(inside)} 个{expected(inside[0])}，写成 [小, 大]"
    return _KINDS[wanted]


_KINDS = {
    str: "一段文字（加引号）",
    int: "整数（不加引号）",
    float: "数字（不加引号）",
    bool: "true 或 false",
    date: "日期，如 2022-06-28",
    time: "时刻，如 17:00:00",
}


def _bounds(note: msgspec.Meta) -> str:
    low = note.ge if note.ge is not None else note.gt
    if note.pattern is not None:
        return "，只用小写字母、数字、下划线" + (
            "和一个点" if "." in note.pattern.replace(r"\.", ".")[2:] else ""
        )
    if note.min_length is not None:
        return f"，{note.min_length} 到 {note.max_length} 个字"
    return f"，{'大于' if note.gt is not None else '不小于'} {low:g}，不大于 {note.le:g}"


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "一张表"
    if isinstance(value, list):
        return f"列表（{len(value)} 项）"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'文字 "{value[:40]}"'
    return f" {str(value)[:40]}"


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return "没有这一项" + (f"，是不是想写 {near[0]}？" if near else "，请删掉或改名")


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _without_none(wanted: Any) -> Any:
    if get_origin(wanted) in (Union, types.UnionType):
        return next(one for one in get_args(wanted) if one is not type(None))
    return wanted


@cache
def _hints(wanted: type) -> dict[str, Any]:
    return get_type_hints(wanted, include_extras=True)


@cache
def _required(wanted: type[msgspec.Struct]) -> list[str]:
    return [one.name for one in msgspec.structs.fields(wanted) if one.required]
