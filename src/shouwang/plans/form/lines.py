"""On which line of a plan file a key stands, so that whoever edits it need not search."""

import re
from collections import Counter

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?\Z")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def line_of(key: str, text: str) -> int | None:
    """The line of a dotted key, or of the nearest table around it; None where nothing of it is written."""
    lines = _index(text)
    while key:
        if key in lines:
            return lines[key]
        key = key.rpartition(".")[0]
    return None


def _index(text: str) -> dict[str, int]:
    """Every table and key of the text with its line; the members of a list of tables are numbered from 1."""
    found: dict[str, int] = {}
    counted: Counter[str] = Counter()
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header is not None:
            table = _plain(header[2])
            if header[1] == "[[":
                counted[table] += 1
                table = f"{table}.{counted[table]}"
            _note(found, table, number)
        elif key is not None:
            _note(found, f"{table}.{_plain(key[1])}" if table else _plain(key[1]), number)
    return found


def _note(found: dict[str, int], key: str, number: int) -> None:
    """A line also stands for the tables that it implies: [a.b] is the first that is seen of a."""
    while key:
        found.setdefault(key, number)
        key = key.rpartition(".")[0]


def _plain(name: str) -> str:
    return re.sub(r"""["']|\s*(?=\.)|(?<=\.)\s*""", "", name)
