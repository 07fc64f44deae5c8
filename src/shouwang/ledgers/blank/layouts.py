"""A blank form: where its titles, headings, rows and footnotes stand. The look is read with openpyxl, the rest safely."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from openpyxl.utils import get_column_letter

from shouwang.ledgers.blank.headings import OWN
from shouwang.lib.errors import Refusal
from shouwang.lib.fields import Field
from shouwang.lib.sheets.cells import as_text
from shouwang.lib.sheets.layout import Region, filled, find_regions
from shouwang.lib.sheets.opening import Grid, open_file
from shouwang.lib.sheets.vocabulary import Field as Word
from shouwang.lib.sheets.vocabulary import Vocabulary

MOST_COLUMNS, WIDE = 120, 30
TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计)$")
MACROS = "vbaProject.bin"
TUPLES = ("heading_rows", "headings", "groups", "texts")


class NotAForm(Refusal):
    code = "ledgers.not_a_form"
    sentence = "“{file}”是旧格式。请用 Excel 或 WPS 打开，另存为 .xlsx 再上传，这样才能照原样填。"


class HasMacros(Refusal):
    code = "ledgers.has_macros"
    sentence = "“{file}”里有宏（自动运行的程序），没有收。请另存为不带宏的 .xlsx 再上传。"


class NoHeadings(Refusal):
    code = "ledgers.no_headings"
    sentence = "“{file}”里没有找到表头。请上传上级发的空白表，表头至少要有三列。"


class NotBlank(Refusal):
    code = "ledgers.not_blank"
    sentence = "“{file}”里已经填了 {rows} 行。请上传空白表。"


class TooWide(Refusal):
    code = "ledgers.too_wide"
    sentence = "“{file}”有 {columns} 列，最多能收 {most} 列。请和上级核对是不是发错了表。"


@dataclass(frozen=True)
class Layout:
    """Rows are numbered from 1, as spreadsheet programs do; `after` is the first row below those to be filled.

    Shape: `texts` are the titles and footnotes; `headings` one for each column, a group before a slash; `groups` the
    group alone, empty where there is none (是否租户/房东电话 is one heading); `total` is the row of sums (合计), or 0.
    """

    sheet: str
    title: str
    heading_rows: tuple[int, ...]
    first: int
    after: int
    total: int
    headings: tuple[str, ...]
    groups: tuple[str, ...]
    texts: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """What a version keeps of it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Layout":
        """The layout that a version kept."""
        return cls(**{**kept, **{name: tuple(kept[name]) for name in TUPLES}})

    def own(self, column: int) -> str:
        """A column's own heading, without its group."""
        group = self.groups[column]
        return self.headings[column][len(group) + 1 :] if group else self.headings[column]

    @property
    def wide(self) -> bool:
        """Whether the form has more columns than a sheet of paper can show."""
        return len([heading for heading in self.headings if heading]) > WIDE


def read_layout(content: bytes, filename: str, fields: Iterable[Field]) -> Layout:
    """Where everything stands in a blank form.

    Raises: NotAForm, HasMacros, NoHeadings, NotBlank, TooWide, and what `sheets` refuses (password, damage, size).
    """
    grids = [grid for grid in open_file(content, filename) if not grid.hidden]
    if not content.startswith(b"PK") or not _is_xlsx(content, filename):
        raise NotAForm(file=filename)
    words = Vocabulary(
        [Word(each.key, each.words, headings=(each.words, *each.synonyms)) for each in fields]
        + [Word(key, said[0], headings=said) for key, said in OWN.items()]
    )
    for grid in grids:
        regions = find_regions(grid, words)
        if regions:
            return _layout(grid, regions[0], filename)
    raise NoHeadings(file=filename)


def _is_xlsx(content: bytes, filename: str) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        names = zipped.namelist()
    if any(name.endswith(MACROS) for name in names):
        raise HasMacros(file=filename)
    return "xl/workbook.xml" in names


def _layout(grid: Grid, region: Region, filename: str) -> Layout:
    headings = tuple(region.headings)
    if len(headings) > MOST_COLUMNS:
        raise TooWide(file=filename, columns=len(headings), most=MOST_COLUMNS)
    if len([heading for heading in headings if heading]) < 3:
        raise NoHeadings(file=filename)
    top, first = region.heading_rows[0], region.body[0]
    told = [row for row in range(first, len(grid.cells)) if filled(grid.cells[row])]
    data = [row for row in told if _is_data(grid.cells[row])]
    if data:
        raise NotBlank(file=filename, rows=len(data))
    titles = [text for row in grid.cells[:top] for text in _texts(row)]
    notes = [text for row in told for text in _texts(grid.cells[row])]
    total = next((row + 1 for row in told if TOTAL.match(_texts(grid.cells[row])[0])), 0)
    return Layout(
        sheet=grid.sheet,
        title=(titles[0] if titles else filename.rpartition(".")[0])[:80],
        heading_rows=tuple(row + 1 for row in region.heading_rows),
        first=first + 1,
        after=(told[0] + 1) if told else 0,
        total=total,
        headings=headings,
        groups=tuple(_group(grid, region, column) for column in range(len(headings))),
        texts=(*titles, *notes),
    )


def _group(grid: Grid, region: Region, column: int) -> str:
    """The group over a column, where its own heading stands in a line of its own."""
    lower = grid.cells[region.heading_rows[-1]]
    own, heading = as_text(lower[column]) if column < len(lower) else "", region.headings[column]
    grouped = len(region.heading_rows) > 1 and own and heading != own and heading.endswith(f"/{own}")
    return heading[: -len(own) - 1] if grouped else ""


def _is_data(row: list[object]) -> bool:
    """Whether a row below the headings is somebody's data, and no footnote, sum, signature or numbered empty line."""
    cells = _texts(row)
    if TOTAL.match(cells[0]) or len(cells) < 3:
        return False
    return not any(mark in text for text in cells for mark in ("：", ":", "注"))


def _texts(row: list[object]) -> list[str]:
    return [text for text in (as_text(value) for value in row) if text]


def letter(index: int) -> str:
    """A column as spreadsheet programs name it."""
    return get_column_letter(index + 1)
