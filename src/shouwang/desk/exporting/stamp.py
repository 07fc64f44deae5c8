"""Who and when as a picture behind the cells of a workbook: the number of the account and the minute, slanted, light.

Drawn by hand from a few dots each: a server need not have any font, and a name stands in words beside it.
"""

import struct
import zlib
from dataclasses import dataclass

DOTS = {
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00010 00100 01000 11111",
    "3": "11111 00010 00100 00010 00001 10001 01110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
    "-": "00000 00000 00000 11111 00000 00000 00000",
    ":": "00000 01100 01100 00000 01100 01100 00000",
    " ": "00000 00000 00000 00000 00000 00000 00000",
}
DOT, STEP, HEIGHT = 3, 6, 7
MARGIN, SLANT = 30, 4  # one up for every four to the right
ACROSS, DOWN = 2, 3  # fills a sheet of A4
LIGHT = b"\xff\xff\xff\xdc\xe2\xe0"


@dataclass(frozen=True)
class Mark:
    """The picture twice: a tile that repeats itself on the screen, and a whole sheet of paper full of it."""

    on_screen: bytes
    on_paper: bytes


def stamp(words: str) -> Mark:
    """The marks with these digits on them; everything else is see-through."""
    width = len(words) * STEP * DOT + 2 * MARGIN
    height = HEIGHT * DOT + width // SLANT + 2 * MARGIN
    rows = [bytearray(width) for _ in range(height)]
    for place, sign in enumerate(words):
        for y, line in enumerate(DOTS.get(sign, DOTS[" "]).split()):
            for x in (x for x, lit in enumerate(line) if lit == "1"):
                _dot(rows, MARGIN + (place * STEP + x) * DOT, y * DOT)
    return Mark(_png(rows), _png([row * ACROSS for row in rows] * DOWN))


def _dot(rows: list[bytearray], left: int, top: int) -> None:
    """One dot, lifted the more the further to the right it stands."""
    lowest = len(rows) - MARGIN - HEIGHT * DOT
    for y in range(top, top + DOT):
        for x in range(left, left + DOT):
            rows[lowest + y - (x - MARGIN) // SLANT][x] = 1


def _png(rows: list[bytearray]) -> bytes:
    head = struct.pack(">2I5B", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    dots = b"".join(b"\0" + bytes(row) for row in rows)
    parts = (
        (b"IHDR", head),
        (b"PLTE", LIGHT),
        (b"tRNS", b"\0"),
        (b"IDAT", zlib.compress(dots, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, told) for name, told in parts)


def _part(name: bytes, told: bytes) -> bytes:
    return struct.pack(">I", len(told)) + name + told + struct.pack(">I", zlib.crc32(name + told))
