"""From a table's lines to cleaned rows: blank household cells filled, every cell read by its kind."""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import accumulate, takewhile

from shouwang.lib.doors import parse_area
from shouwang.lib.sheets.book import Doubt, Row, Skipped, Table
from shouwang.lib.sheets.cells import CLEANERS, Cell, as_text
from shouwang.lib.sheets.layout import Region, filled
from shouwang.lib.sheets.lines import SERIAL, WIDE_MERGE, Reader
from shouwang.lib.sheets.opening import Grid
from shouwang.lib.sheets.vocabulary import Field, Vocabulary, normal

UNKNOWN = {
    "formula": ("cell.formula", "这里只有公式，没有算好的结果。请用 Excel 打开后重新保存再导入。"),
    "error": ("cell.error", "这里是表格软件的出错标记，请核对。"),
}


def read_rows(
    grid: Grid, region: Region, table: Table, vocabulary: Vocabulary, reference: date | None
) -> None:
    """Put every line of the region into the table: as a row, or as skipped with its reason."""
    reader = _reader(grid, region, table, vocabulary)
    _skip_above(grid, region, table)
    last_full = _last_full(grid, region, reader)
    household = _Household(vocabulary, {each.name for each in reader.kinds.values()})
    cleaner = _Cleaner(grid, table, reader.kinds, reference)
    section = table.title[-1] if table.title and household.begin(table.title[-1]) else ""
    for number in range(*region.body):
        row = grid.cells[number]
        reason = reader.reason(number, row, number > last_full)
        if not reason:
            table.rows.append(household.completed(cleaner.read(number, row, section)))
            if household.lost:
                cleaner.doubt_door(table.rows[-1])
            continue
        words = " ".join(as_text(row[column]) for column in filled(row))
        # A blank line inside a merged door is only a line that the form left free.
        household.gap = reason == "blank" and not words
        table.skipped.append(Skipped(number + 1, reason, words))
        if reason == "section":
            section = words
            household.begin(words, cleaner.read(number, row, section).values)
    bracket(table.rows, household.fields)


def spread_merges(grid: Grid, region: Region) -> None:
    """Write the value of each merged cell into all lines that it covers, in its first column."""
    start, end = region.body
    for (top, left), (bottom, _) in grid.merges:
        if bottom > top >= start and left < len(grid.cells[top]) and grid.cells[top][left] != "":
            below = range(top + 1, min(bottom + 1, end))
            for number in (line for line in below if left < len(grid.cells[line])):
                grid.cells[number][left] = grid.cells[top][left]
                grid.spread.add((number, left))


def bracket(rows: Sequence[Row], fields: Sequence[str]) -> None:
    """Give a household without a door the building and unit that stand both before and behind it."""
    named = [{name: row.values[name] for name in fields if name in row.values} for row in rows]
    behind: Iterator[dict[str, str]] = accumulate(reversed(named), _nearer)
    above: dict[str, str] = {}
    for row, own, below in zip(rows, named, reversed(list(behind)), strict=True):
        if own:
            above = own
            continue
        wide = [name for name in fields if name in above or name in below]
        agreed = _agreed(above, below, wide)
        row.values |= {name: above[name] for name in agreed}
        row.filled |= frozenset(agreed)


def _nearer(below: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    return own or below


def _agreed(above: Mapping[str, str], below: Mapping[str, str], names: Sequence[str]) -> list[str]:
    """The first names under which both say the same."""
    return list(takewhile(lambda name: above.get(name) == below.get(name), names))


def _reader(grid: Grid, region: Region, table: Table, vocabulary: Vocabulary) -> Reader:
    kinds = {
        column: vocabulary.by_name[name]
        for column, name in table.mapping.items()
        if name in vocabulary.by_name
    }
    serial = frozenset(column for column, heading in enumerate(table.headings) if normal(heading) in SERIAL)
    words = {normal(as_text(value)) for line in region.heading_rows for value in grid.cells[line]}
    wide = frozenset(
        top for (top, left), (low, right) in grid.merges if top == low and right - left + 1 >= WIDE_MERGE
    )
    return Reader(kinds, serial, frozenset(words - {""}), wide, grid.spread)


def _skip_above(grid: Grid, region: Region, table: Table) -> None:
    for number in range(region.first, region.body[0]):
        words = " ".join(as_text(grid.cells[number][column]) for column in filled(grid.cells[number]))
        if number in region.heading_rows:
            table.skipped.append(Skipped(number + 1, "heading", words))
            continue
        table.skipped.append(Skipped(number + 1, "title" if words else "blank", words))
        table.title += [words] if words else []


def _last_full(grid: Grid, region: Region, reader: Reader) -> int:
    """The last line that is surely data: what follows it with few words is a footnote or a signature."""
    for number in range(region.body[1] - 1, region.body[0] - 1, -1):
        row = grid.cells[number]
        if len(filled(row)) >= 3 and not reader.reason(number, row, rest=False):
            return number
    return region.body[0] - 1


class _Household:
    """Remembers the household above: fields from the widest (compound) to the narrowest (head)."""

    def __init__(self, vocabulary: Vocabulary, mapped: Set[str]) -> None:
        self.fields = [each.name for each in vocabulary.fields if each.fill_down]
        self.by_kind = {
            each.kind: each.name for each in vocabulary.fields if each.kind in {"building", "unit"}
        }
        self.alone = mapped.isdisjoint(self.fields)
        self.above: dict[str, str] = {}
        self.begun = self.gap = self.lost = False

    def begin(self, words: str, values: Mapping[str, str] | None = None) -> bool:
        """A line above the rows names the building or unit of all that follows; says whether it does."""
        building, unit = parse_area(words)
        named = {"building": building, "unit": unit} if building or unit else {}
        found = {self.by_kind[kind]: label for kind, label in named.items() if label and kind in self.by_kind}
        found = found or {name: label for name, label in (values or {}).items() if name in self.fields}
        wider = list(takewhile(lambda name: name not in found, self.fields))
        if found:
            self.above = {name: self.above[name] for name in wider if name in self.above} | found
        return bool(found)

    def completed(self, row: Row) -> Row:
        """The row with what its household's first line said; where an own cell differs, a new one begins.

        A cell wider than the first that differs is taken from above (the next room of the same building); a
        narrower one is not (a new room has its own head). After a blank line somebody without any door is
        not put into the household above: whose door it is is not known.
        """
        bare = not any(name in row.values for name in self.fields)
        self.lost = bare and self.gap and self.begun and not self.alone
        changed, taken = self.lost or not (self.begun or self.above), []
        first, self.gap, self.begun = not self.begun, False, True
        for name in self.fields:
            own = row.values.get(name)
            if own is not None:
                changed = changed or own != self.above.get(name, "")
            elif name in self.above and (not changed or (bare and not self.lost)):
                row.values[name] = self.above[name]
                taken.append(name)
        row.filled, row.starts = frozenset(taken), changed or first or self.alone
        self.above = {name: row.values[name] for name in self.fields if row.values.get(name)}
        row.values = {name: value for name, value in row.values.items() if value}
        return row


class _Cleaner:
    """Reads the cells of one table; equal cells of one kind are read once."""

    def __init__(self, grid: Grid, table: Table, kinds: Mapping[int, Field], reference: date | None) -> None:
        self.grid, self.table, self.reference = grid, table, reference
        self.columns = [
            (column, each, CLEANERS[each.kind], _Known()) for column, each in sorted(kinds.items())
        ]
        self.letters = {column.index: column.letter for column in table.columns}

    def read(self, number: int, cells: list[object], section: str) -> Row:
        row = Row(number + 1, {}, cells, section=section)
        for column, each, clean, known in self.columns:
            value = cells[column] if column < len(cells) else ""
            if value == "" or value is None:
                continue
            key = (type(value), value)
            cell = known.get(key)
            if cell is None:
                cell = known[key] = clean(value, self.reference)
            if cell.value:
                row.values[each.name] = cell.value
            if cell.problem or cell.others or cell.remark:
                self._notice(row, column, each, cell)
        if self.grid.unknown:
            self._unknown(row, number)
        return row

    def doubt_door(self, row: Row) -> None:
        """Say that a household has lost its door to a blank line."""
        column = next(column for column, each, _, _ in self.columns if each.fill_down)
        sentence = "上面空了一行，这一户没有写楼号和房号，不知道是哪一户，请补上。"
        row.doubts.append(self._doubt(row.number, column, "household.no_door", sentence, ""))

    def _notice(self, row: Row, column: int, each: Field, cell: Cell) -> None:
        if cell.problem:
            row.doubts.append(
                self._doubt(row.number, column, cell.problem, cell.sentence, as_text(row.raw[column]))
            )
        if cell.others:
            row.others[each.name] = cell.others
        if cell.remark:
            row.remarks[each.name] = cell.remark

    def _unknown(self, row: Row, number: int) -> None:
        for column, each, _, _ in self.columns:
            if kind := self.grid.unknown.get((number, column)):
                row.doubts.append(self._doubt(row.number, column, *UNKNOWN[kind], ""))
                row.values.setdefault(each.name, "")  # something stands here: not to be filled from above

    def _doubt(self, number: int, column: int, code: str, sentence: str, value: str) -> Doubt:
        heading = self.table.headings[column]
        return Doubt(self.table.sheet, number, self.letters[column], heading, code, sentence, value)


class _Known(dict[tuple[type, object], Cell]):
    """The cells of one column that were read before."""
