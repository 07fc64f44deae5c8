"""Files that appear whole or not at all, also when the disk is full or the power fails."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from shouwang.lib.errors import Refusal
from shouwang.lib.postgres.private_files import locked, private

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SAID_FULL = ("No space left on device", "Check free disk space")
PART = ".part"


class DiskFull(Refusal):
    code = "keeping.disk_full"
    sentence = (
        "“{folder}”所在的磁盘满了，这一步没有做，也没有留下半个文件。请腾出空间，或者换一个地方，再试一次。"
    )


class NameTaken(Refusal):
    code = "keeping.name_taken"
    sentence = "“{file}”已经有了，不会覆盖它。请换一个文件名。"


class CannotWrite(Refusal):
    code = "keeping.cannot_write"
    sentence = "“{folder}”写不进去：{reason}。请检查文件夹在不在、有没有权限。"


@contextmanager
def room_in(folder: Path) -> Iterator[None]:
    """Says in a sentence what the system says in numbers, and the server in English. Raises: DiskFull, CannotWrite."""
    try:
        yield
    except (Refusal, psycopg.Error) as error:
        if any(mark in str(error) for mark in SAID_FULL):
            raise DiskFull(folder=folder) from error
        raise
    except OSError as error:
        if error.errno in NO_ROOM:
            raise DiskFull(folder=folder) from error
        raise CannotWrite(folder=folder, reason=error.strerror) from error


@contextmanager
def whole_file(file: Path) -> Iterator[IO[bytes]]:
    """A new private file that gets its name when the block has ended well, and leaves nothing otherwise.

    Raises: NameTaken, DiskFull, CannotWrite.
    """
    if file.exists():
        raise NameTaken(file=file)
    part = file.with_name(file.name + PART)
    with room_in(file.parent), open(part, "r+b", opener=_made) as draft:
        if not locked(draft, wait=False):  # type: ignore[arg-type]
            raise NameTaken(file=file)
        try:
            draft.truncate(0)  # what a killed command left there
            yield draft
            draft.flush()
            os.fsync(draft.fileno())
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder last through a power failure."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def drop_parts(folder: Path) -> None:
    """Removes what killed backups left in a folder; what is being written now stays."""
    for part in folder.glob(f"*{PART}"):
        with open(part, "ab") as file:
            if locked(file, wait=False):  # type: ignore[arg-type]
                part.unlink()


def _made(path: str, flags: int) -> int:
    return private(path, flags | os.O_CREAT)
