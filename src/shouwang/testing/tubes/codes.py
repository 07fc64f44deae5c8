"""Codes of tubes, boxes and people as scanners read them: made plain, so that the same code is always the same.

Source: DOMAIN 2f (special characters in a scanned tube code; a tube code shown as null).
"""

import re
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from shouwang.lib.characters import plain

LONGEST = 40
STRANGE = re.compile(r"[^0-9A-Z\-_./+]")
EMPTY = frozenset(("", "NULL", "UNDEFINED", "NONE", "NAN"))
CHECKED_BY = 97
AT_HAND = 4096  # ten people share a tube: its code is read once


@lru_cache(AT_HAND)
def clean(scanned: str) -> str:
    """A code in half-width capitals without blanks, control characters and whatever no label carries; empty where nothing is left."""
    code = STRANGE.sub("", plain(scanned).upper())[:LONGEST]
    return "" if code in EMPTY else code


@lru_cache(AT_HAND)
def is_odd(scanned: str) -> bool:
    """Whether signs were left out that no label carries, or nothing is left. What scanners add at the ends is usual."""
    code = clean(scanned)
    return not code or code != plain(scanned).upper()


def named(scanned: str, event: UUID) -> str:
    """The code of a thing; where none can be read one that only this event has, so that nothing is lost and nothing mixed up."""
    return clean(scanned) or f"?{event.hex[-12:].upper()}"


@lru_cache(AT_HAND)
def row_of(kind: str, code: str) -> UUID:
    """The row of a tube or a box, from its code alone: whoever scans it first, on whichever phone, means the same one."""
    return UUID(bytes=blake2b(f"{kind} {code}".encode(), digest_size=16).digest())


def person_code(person: int) -> str:
    """What stands in the code that a resident shows at the table: their row, and two digits that catch a misread one."""
    return f"SWP:{person}.{person % CHECKED_BY:02d}"
