"""From the bytes of a file to plain grids of cells, or to a sentence that says why not."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import charset_normalizer
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from shouwang.lib.errors import Refusal
from shouwang.lib.sheets import archive
from shouwang.lib.sheets.limits import MAX_COLUMNS, MAX_FILE_BYTES, MAX_ROWS, TooBig, TooManyRows, TooWide
from shouwang.lib.sheets.markup import WebTables, looks_like_a_page

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
DELIMITERS = ",\t;|，"
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SAMPLE_LINES = 50


class NotASpreadsheet(Refusal):
    """The file is something else."""

    code = "sheets.not_a_spreadsheet"
    sentence = "“{file}”不是电子表格。请用 Excel 或 WPS 打开，另存为 .xlsx 后再导入。"


class Encrypted(Refusal):
    """The file wants a password."""

    code = "sheets.encrypted"
    sentence = "“{file}”加了密码，打不开。请先在 Excel 或 WPS 里去掉密码，再导入。"


class Damaged(Refusal):
    """The file was cut off or is broken inside."""

    code = "sheets.damaged"
    sentence = "“{file}”不完整或已损坏，可能没有下载完。请重新拿一份再导入。"


@dataclass(slots=True)
class Grid:
    """The cells of one sheet: row 0 is what the spreadsheet program calls row 1.

    Shape: `merges` are ((top, left), (bottom, right)) with both ends inside; `of` is how many sheets the
    file has; `spread` are cells that took their value from a merged cell above; `unknown` are cells of
    which the file holds only a formula or an error, with which of the two.
    """

    sheet: str
    cells: list[list[object]]
    merges: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    unknown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: bool = False
    of: int = 1
    spread: set[tuple[int, int]] = field(default_factory=set)


def open_file(source: str | Path | bytes, filename: str | None) -> Iterator[Grid]:
    """Every sheet of a file as a grid, whatever its format.

    Raises: NotASpreadsheet, Encrypted, Damaged, and the refusals of `limits`.
    """
    content = source if isinstance(source, bytes) else _bytes_of(Path(source))
    shown = filename or ("表格" if isinstance(source, bytes) else Path(source).name)
    if len(content) > MAX_FILE_BYTES:
        raise TooBig(file=shown)
    if content.startswith(b"PK"):
        yield from _from_zip(content, shown)
    elif content.startswith(OLE):
        if ENCRYPTED_STREAM in content:
            raise Encrypted(file=shown)
        yield from _from_workbook(content, shown, {})
    else:
        yield from _from_text(content, shown)


def _bytes_of(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise TooBig(file=path.name)
    return path.read_bytes()


def _from_zip(content: bytes, shown: str) -> Iterator[Grid]:
    try:
        found = archive.inspect(content, shown)
    except archive.BrokenArchive as broken:
        raise Damaged(file=shown) from broken
    if found.encrypted:
        raise Encrypted(file=shown)
    if not found.is_workbook:
        raise NotASpreadsheet(file=shown)
    yield from _from_workbook(content, shown, found.unknown)


def _from_workbook(
    content: bytes, shown: str, unknown: dict[str, dict[tuple[int, int], str]]
) -> Iterator[Grid]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        for meta in sheets:
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.total_height > MAX_ROWS:
                raise TooManyRows(file=shown, sheet=meta.name, rows=sheet.total_height, most=MAX_ROWS)
            cells: list[list[object]] = list(map(list, sheet.to_python(skip_empty_area=False)))
            merges = sheet.merged_cell_ranges or []
            hidden = meta.visible != SheetVisibleEnum.Visible
            yield _measured(
                Grid(meta.name, cells, merges, unknown.get(meta.name, {}), hidden, len(sheets)), shown
            )
    except PasswordError as locked:
        raise Encrypted(file=shown) from locked
    except CalamineError as broken:
        raise Damaged(file=shown) from broken
    except BaseException as broken:
        # The reader is written in Rust: where it panics on broken bytes, Python sees no ordinary exception.
        if type(broken).__name__ != "PanicException":
            raise
        raise Damaged(file=shown) from broken


def _measured(grid: Grid, shown: str) -> Grid:
    """The same grid; a refusal where cells are filled beyond the widest sheet that people make."""
    if (grid.cells and len(grid.cells[0]) > MAX_COLUMNS) or any(len(row) > MAX_COLUMNS for row in grid.cells):
        for row in grid.cells:
            if any(value != "" for value in row[MAX_COLUMNS:]):
                raise TooWide(file=shown, sheet=grid.sheet, most=MAX_COLUMNS)
        grid.cells = [row[:MAX_COLUMNS] for row in grid.cells]
    return grid


def _from_text(content: bytes, shown: str) -> Iterator[Grid]:
    text = _decoded(content, shown)
    if looks_like_a_page(text):
        yield _from_page(text, shown)
        return
    lines = text.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter, lines = lines[0][4], ["\n", *lines[1:]]
    else:
        delimiter = _delimiter(lines[:SAMPLE_LINES])
    if not delimiter:
        raise NotASpreadsheet(file=shown)
    cells: list[list[object]] = []
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            if len(cells) >= MAX_ROWS:
                raise TooManyRows(file=shown, sheet=shown, rows=MAX_ROWS + 1, most=MAX_ROWS)
            cells.append([_unforced(value) for value in record])
    except csv.Error as broken:
        raise Damaged(file=shown) from broken
    yield _measured(Grid(Path(shown).stem, cells), shown)


def _from_page(text: str, shown: str) -> Grid:
    tables = WebTables()
    tables.feed(text)
    tables.close()
    if len(tables.cells) > MAX_ROWS:
        raise TooManyRows(file=shown, sheet=shown, rows=len(tables.cells), most=MAX_ROWS)
    return _measured(Grid(Path(shown).stem, tables.cells, tables.merges), shown)


def _unforced(value: str) -> object:
    """Without the ="…" by which a program forced a number to stay text."""
    return value[2:-1] if value.startswith('="') and value.endswith('"') else value


def _decoded(content: bytes, shown: str) -> str:
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content or not content.strip():
        raise NotASpreadsheet(file=shown)
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as wrong:
            # A file that was cut off in the middle of its last character is still that encoding.
            if len(content) - wrong.start < 4:
                return content[: wrong.start].decode(encoding)
    best = charset_normalizer.from_bytes(content).best()
    if best is None:
        raise NotASpreadsheet(file=shown)
    return str(best)


def written_as(content: bytes) -> tuple[str, str]:
    """The encoding and the delimiter of a text file with cells, so that an answer can be written in the same."""
    encoding = next((name for mark, name in BOMS if content.startswith(mark)), "")
    if not encoding:
        try:
            content.decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = "gb18030"
    text = content.decode(encoding, errors="replace")
    return encoding, _delimiter(text.splitlines(keepends=True)[:SAMPLE_LINES]) or ","


def _delimiter(lines: list[str]) -> str:
    """The sign that cuts most of the lines into the same number of cells; empty where no sign does."""
    best, most = "", 0.0
    for sign in DELIMITERS:
        widths = _widths(lines, sign)
        usual = max(set(widths), key=widths.count) if widths else 1
        score = usual**0.5 * widths.count(usual) / len(widths) if usual > 1 else 0.0
        best, most = (sign, score) if score > most else (best, most)
    return best


def _widths(lines: list[str], sign: str) -> list[int]:
    try:
        return [len(record) for record in csv.reader(lines, delimiter=sign) if any(record)]
    except csv.Error:
        return []  # a cell of more than 131,072 signs: the table is not divided by this one
