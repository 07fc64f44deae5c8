"""Files with personal data: originals that no row names any more, backups that hold only who is gone, logs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from shouwang.lib.codes import subtree
from shouwang.retention.tables import stored_columns

Sweep = Callable[[psycopg.Connection, Path, str, datetime], int]


def unnamed_uploads(owner: psycopg.Connection, folder: Path, area: str, decided_at: datetime) -> int:
    """Removes the originals that no row names and that were there when it was decided. How many."""
    named: set[str] = set()
    for table in stored_columns(owner):
        rows = owner.execute(sql.SQL("SELECT stored FROM {}").format(sql.Identifier(table)))
        named |= {stored for (stored,) in rows}
    gone = 0
    for file in _older(folder, decided_at):
        if file.relative_to(folder).as_posix() not in named:
            file.unlink()
            gone += 1
    return gone


def backups(owner: psycopg.Connection, folder: Path, area: str, decided_at: datetime) -> int:
    """Removes backups made before it was decided, where nobody else lives in them. How many.

    Where other communities share the database their backups stay: a restore then destroys again what was destroyed.
    """
    low, high = subtree(area)
    shared = owner.execute(
        "SELECT EXISTS (SELECT FROM register_household WHERE area_code < %s OR area_code >= %s)", [low, high]
    ).fetchone()
    if shared and shared[0]:
        return 0
    found = [file for file in _older(folder, decided_at) if file.suffix == ".zip"]
    for file in found:
        file.unlink()
    return len(found)


def logs(owner: psycopg.Connection, folder: Path, area: str, decided_at: datetime) -> int:
    """Empties logs: a failed statement may have quoted a name. How many."""
    found = [file for file in folder.rglob("*") if file.is_file() and file.stat().st_size]
    for file in found:
        with file.open("r+b") as content:
            content.truncate(0)
    return len(found)


SWEEPS: Mapping[str, Sweep] = {"uploads/": unnamed_uploads, "backups/": backups, "log/": logs}


def _older(folder: Path, moment: datetime) -> list[Path]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink())
    return [file for file in files if file.stat().st_mtime <= moment.timestamp()]
