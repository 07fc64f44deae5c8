"""Which workbooks a community keeps, and by which words each is recognised: `headings.toml`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from shouwang.lib.errors import Refusal
from shouwang.lib.sheets import Field, Vocabulary
from shouwang.lib.sheets.columns import recognise
from shouwang.lib.sheets.layout import find_regions
from shouwang.lib.sheets.opening import Grid, open_file

PEOPLE, PLACES, RESPONSIBILITY, HELPERS = "people", "places", "responsibility", "helpers"
SHEETS_LOOKED_AT = 6
ROWS_LOOKED_AT = 80


class UnknownWorkbook(Refusal):
    code = "register.unknown_workbook"
    sentence = "看不出“{file}”是什么表。能收的有：人口底册、场所底册、包保责任表、力量花名册。"


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

    def fits(self, fields: set[str]) -> int:
        """How much these columns look like this kind: the telling ones; 0 where a needed one is missing."""
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


def what_is_it(source: str | Path | bytes, filename: str) -> str:
    """The kind of a workbook, by its headings. Raises: UnknownWorkbook, and what `sheets` refuses."""
    scores = dict.fromkeys(WORKBOOKS, 0)
    for grid in islice(open_file(source, filename), SHEETS_LOOKED_AT):
        top = replace(grid, cells=grid.cells[:ROWS_LOOKED_AT])
        for kind, workbook in WORKBOOKS.items():
            scores[kind] = max(scores[kind], workbook.fits(_fields(top, workbook.vocabulary)))
    best = max(scores, key=lambda kind: scores[kind])
    if not scores[best]:
        raise UnknownWorkbook(file=filename)
    return best


def _fields(grid: Grid, vocabulary: Vocabulary) -> set[str]:
    """The fields found on a sheet, in its first lines; without headings by what stands in the cells."""
    regions = find_regions(grid, vocabulary)
    width = max((len(row) for row in grid.cells), default=0)
    looks = [(region.headings, grid.cells[slice(*region.body)]) for region in regions]
    return {
        column.field
        for headings, body in looks or [([""] * width, grid.cells)]
        for column in recognise(headings, body, vocabulary, None)
        if column.field
    }
