"""A backup: one private file with the database, the workbooks as they came in, and the keys, all of one moment."""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_STORED, ZipFile

from shouwang import __version__
from shouwang.keeping.database import access_to
from shouwang.keeping.dumping import CHUNK_BYTES, Step, snapshot
from shouwang.keeping.manifest import DUMP, NAME, Manifest
from shouwang.keeping.writing import drop_parts, whole_file
from shouwang.retention.log import NAME as DESTROYED

Say = Callable[[str], None]
UPLOADS, BACKUPS, DEMO = "uploads", "backups", "demo.json"
SEALING_KEY, WEB_KEY = "secrets/sealing.key", "secrets/web.key"


def sealing_key(data: Path) -> Path:
    """Where the key to ID numbers and phones lies."""
    return Path(os.environ.get("SHOUWANG_SEALING_KEY", data / SEALING_KEY))


def fingerprint(key: bytes) -> str:
    """By what a key is known again; the key cannot be had from it. Nothing where nothing was ever sealed."""
    return hashlib.sha256(b"shouwang sealing key" + key).hexdigest() if key else ""


def usual_file(data: Path, now: datetime) -> Path:
    """Where a backup goes when nobody says where; what killed backups left there goes."""
    folder = data / BACKUPS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    drop_parts(folder)
    return folder / f"shouwang-{now:%Y%m%d-%H%M%S}.zip"


def back_up(file: Path, *, data: Path, with_keys: bool, now: datetime, say: Say, step: Step) -> Manifest:
    """Writes everything that this installation is into one file, while people go on working.

    Raises: NameTaken, DiskFull, CannotWrite, OwnerUnknown, TooNew, ProgramFailed. Then there is no file.
    """
    access = access_to(data)
    with whole_file(file) as out, ZipFile(out, "w", ZIP_STORED) as archive, snapshot(access) as held:
        files: dict[str, tuple[int, str]] = {}
        say("正在核数……")
        measured = held.measured(step)
        say("正在导出数据……")
        with archive.open(DUMP, "w", force_zip64=True) as member:
            counted = _Counted(member)
            held.dump(counted)  # type: ignore[arg-type]
        files[DUMP] = counted.told()
        say("正在收原始表格和密钥……")
        for name, path in _kept_files(data, with_keys):
            files[name] = _copy(path, archive, name)
        manifest = Manifest(
            version=__version__,
            made_at=now,
            server=held.server,
            owner=access.owner,
            app=access.app,
            migrations=held.migrations,
            tables=measured,
            key=fingerprint(key.read_bytes() if (key := sealing_key(data)).exists() else b""),
            files=files,
        )
        archive.writestr(NAME, manifest.as_json())
    return manifest


def _kept_files(data: Path, with_keys: bool) -> Iterator[tuple[str, Path]]:
    uploads = data / UPLOADS
    for path in sorted(uploads.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{UPLOADS}/{path.relative_to(uploads).as_posix()}", path
    for beside in (DEMO, DESTROYED):
        if (data / beside).exists():
            yield beside, data / beside
    for name, key in ((SEALING_KEY, sealing_key(data)), (WEB_KEY, data / WEB_KEY)):
        if with_keys and key.exists():
            yield name, key


def _copy(path: Path, archive: ZipFile, name: str) -> tuple[int, str]:
    with path.open("rb") as file, archive.open(name, "w", force_zip64=True) as member:
        counted = _Counted(member)
        while chunk := file.read(CHUNK_BYTES):
            counted.write(chunk)
    return counted.told()


class _Counted:
    """An open file that knows what went into it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._bytes, self._digest = out, 0, hashlib.sha256()

    def write(self, chunk: bytes) -> int:
        self._bytes += len(chunk)
        self._digest.update(chunk)
        return self._out.write(chunk)

    def told(self) -> tuple[int, str]:
        return self._bytes, self._digest.hexdigest()
