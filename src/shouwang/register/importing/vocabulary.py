"""Which workbooks a community keeps, and by which words each is recognised: `headings.toml`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shouwang.lib.sheets import Field, Table, Vocabulary

PEOPLE, PLACES, RESPONSIBILITY, HELPERS = "people", "places", "responsibility", "helpers"


@dataclass(frozen=True)
class Workbook:
    """A kind of workbook.

    Shape: `needs` are sets of columns; one of each must be there. `telling` columns speak for this kind.
    """

    kind: str
    words: str
    vocabulary: Vocabulary
    needs: tuple[frozenset[str], ...]
    telling: frozenset[str]

    def fits(self, table: Table) -> int:
        """How much a table looks like this kind: its telling columns; 0 where a needed one is missing."""
        fields = set(table.mapping.values())
        return len(fields & self.telling) if all(fields & need for need in self.needs) else 0


def _field(name: str, words: Mapping[str, Any]) -> Field:
    return Field(
        name,
        words["label"],
        words["kind"],
        words.get("headings", ()),
        fill_down=words.get("once", False),
        by_content=not words.get("by_heading", False),
    )


def _workbook(kind: str, words: Mapping[str, Any]) -> Workbook:
    vocabulary = Vocabulary([_field(name, column) for name, column in words["columns"].items()])
    needs = tuple(frozenset(columns) for columns in words["needs"])
    return Workbook(kind, words["words"], vocabulary, needs, frozenset(words["telling"]))


WORKBOOKS: Mapping[str, Workbook] = {
    kind: _workbook(kind, words)
    for kind, words in tomllib.loads(
        (Path(__file__).parent / "headings.toml").read_text(encoding="utf-8")
    ).items()
}
