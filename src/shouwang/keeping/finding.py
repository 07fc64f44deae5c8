"""What a look at an installation is handed, and what it may find."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

ROOM_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """Something that is wrong."""

    code: str
    what: str
    why: str
    todo: str


@dataclass(frozen=True)
class Place:
    """What is looked at: the folder, the database as its owner sees it, and the app's own connection.

    Shape: `owner` has commits of its own; `app` is Django's connection, inside a scope of everything.
    """

    data: Path
    owner: psycopg.Connection
    app: Any
    now: datetime
    room_bytes: int = ROOM_BYTES

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What the owner of the tables sees."""
        return self.owner.execute(sql.SQL(question), values).fetchall()  # type: ignore[arg-type]

    def one(self, question: str, *values: object) -> Any:
        """The first value of the first row."""
        return self.rows(question, *values)[0][0]


Look = Callable[[Place], Iterator[Finding]]
