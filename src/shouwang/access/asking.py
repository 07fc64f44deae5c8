"""Questions that PostgreSQL plans once for each connection, and several in one breath: at a gate somebody stands in the rain.

Under row-level security planning a question about six tables takes longer than answering it, and with every way to the
database and back more time is lost than there. So the statements are prepared, and sent together.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg import Connection, abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

from shouwang.access.scope import told_of

NAMED = re.compile(r"%\((\w+)\)s")
Rows = list[dict[str, Any]]


class Question(NamedTuple):
    """A statement with `%(name)s::type` in it, and what they stand for."""

    statement: str
    values: Mapping[str, Any]


def ask(question: Question) -> Rows:
    """The rows of the answer, inside the transaction and the scope that are open."""
    return _in_one_breath([question], within=TransactionStatus.INTRANS)[0]


def ask_at_once(codes: tuple[str, ...], *questions: Question) -> list[Rows]:
    """All of them in a transaction of their own in which just these areas exist: all is done, or nothing.

    Cost: one round trip. Between two syncs PostgreSQL opens and commits the transaction by itself.
    """
    return _in_one_breath([Question(*told_of(codes)), *questions], within=TransactionStatus.IDLE)[1:]


@cache
def written(beside: str, name: str) -> str:
    """A question that stands in a file beside the module that asks it."""
    return Path(beside).with_name(name).read_text(encoding="utf-8")


class _Own:
    """What one connection keeps: how it calls each statement, and how values are written and read."""

    def __init__(self) -> None:
        self.names: dict[str, bytes] = {}
        self.adapting: abc.Transformer = Transformer()


_known: WeakKeyDictionary[Connection[Any], _Own] = WeakKeyDictionary()


def _in_one_breath(questions: Sequence[Question], *, within: TransactionStatus) -> list[Rows]:
    """Everything sent, one sync, everything read."""
    with connection.wrap_database_errors:
        connection.ensure_connection()
        kept: Connection[Any] = connection.connection
        if kept.info.transaction_status != within:
            raise RuntimeError(f"asked in a transaction that is not {within.name}")
        own = _known.get(kept) or _known.setdefault(kept, _Own())
        ready = [(_prepared(kept, own, one.statement), _dumped(one, own.adapting)) for one in questions]
        with kept.lock:
            results = kept.wait(_sent_and_read(kept, ready))
        return [_rows(result, own.adapting) for result in results]


def _sent_and_read(kept: Connection[Any], ready: Sequence[Any]) -> Any:
    """What the connection waits for: psycopg's own way of reading, without a stop after each statement."""
    own = kept.pgconn
    own.enter_pipeline_mode()
    try:
        for name, (values, formats) in ready:
            own.send_query_prepared(name, values, formats)
        own.pipeline_sync()
        yield from send(own)
        results = []
        for _ in ready:
            results += yield from fetch_many(own)
        yield from fetch_many(own)  # the sync
    except BaseException:
        own.finish()  # an answer may still be on its way: nothing more can be asked here
        raise
    own.exit_pipeline_mode()
    return results


def _prepared(kept: Connection[Any], own: _Own, statement: str) -> bytes:
    """What this connection calls the statement; planned at its first use."""
    if statement not in own.names:
        name = f"asked_{len(own.names)}"
        kept.execute(f"PREPARE {name} AS {_numbered(statement)[0]}".encode())
        own.names[statement] = name.encode()
    return own.names[statement]


def _dumped(question: Question, adapting: abc.Transformer) -> tuple[Sequence[Any], Sequence[int] | None]:
    """The values as PostgreSQL reads them: as text, whose types the statement says, and bytes as they are."""
    values = [question.values[name] for name in _numbered(question.statement)[1]]
    formats = [PyFormat.BINARY if isinstance(value, bytes) else PyFormat.TEXT for value in values]
    return adapting.dump_sequence(values, formats), adapting.formats


def _rows(result: PGresult, adapting: abc.Transformer) -> Rows:
    if result.status != ExecStatus.TUPLES_OK:
        raise error_from_result(result)
    adapting.set_pgresult(result)
    names = [str(result.fname(place) or b"", "utf-8") for place in range(result.nfields)]
    return adapting.load_rows(0, result.ntuples, lambda row: dict(zip(names, row, strict=True)))


@cache
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """`%(name)s` as `$1`, and the names in their order."""
    names = tuple(dict.fromkeys(NAMED.findall(statement)))
    places = {name: f"${place}" for place, name in enumerate(names, 1)}
    return NAMED.sub(lambda found: places[found[1]], statement), names
