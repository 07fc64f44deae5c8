"""What was understood of a workbook's columns, with its first rows, for somebody to look at before anything is written."""

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from django.conf import settings

from shouwang.lib.sheets import Column
from shouwang.lib.sheets.cells import as_text
from shouwang.lib.sheets.columns import recognise
from shouwang.lib.sheets.layout import Region, find_regions
from shouwang.lib.sheets.opening import Grid, open_file
from shouwang.lib.sheets.vocabulary import Vocabulary, shape_of
from shouwang.register.importing.vocabulary import WORKBOOKS
from shouwang.register.uploads import SheetShape, Upload

SHEETS_LOOKED_AT, ROWS_LOOKED_AT, ROWS_SHOWN, LONGEST_CELL = 60, 80, 3, 24
NUMBER = re.compile(r"(?<![0-9A-Za-z])([0-9]{3})[-0-9 ]{4,13}([0-9]{3}[0-9Xx])(?![0-9A-Za-z])")


@dataclass
class Understood:
    """The columns of all sheets with the same headings: each with its field and what stands under it."""

    shape: str
    sheets: list[str]
    columns: list[tuple[Column, list[str]]] = field(default_factory=list)


def understood(upload: Upload, vocabulary: Vocabulary | None = None) -> list[Understood]:
    """The columns of a kept file, one entry for each kind of sheet. Numbers of people are masked.

    Shape: without `vocabulary` it is that of the register's workbook of this kind.
    Raises: the refusals of `sheets`.
    """
    known, words = SheetShape.known(upload.kind), vocabulary or WORKBOOKS[upload.kind].vocabulary
    found: dict[str, Understood] = {}
    content = (Path(settings.MEDIA_ROOT) / upload.stored).read_bytes()
    for grid in islice(open_file(content, upload.filename), SHEETS_LOOKED_AT):
        top = replace(grid, cells=grid.cells[:ROWS_LOOKED_AT])
        for region in [] if grid.hidden else find_regions(top, words):
            _take(top, region, words, known, found)
    return list(found.values())


def fields_of(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """What a column can be, in the words of the workbook."""
    return [(name, known.label) for name, known in vocabulary.by_name.items()]


def _take(
    grid: Grid,
    region: Region,
    vocabulary: Vocabulary,
    known: dict[str, dict[int, str]],
    found: dict[str, Understood],
) -> None:
    shape = shape_of(region.headings)
    if shape in found:
        found[shape].sheets.append(grid.sheet)
        return
    body = grid.cells[slice(*region.body)]
    columns = recognise(region.headings, body, vocabulary, known.get(shape))
    told = [(column, _sample(body, column.index)) for column in columns]
    found[shape] = Understood(shape, [grid.sheet], [one for one in told if one[0].heading or any(one[1])])


def _sample(body: list[list[object]], column: int) -> list[str]:
    cells = (as_text(row[column]) if column < len(row) else "" for row in body[:ROWS_SHOWN])
    return [NUMBER.sub(r"\1****\2", cell)[:LONGEST_CELL] for cell in cells]
