"""Characters that mean the same: full-width, invisible, Chinese and traditional ones made plain."""

import re
import unicodedata
from functools import cache

INVISIBLE = dict.fromkeys((0x7F, 0xAD, 0xFEFF, *range(0x00, 0x09), *range(0x0E, 0x20)))
INVISIBLE |= dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
INVISIBLE |= dict.fromkeys(range(0xFE00, 0xFE10))
UNSEEN = INVISIBLE | dict.fromkeys((0x0B, 0x0C))
NO_NUL = "^[^\\x00]*$"  # what PostgreSQL can keep, as a pattern
BLANKS = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－﹣ー─", "-"))
NUMERAL = re.compile(r"[零〇○一二三四五六七八九十百]+")
DIGITS = {"零": 0, "〇": 0, "○": 0, "一": 1, "二": 2, "三": 3, "四": 4}
DIGITS |= {"五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"十": 10, "百": 100}


def tidy(text: str) -> str:
    """What a person sees in a cell: invisible characters gone, each run of blanks one space, ends trimmed."""
    if not text or (text.isascii() and text.isalnum()):
        return text
    return BLANKS.sub(" ", text.translate(INVISIBLE)).strip()


def visible(text: str) -> str:
    """What was typed or pasted without the signs that nobody can see and no table keeps; lines and tabs stay."""
    return text.translate(UNSEEN)


def plain(text: str) -> str:
    """The same in half-width characters with one kind of dash, for comparing and for reading numbers."""
    if not text or (text.isascii() and text.isalnum()):
        return text
    return tidy(unicodedata.normalize("NFKC", text)).translate(DASHES)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones."""
    return _converter().convert(text)  # type: ignore[no-any-return]


@cache
def _converter():  # type: ignore[no-untyped-def]
    # Loaded when the first unknown heading asks for it: its dictionaries cost some memory.
    from opencc import OpenCC

    return OpenCC("t2s")


def chinese_number(numeral: str) -> str:
    """One Chinese number as digits; digits that stand side by side are read one by one."""
    if not any(sign in TENS for sign in numeral):
        return "".join(str(DIGITS[sign]) for sign in numeral)
    total, digit = 0, 0
    for sign in numeral:
        if sign in TENS:
            total += (digit or 1) * TENS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return str(total + digit)
