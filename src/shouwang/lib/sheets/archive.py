"""A look into a zipped workbook before it is unpacked into memory: is it honest, how far does it reach?

Each part is inflated once as a stream, counted, and forgotten: the directory of a zip may lie about sizes.
The streams of worksheets are also searched for their furthest filled cell, because one cell at XFD1048576
would make the reader ask for a rectangle of 17 thousand million cells.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from shouwang.lib.sheets.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PARTS,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    RATIO_FROM_BYTES,
    Bomb,
    TooManyRows,
    TooWide,
)

CHUNK = 1 << 20
# What the zip and XML readers of the standard library raise on bytes that make no sense.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    ElementTree.ParseError,
)
LONGEST_TAG = 4096
# A filled cell: its tag is not closed at once.
LETTERS = re.compile(rb' r="([A-Z]{1,9})\d{1,12}"(?:>| [^>]*[^/>]>)')
FAR_DOWN = re.compile(rb' r="[A-Z]{1,9}(\d{6,12})"(?:>| [^>]*[^/>]>)')
NO_REFERENCE = re.compile(rb"<(?:\w+:)?c(?: [^>r]*)?>")
ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d{7,12})"')
UNKNOWN = re.compile(
    rb'<(?:\w+:)?c (?:[^>]*? )?r="([A-Z]{1,3})(\d{1,7})"([^>]*)>\s*'
    rb"(<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>)?"
)
ODS_WIDE = re.compile(rb'<table:table-cell [^>]*?number-columns-repeated="(\d+)"[^>]*?(?<!/)>')
ODS_TALL = re.compile(
    rb'<table:table-row [^>]*?number-rows-repeated="(\d+)"[^>]*?>(?=\s*<table:table-cell[^>]*?value)'
)


class BrokenArchive(Exception):
    """The zip cannot be read to its end."""


@dataclass
class Found:
    """What the archive holds; `unknown` are cells with only a formula or an error, by sheet name."""

    is_workbook: bool = False
    encrypted: bool = False
    unknown: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


def inspect(content: bytes, shown: str) -> Found:
    """Check sizes and reach of every part.

    Raises: BrokenArchive, Bomb, TooWide, TooManyRows. Cost: inflates everything once, in constant memory.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            return _inspect(zipped, content, shown)
    except BROKEN as broken:
        raise BrokenArchive(str(broken)) from broken


def _inspect(zipped: zipfile.ZipFile, content: bytes, shown: str) -> Found:
    parts = zipped.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise Bomb(file=shown)
    names = {part.filename for part in parts}
    found = Found(encrypted=any(part.flag_bits & 1 for part in parts))
    found.is_workbook = "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names
    if found.encrypted or not found.is_workbook:
        return found
    sheets = _sheet_names(zipped) if "xl/workbook.xml" in names else {}
    total = 0
    for part in parts:
        reach = _Reach(shown, sheets.get(part.filename, ""), part.filename == "content.xml")
        cells = reach if part.filename in sheets or reach.is_ods else None
        total += _unpack(part, content, cells, most=MAX_UNPACKED_BYTES - total, shown=shown)
        if reach.unknown:
            found.unknown[reach.sheet] = reach.unknown
    found.encrypted = "META-INF/manifest.xml" in names and b"encryption-data" in zipped.read(
        "META-INF/manifest.xml"
    )
    return found


def _unpack(part: zipfile.ZipInfo, content: bytes, cells: "_Reach | None", *, most: int, shown: str) -> int:
    """How large a part really is; where it holds cells they are looked at on the way. Raises: Bomb, BrokenArchive."""
    most = min(most, max(RATIO_FROM_BYTES, part.compress_size * MAX_RATIO))
    size = 0
    for chunk in _inflated(content, part):
        size += len(chunk)
        if size > most:
            raise Bomb(file=shown)
        if cells:
            cells.read(chunk)
    if size != part.file_size:
        raise BrokenArchive(part.filename)
    return size


def _inflated(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's real bytes, chunk by chunk, never more than a chunk at once."""
    start = part.header_offset
    name_length, extra_length = struct.unpack("<HH", content[start + 26 : start + 30])
    start += 30 + name_length + extra_length
    packed = content[start : start + part.compress_size]
    if len(packed) < part.compress_size:
        raise BrokenArchive(part.filename)
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise BrokenArchive(part.filename)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not inflater.eof:
        yield inflater.decompress(packed, CHUNK)
        packed = inflater.unconsumed_tail
    yield inflater.flush()


def _sheet_names(zipped: zipfile.ZipFile) -> dict[str, str]:
    """The sheet's name for each worksheet part."""
    targets = {}
    relations = ElementTree.fromstring(zipped.read("xl/_rels/workbook.xml.rels"))
    for relation in relations:
        target = relation.get("Target", "").lstrip("/")
        targets[relation.get("Id")] = target if target.startswith("xl/") else f"xl/{target}"
    names = {}
    for element in ElementTree.fromstring(zipped.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            names[targets.get(key, "")] = element.get("name", "")
    return names


class _Reach:
    """Follows one worksheet's stream: the furthest filled cell, and cells without a value of their own."""

    def __init__(self, shown: str, sheet: str, is_ods: bool) -> None:
        self.shown, self.sheet, self.is_ods = shown, sheet, is_ods
        self.rows = self.columns = 0
        self.unknown: dict[tuple[int, int], str] = {}
        self.rest = b""

    def read(self, chunk: bytes) -> None:
        text = self.rest + chunk
        # Cells that the chunk cuts in two are read with the next one.
        cut = text.rfind(b"<table:table-row" if self.is_ods else b"<row", max(len(text) - CHUNK // 2, 0))
        cut = cut if cut > 0 else max(len(text) - LONGEST_TAG, 0)
        self.rest = text[cut:] if chunk else b""
        self._ods(text) if self.is_ods else self._cells(text)

    def _cells(self, text: bytes) -> None:
        self.columns = max([self.columns, *(_column(letters) for letters in set(LETTERS.findall(text)))])
        self.rows = max([self.rows, *(int(digits) for digits in FAR_DOWN.findall(text))])
        if NO_REFERENCE.search(text):
            self.rows = max([self.rows, *(int(digits) for digits in ROW.findall(text))])
        if b"<f" in text or b":f" in text or b't="e"' in text:
            self._values(text)
        self._judge()

    def _values(self, text: bytes) -> None:
        for letters, digits, attributes, formula, value in UNKNOWN.findall(text):
            place = (int(digits) - 1, _column(letters) - 1)
            if b't="e"' in attributes:
                self.unknown[place] = "error"
            elif formula and not value and b't="str"' not in attributes:
                self.unknown[place] = "formula"

    def _ods(self, text: bytes) -> None:
        self.columns = max([self.columns, *(int(many) for many in ODS_WIDE.findall(text))])
        self.rows = max([self.rows, *(int(many) for many in ODS_TALL.findall(text))])
        self._judge()

    def _judge(self) -> None:
        if self.columns > MAX_COLUMNS:
            raise TooWide(file=self.shown, sheet=self.sheet, most=MAX_COLUMNS)
        if self.rows > MAX_ROWS:
            raise TooManyRows(file=self.shown, sheet=self.sheet, rows=self.rows, most=MAX_ROWS)
        if self.rows * self.columns > MAX_CELLS:
            raise TooManyRows(
                file=self.shown, sheet=self.sheet, rows=self.rows, most=MAX_CELLS // self.columns
            )


def _column(letters: bytes) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + sign - 64
    return number
