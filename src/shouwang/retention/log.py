"""What was destroyed, as areas and moments, beside the database: a restore of an older backup destroys it again.

The file names nobody. It lies in the data folder, goes into every backup, and may be laid beside a backup kept elsewhere.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from shouwang.lib.errors import Refusal
from shouwang.lib.postgres.private_files import write

NAME = "destroyed.json"


class LogUnreadable(Refusal):
    code = "retention.log_unreadable"
    sentence = "销毁记录“{file}”读不懂。没有它，恢复会把已经销毁的资料带回来，所以停下了。请找回完整的文件。"


@dataclass(frozen=True)
class Entry:
    """An end that was decided. Shape: `archived` are the rules whose rows stayed."""

    closing: str
    area: str
    decided_at: datetime
    archived: tuple[str, ...]


def read(*files: Path) -> list[Entry]:
    """All entries of these files, each once, in order; a file that is not there has none. Raises: LogUnreadable."""
    found = {entry.closing: entry for file in files for entry in _entries(file)}
    return sorted(found.values(), key=lambda entry: entry.decided_at)


def add(file: Path, entries: Iterable[Entry]) -> None:
    """Writes entries down, beside those that are there. Raises: LogUnreadable."""
    known = {entry.closing: entry for entry in (*_entries(file), *entries)}
    lines = [{**asdict(entry), "decided_at": entry.decided_at.isoformat()} for entry in known.values()]
    write(file, json.dumps(lines, ensure_ascii=False, indent=1))


def _entries(file: Path) -> list[Entry]:
    if not file.is_file():
        return []
    try:
        return [
            Entry(
                str(line["closing"]),
                str(line["area"]),
                datetime.fromisoformat(line["decided_at"]),
                tuple(line["archived"]),
            )
            for line in json.loads(file.read_text(encoding="utf-8"))
        ]
    except (ValueError, KeyError, TypeError) as wrong:
        raise LogUnreadable(file=file) from wrong
