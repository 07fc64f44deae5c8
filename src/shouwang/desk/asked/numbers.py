"""Whole numbers out of an address or a hidden field: rows of a table, and places in a list."""

LONGEST_ROW, LONGEST_PLACE = 18, 5  # digits


def row_number(text: str) -> int | None:
    """The number of a row; nothing where it is none that a table could hold."""
    return int(text) if _whole(text, LONGEST_ROW) else None


def place_number(text: str, otherwise: int = 0) -> int:
    """From which row, or which page of a list."""
    return int(text) if _whole(text, LONGEST_PLACE) else otherwise


def _whole(text: str, most: int) -> bool:
    """Only our own ten digits: others read as digits too, and some of them are no numbers."""
    return text.isascii() and text.isdigit() and len(text) <= most
