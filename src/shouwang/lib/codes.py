"""Area codes: a path of digits, so that a prefix is an ancestor and a range is a subtree.

    410103 | 008 | 004 |    07    |   003    |  02  |  0502
    district  sub-  com-  compound  building  unit    door
              district munity

Codes are assigned once and never read as door numbers; what people call a door is its label.
"""

from collections.abc import Iterable

DISTRICT, SUBDISTRICT, COMMUNITY, COMPOUND, BUILDING, UNIT, DOOR = 6, 9, 12, 14, 17, 19, 23
LEVELS = (DISTRICT, SUBDISTRICT, COMMUNITY, COMPOUND, BUILDING, UNIT, DOOR)
NAMES = dict(
    zip(
        LEVELS,
        ("district", "subdistrict", "community", "compound", "building", "unit", "door"),
        strict=True,
    )
)
AFTER_ALL = "~"

Range = tuple[str, str]


def is_code(text: str) -> bool:
    """Whether this is an area code: digits of a length that a level has."""
    return text.isascii() and text.isdigit() and len(text) in LEVELS


def community_of(code: str) -> str:
    """The community an area lies in (the code itself for anything larger)."""
    return code[:COMMUNITY]


def ancestors(code: str) -> list[str]:
    """The area itself and everything above it, nearest first."""
    return [code[:length] for length in reversed(LEVELS) if length <= len(code)]


def child(parent: str, number: int) -> str:
    """The code of the n-th area below this one."""
    width = LEVELS[LEVELS.index(len(parent)) + 1]
    code = f"{parent}{number:0{width - len(parent)}d}"
    if len(code) != width:
        raise ValueError(f"{parent} has no room for area number {number}")
    return code


def subtree(code: str) -> Range:
    """Everything in an area: from its own code up to, not including, the end. The empty code is everything."""
    return (code, code + AFTER_ALL) if code else ("", AFTER_ALL)


def merged(codes: Iterable[str]) -> list[Range]:
    """The fewest ranges that hold exactly these subtrees, in order: neighbours join, inner ones vanish."""
    ranges: list[Range] = []
    for code in sorted(set(codes)):
        low, high = subtree(code)
        if ranges and low < ranges[-1][1]:
            continue
        if ranges and _touches(ranges[-1][1], low):
            ranges[-1] = (ranges[-1][0], high)
        else:
            ranges.append((low, high))
    return ranges


def parent_of(code: str) -> str:
    """The area just above (nothing above a district)."""
    index = LEVELS.index(len(code))
    return code[: LEVELS[index - 1]] if index else ""


def _touches(end: str, start: str) -> bool:
    """Whether nothing can lie between two subtrees: brothers numbered n and n + 1."""
    last = end.removesuffix(AFTER_ALL)
    return (
        is_code(last)
        and is_code(start)
        and parent_of(last) == parent_of(start)
        and int(last) + 1 == int(start)
    )
