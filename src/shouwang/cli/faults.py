"""What the machine did to a command, said in a sentence: the disk is full, the database went away."""

from collections.abc import Iterator

import psycopg

from shouwang.keeping.writing import NO_ROOM, DiskFull
from shouwang.lib.errors import Refusal

GONE = ("08", "57P")  # SQLSTATE: no connection; ended by its administrator or by a crash


class DatabaseFull(Refusal):
    code = "cli.database_full"
    sentence = "放数据库的磁盘满了，这一步一点也没有写进去，原来的数据都在。请腾出空间，再做一次。"


class DatabaseGone(Refusal):
    code = "cli.database_gone"
    sentence = (
        "数据库中途停了，这一步一点也没有写进去，或者已经全部写好。再运行一次同样的命令就行，不会重复。"
    )


def fault(error: BaseException) -> Refusal | None:
    """The sentence for what went wrong, if it is one of these."""
    for cause in _chain(error):
        if isinstance(cause, OSError) and cause.errno in NO_ROOM:
            return DiskFull(folder=cause.filename or "")
        if isinstance(cause, psycopg.errors.DiskFull):
            return DatabaseFull()
        if isinstance(cause, psycopg.OperationalError) and (cause.sqlstate or "08").startswith(GONE):
            return DatabaseGone()
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
