"""Identities: UUIDv7, made where a fact is captured, in the order in which facts are captured; and many keys at once."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 74


def uuid7(at: datetime) -> UUID:
    """A new identity of something that happened at this moment."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    chance = secrets.randbits(_RANDOM_BITS)
    high, low = chance >> 62, chance & ((1 << 62) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low)


def as_array(keys: Iterable[int | UUID]) -> str:
    """Many keys as one text, which spares adapting each: an array of PostgreSQL; the statement says of what (`%s::bigint[]`)."""
    return "{" + ",".join(map(str, keys)) + "}"
