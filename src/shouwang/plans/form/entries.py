"""A plan laid out line by line: every value with its place, its words and where it comes from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

import msgspec

from shouwang.plans.form.reading import wanted
from shouwang.plans.form.vocabulary import Part, Words
from shouwang.plans.form.wording import label, named, say

Path = tuple[str, ...]


class Spot(NamedTuple):
    """Where the walk stands: keys, their words, the key that gives the unit, the source that holds here."""

    path: Path
    place: tuple[str, ...]
    field: str
    source: str


ABOUT_THE_FILE = frozenset({"source", "source_of", "to_be_set", "note", "sources", "words"})
_IDENTITY = frozenset({"name", "version", "edition", "valid_from"})


@dataclass(frozen=True)
class Entry:
    """One value of a plan: where it stands, as keys and as words, and the name of its source.

    Shape: `field` is the key that gives the value its unit; for `result_hours.single` that is `result_hours`.
    """

    path: Path
    place: tuple[str, ...]
    field: str
    value: object
    source: str

    @property
    def key(self) -> str:
        """The place as it is written in the file: `regimes.close_contact.steps.1.days`."""
        return ".".join(self.path)

    @property
    def is_number(self) -> bool:
        """Whether this is a figure that must have a source: a number, an hour, a day, or several."""
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        return any(isinstance(one, int | float | date | time) and not isinstance(one, bool) for one in values)

    @property
    def said(self) -> str:
        """The value as it is read aloud."""
        return say(self.field, self.value)


@dataclass(frozen=True)
class Setting:
    """A setting without a number: where it stands, as a key and as words, what is known about it, what fits there."""

    key: str
    place: tuple[str, ...]
    note: str
    wanted: object


def entries(plan: msgspec.Struct) -> Iterator[Entry]:
    """Every value that a plan states, in the order of the schema; what is absent does not appear."""
    for name in plan.__struct_fields__:
        if name not in ABOUT_THE_FILE | _IDENTITY:
            yield from _walk(getattr(plan, name), Spot((name,), (label(name),), name, ""))


def open_settings(plan: msgspec.Struct) -> Iterator[Setting]:
    """Every setting that no document answers and that the operator must fill."""
    for path, place, part in parts(plan):
        for key in part.to_be_set:
            yield Setting(".".join((*path, key)), (*place, label(key)), part.note, wanted(type(part), key))


def parts(
    value: object, path: Path = (), place: tuple[str, ...] = ()
) -> Iterator[tuple[Path, tuple[str, ...], Part]]:
    """Every table of a plan with its place."""
    if isinstance(value, Part):
        yield path, place, value
    for key, words, child in children(value):
        yield from parts(child, (*path, key), (*place, words))


def children(value: object) -> list[tuple[str, str, object]]:
    """What stands inside a table, a list of tables or a table of tables: key, words, value."""
    if isinstance(value, Words):
        return []
    if isinstance(value, msgspec.Struct):
        fields = [name for name in value.__struct_fields__ if name not in ABOUT_THE_FILE]
        return [(name, label(name), getattr(value, name)) for name in fields]
    if isinstance(value, dict):
        return [(key, title(key, child), child) for key, child in value.items()]
    if isinstance(value, tuple) and any(isinstance(one, msgspec.Struct) for one in value):
        return [(str(n), f"第 {n} 步", child) for n, child in enumerate(value, start=1)]
    return []


def title(key: str, value: object) -> str:
    """What a table that the plan names is called on screen."""
    words = value if isinstance(value, Words) else getattr(value, "words", None)
    if isinstance(words, Words):
        return words.zh_hans
    return str(value.title) if isinstance(value, msgspec.Struct) and hasattr(value, "title") else named(key)


def _walk(value: object, at: Spot) -> Iterator[Entry]:
    if value is None or value == () or value == {}:
        return
    if isinstance(value, Words):
        value = value.zh_hans
    inside = children(value)
    if not inside and not isinstance(value, msgspec.Struct):
        yield Entry(at.path, at.place, at.field, value, at.source)
    own = getattr(value, "source", "") or at.source
    exceptions = getattr(value, "source_of", {})
    for key, words, child in inside:
        field = at.field if isinstance(value, dict) else key
        yield from _walk(child, Spot((*at.path, key), (*at.place, words), field, exceptions.get(key, own)))
