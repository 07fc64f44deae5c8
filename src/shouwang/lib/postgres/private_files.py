"""Files and folders that only their keeper enters, and locks that hold between commands."""

import contextlib
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from shouwang.lib.errors import Refusal

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class FolderTaken(Refusal):
    code = "postgres.folder_taken"
    sentence = "文件夹“{folder}”不是我们建的，或者别人也能进，不安全。请管理这台电脑的人把它移走，再试一次。"


def own_folder(folder: Path, keeper: tuple[int, int], *earlier: int) -> None:
    """Makes a folder that only its keeper enters; what somebody else put there is refused.

    Raises: FolderTaken.
    """
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if sys.platform != "win32" and os.geteuid() == 0:
            os.chown(folder, *keeper, follow_symlinks=False)
    if sys.platform != "win32":
        refuse_foreign(folder, os.geteuid(), keeper[0], *earlier)


def refuse_foreign(folder: Path, *keepers: int) -> None:
    """Refuses a folder that is a link, has another keeper, or that others may enter."""
    if sys.platform == "win32" or not os.path.lexists(folder):
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in keepers or stat.S_IMODE(found.st_mode) & 0o077:
        raise FolderTaken(folder=folder)


def write(place: Path, text: str) -> None:
    """Writes a private file whole or not at all, whatever or whoever put something of that name there."""
    draft = place.with_name(f".{secrets.token_hex(8)}")
    with open(draft, "x", opener=private, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)


def secret_at(place: Path, keeper: tuple[int, int]) -> str:
    """A word that nobody guesses, made up when it is first asked for."""
    if not place.exists():
        draft = place.with_name(f".{secrets.token_hex(8)}")
        with open(draft, "x", opener=private, encoding="utf-8") as file:
            hand_over(file, keeper)
            file.write(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):  # another command was first, and its word holds
            os.link(draft, place)
        draft.unlink()
    return place.read_text()


def private(path: str, flags: int) -> int:
    """An opener: readable for the keeper alone, and through no link."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


@contextlib.contextmanager
def only_one(place: Path, keeper: tuple[int, int], progress: Callable[[str], None]) -> Iterator[IO[str]]:
    """One command at a time: the others wait until it is done, or has died."""
    with open(place, "a", opener=private) as file:
        hand_over(file, keeper)
        if not locked(file, wait=False):
            progress("另一个命令正在启动数据库，请稍候……")
            locked(file, wait=True)
        yield file


def hand_over(file: IO[str], keeper: tuple[int, int]) -> None:
    """What root opened in somebody's folder is that somebody's."""
    if sys.platform != "win32" and os.geteuid() == 0:
        os.fchown(file.fileno(), *keeper)


def locked(file: IO[str], *, wait: bool) -> bool:
    """Takes the lock of an open file; it ends with the last process that holds the file open."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


def tail(log: Path) -> list[str]:
    """The last lines of a log, however long it has grown."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4000))
        return file.read().decode(errors="replace").splitlines()
