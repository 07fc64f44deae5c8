"""Where the tables of a sheet stand: titles above, one or two lines of headings, the rows below."""

import re
from dataclasses import dataclass

from shouwang.lib.sheets.cells import as_text
from shouwang.lib.sheets.opening import Grid
from shouwang.lib.sheets.vocabulary import Vocabulary, normal

DIGITS_IN_DATA = re.compile(r"\d{5}|\*{3}|\d+[-/.]\d+[-/.]\d+")
LONGEST_HEADING = 40
GENERIC_WITHIN = 20  # rows: a heading that nobody knows is looked for only near the top
FULL_WIDTH = 0.8


@dataclass(slots=True)
class Region:
    """One table's place in a sheet; rows are indices, `body` is half open."""

    first: int
    heading_rows: tuple[int, ...]
    headings: list[str]
    body: tuple[int, int]


def find_regions(grid: Grid, vocabulary: Vocabulary) -> list[Region]:
    """Every table of the sheet, from top to bottom; one without headings where only data is found."""
    lines = _heading_lines(grid, vocabulary)
    if not lines:
        line = _generic_line(grid)
        lines = [line] if line is not None else []
    regions: list[Region] = []
    for line in lines:
        if regions and (line in regions[-1].heading_rows or _repeats(grid, line, regions[-1])):
            continue
        rows = _with_second_line(grid, line)
        if regions and rows[0] in regions[-1].heading_rows:
            rows = (line,)
        first = _title_start(grid, rows[0], regions[-1].heading_rows[-1] + 1) if regions else 0
        if regions:
            regions[-1].body = (regions[-1].body[0], first)
        regions.append(Region(first, rows, _joined(grid, rows), (rows[-1] + 1, len(grid.cells))))
    return regions


def filled(row: list[object]) -> list[int]:
    """The columns of a row in which anything stands."""
    return [
        column
        for column, value in enumerate(row)
        if value != "" and (type(value) is not str or value.strip())
    ]


def _heading_lines(grid: Grid, vocabulary: Vocabulary) -> list[int]:
    found = []
    for number, row in enumerate(grid.cells):
        words = _words(row)
        if len(words) < 2:
            continue
        hits = sum(1 for word in words if vocabulary.knows(word))
        if hits >= 2 and hits * 3 >= len(words):
            found.append(number)
    return found


def _words(row: list[object]) -> list[str]:
    """The cells of a row where all of them could be headings; nothing where one of them is data."""
    words = []
    for value in row:
        if value == "":
            continue
        if type(value) is not str or len(value) > LONGEST_HEADING or DIGITS_IN_DATA.search(value):
            return []
        if word := as_text(value):
            words.append(word)
    return words


def _generic_line(grid: Grid) -> int | None:
    """A line of headings that the vocabulary does not know: short different words as wide as the table."""
    for number, row in enumerate(grid.cells[:GENERIC_WITHIN]):
        words = _words(row)
        widest = max((len(filled(each)) for each in grid.cells[number : number + GENERIC_WITHIN]), default=0)
        short = all(len(word) <= LONGEST_HEADING // 2 for word in words)
        short = short and not any(word.endswith((":", "：")) for word in words)
        if len(words) >= 3 and short and len(set(words)) == len(words) and len(words) * 3 >= widest * 2:
            return number if not _looks_like_data(words) else None
    return None


def _looks_like_data(words: list[str]) -> bool:
    return any(word in ("男", "女", "是", "否") for word in words)


def _repeats(grid: Grid, line: int, region: Region) -> bool:
    """Whether this line is the region's headings once more, as at the top of each printed page."""
    own = {normal(as_text(value)) for value in grid.cells[line]} - {""}
    for row in region.heading_rows:
        theirs = {normal(as_text(value)) for value in grid.cells[row]} - {""}
        if len(own & theirs) * 10 >= len(own) * 7:
            return True
    return False


def _with_second_line(grid: Grid, line: int) -> tuple[int, ...]:
    if _is_sub_line(grid, line):
        return (line, line + 1)
    return (line - 1, line) if _is_group_line(grid, line) else (line,)


def _is_sub_line(grid: Grid, line: int) -> bool:
    """Whether the next line names parts of groups: words only under cells that span several columns."""
    if line + 1 >= len(grid.cells):
        return False
    words = _words(grid.cells[line + 1])
    upper, lower = set(filled(grid.cells[line])), set(filled(grid.cells[line + 1]))
    if len(words) < 2 or len(words) != len(lower):
        return False
    spans = [
        (left, right) for (top, left), (low, right) in grid.merges if top == low == line and right > left
    ]
    grouped = {column for left, right in spans for column in range(left, right + 1)}
    single = {left for (top, left), (low, right) in grid.merges if top == low == line and right == left}
    if grouped:
        return lower <= grouped | single | (lower - upper)
    gaps = set(range(min(upper), max(upper | lower) + 1)) - upper
    starts = {column for column in upper if column + 1 in gaps}
    return bool(gaps) and gaps <= lower and lower <= gaps | starts


def _is_group_line(grid: Grid, line: int) -> bool:
    """Whether the line above names groups of headings; a title spans all, a line to fill in has colons."""
    if line == 0:
        return False
    above, own = filled(grid.cells[line - 1]), filled(grid.cells[line])
    words = _words(grid.cells[line - 1])
    if not words or len(words) != len(above) or any(word.endswith((":", "：")) for word in words):
        return False
    width = len(own)
    spans = [
        right - left + 1
        for (top, left), (low, right) in grid.merges
        if top == low == line - 1 and right > left
    ]
    if spans:
        return max(spans) < width * FULL_WIDTH
    return 2 <= len(words) <= width // 2 and above[-1] > above[0] + 1


def _joined(grid: Grid, rows: tuple[int, ...]) -> list[str]:
    """One heading per column; a group and its part as 个人信息/姓名."""
    width = max(len(grid.cells[row]) for row in rows)
    lower = _texts(grid.cells[rows[-1]], width)
    if len(rows) == 1:
        return lower
    upper = _spread(grid, rows[0], _texts(grid.cells[rows[0]], width), lower)
    return [
        f"{group}/{own}" if group and own and group != own else group or own
        for group, own in zip(upper, lower, strict=True)
    ]


def _texts(row: list[object], width: int) -> list[str]:
    return [as_text(row[column]) if column < len(row) else "" for column in range(width)]


def _spread(grid: Grid, line: int, upper: list[str], lower: list[str]) -> list[str]:
    """The group over each column: by its merged cell; where nothing is merged, on to the next word."""
    spans = [
        (left, right) for (top, left), (low, right) in grid.merges if top == low == line and right > left
    ]
    spread = list(upper)
    if spans:
        for left, right in spans:
            spread[left : right + 1] = [upper[left]] * (right + 1 - left)
        return spread[: len(upper)]
    for column in range(1, len(spread)):
        if not spread[column] and lower[column]:
            spread[column] = spread[column - 1]
    return spread


def _title_start(grid: Grid, line: int, lowest: int) -> int:
    """Where the titles of a later table begin: the lines above it in which only one cell stands."""
    start = line
    while start > lowest and len(filled(grid.cells[start - 1])) == 1:
        start -= 1
    return start
