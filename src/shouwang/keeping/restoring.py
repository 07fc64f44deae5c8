"""A restore: an empty data folder becomes the installation that a backup holds, or stays empty."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

import psycopg

from shouwang import installation
from shouwang.keeping.backing_up import DEMO, DESTROYED, SEALING_KEY, UPLOADS, WEB_KEY, fingerprint
from shouwang.keeping.database import Access, ProgramFailed, access_to, access_to_own
from shouwang.keeping.draft import RESTORING, begin, clear, is_whole, mark_whole, move_in
from shouwang.keeping.dumping import CHUNK_BYTES, Step, load
from shouwang.keeping.manifest import DUMP, NAME, Damaged, Manifest, read_manifest
from shouwang.keeping.writing import room_in
from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import Cluster
from shouwang.retention import log

Say = Callable[[str], None]
MANIFEST_BYTES = 64 << 20
AGAIN = "shouwang.cli.again"  # a program of its own: Django is set up there for the draft, not here
MOVED = (UPLOADS, DEMO, DESTROYED, "secrets", "postgres.ready", "postgres")


class NotEmpty(Refusal):
    code = "keeping.not_empty"
    sentence = "“{folder}”里已经有东西了。恢复只能放进一个空文件夹，请用 --into 指一个新的。"


class DatabaseNotEmpty(Refusal):
    code = "keeping.database_not_empty"
    sentence = "DATABASE_URL 指的数据库里已经有数据表了。恢复只能放进一个空的数据库。"


class KeyNeeded(Refusal):
    code = "keeping.key_needed"
    sentence = "这份备份不带密钥。请用 --sealing-key 指出当时另外保存的密钥文件，否则证件号和电话谁也打不开。"


class WrongKey(Refusal):
    code = "keeping.wrong_key"
    sentence = "“{file}”不是这份备份的密钥，什么都没有恢复。请找当时另外保存的那一个。"


class FromNewer(Refusal):
    code = "keeping.from_newer"
    sentence = "这份备份是更新的版本（{version}）做的，这个版本看不懂。请先升级守望，再恢复。"


def restore(file: Path, folder: Path, *, key: Path | None, say: Say, step: Step) -> Manifest:
    """Makes an installation again from a backup and compares it with what the backup said of itself.

    What was destroyed after the backup was made is destroyed again before anybody can look in: by the log in the folder, in
    this installation's own, beside the backup and in it.

    Shape: `key` is the sealing key of a backup made without keys.
    Raises: NotEmpty, DatabaseNotEmpty, Damaged, FromNewer, KeyNeeded, WrongKey, LogUnreadable, DiskFull, ProgramFailed; the
    folder then is as empty as it was.
    """
    _refuse_full(folder)
    logs = [place / DESTROYED for place in (folder, installation.data_folder(), file.parent)]
    log.read(*logs)
    with _opened(file) as archive:
        manifest = read_manifest(_read_small(archive, NAME, file), file=file)
        _refuse_newer(manifest)
        say("正在核对备份……")
        _verify(archive, manifest, file, step)
        sealing = _the_key(archive, manifest, key)
        made = not folder.exists()
        try:
            with room_in(folder):
                _build(archive, manifest, folder, sealing, logs, say)
        except BaseException:
            _empty(folder, made)
            raise
    return manifest


def _build(
    archive: ZipFile, manifest: Manifest, folder: Path, sealing: bytes, logs: Sequence[Path], say: Say
) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = begin(folder / RESTORING)
    (draft / UPLOADS).mkdir(mode=0o700)
    for name in manifest.files:
        _extract(archive, name, draft / name)
    (draft / SEALING_KEY).parent.mkdir(mode=0o700, exist_ok=True)
    if sealing:
        with open(draft / SEALING_KEY, "wb", opener=_private) as out:
            out.write(sealing)
    say("正在恢复数据……")
    with _server_for(draft, folder) as into:
        load(draft / DUMP, into, measured=manifest.tables, owner=manifest.owner, app=manifest.app)
        _destroy_again(manifest, draft, logs, say)
    mark_whole(draft)
    move_in(draft, folder, *MOVED)


def _destroy_again(manifest: Manifest, draft: Path, logs: Sequence[Path], say: Say) -> None:
    """What was destroyed since goes again, while nobody can look in yet. Raises: ProgramFailed."""
    entries = log.read(draft / DESTROYED, *logs)
    if entries:
        log.add(draft / DESTROYED, entries)
    if not any(entry.decided_at > manifest.made_at for entry in entries):
        return
    say("正在把备份以后已经销毁的资料再销毁一次……")
    done = subprocess.run(
        [sys.executable, "-m", AGAIN, manifest.made_at.isoformat()],
        env={**os.environ, "SHOUWANG_DATA": str(draft), "SHOUWANG_ROLE": "owner"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise ProgramFailed(reason=done.stderr.strip()[-2000:])


@contextmanager
def _server_for(draft: Path, folder: Path) -> Iterator[Access]:
    """The empty database that is to be filled: our own server in the draft, or the named one."""
    if not installation.embedded():
        yield _empty_database(access_to(folder))
        return
    own = Cluster(draft)
    try:
        own.ensure_running()
        installation.prepare_own(own)
        yield access_to_own(own)
    finally:
        own.stop()


def _empty_database(access: Access) -> Access:
    with psycopg.connect(access.dsn) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        if found.fetchone() != (0,):
            raise DatabaseNotEmpty()
    return access


def _refuse_newer(manifest: Manifest) -> None:
    """Raises: FromNewer when the backup's tables had a change that this version does not know."""
    home = Path(installation.__file__).parent
    known = {f"{file.parent.parent.name}.{file.stem}" for file in home.glob("*/migrations/0*.py")}
    apps = {name.split(".")[0] for name in known}
    if {name for name in manifest.migrations if name.split(".")[0] in apps} - known:
        raise FromNewer(version=manifest.version)


def _refuse_full(folder: Path) -> None:
    """Raises: NotEmpty. What a killed restore left is nothing; what it had only to move in is an installation."""
    if not folder.exists():
        return
    if not folder.is_dir() or (_holds_more_than_log(folder) and not (folder / RESTORING).is_dir()):
        raise NotEmpty(folder=folder)
    if is_whole(folder / RESTORING):
        move_in(folder / RESTORING, folder, *MOVED)
        raise NotEmpty(folder=folder)
    _empty(folder, made=False)


def _holds_more_than_log(folder: Path) -> bool:
    return any(path.name != DESTROYED for path in folder.iterdir())


def _empty(folder: Path, made: bool) -> None:
    if not folder.exists():
        return
    clear(folder / RESTORING)
    for path in folder.iterdir():
        if path.name != DESTROYED:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if made:
        folder.rmdir()


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        archive = ZipFile(file)
    except (BadZipFile, OSError) as wrong:
        raise Damaged(file=file, what="打不开") from wrong
    with archive:
        yield archive


def _read_small(archive: ZipFile, name: str, file: Path) -> bytes:
    try:
        info = archive.getinfo(name)
        if info.file_size > MANIFEST_BYTES:
            raise Damaged(file=file, what="清单太大")
        return archive.read(info)
    except (KeyError, BadZipFile) as wrong:
        raise Damaged(file=file, what="没有清单") from wrong


def _verify(archive: ZipFile, manifest: Manifest, file: Path, step: Step) -> None:
    """Every file of the archive is what the manifest says, before anything is written."""
    found = {info.filename: info for info in archive.infolist() if info.filename != NAME}
    if set(found) != set(manifest.files) or DUMP not in found or len(found) + 1 != len(archive.infolist()):
        raise Damaged(file=file, what="里面的文件和清单对不上")
    done, total = 0, sum(size for size, _ in manifest.files.values())
    for name, (size, digest) in manifest.files.items():
        _refuse_strange(found[name], size, file)
        if _digest(archive, name, file) != digest:
            raise Damaged(file=file, what=f"{name} 的内容变了")
        done += size
        step("核对", done, total)


def _refuse_strange(info: ZipInfo, size: int, file: Path) -> None:
    parts = PurePosixPath(info.filename).parts
    ours = info.filename in (DUMP, DEMO, DESTROYED, SEALING_KEY, WEB_KEY) or parts[0] == UPLOADS
    if not ours or ".." in parts or "\\" in info.filename or stat.S_ISLNK(info.external_attr >> 16):
        raise Damaged(file=file, what=f"不该有 {info.filename}")
    if info.file_size != size:
        raise Damaged(file=file, what=f"{info.filename} 的大小变了")


def _digest(archive: ZipFile, name: str, file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as member:
            while chunk := member.read(CHUNK_BYTES):
                digest.update(chunk)
    except (BadZipFile, EOFError) as wrong:
        raise Damaged(file=file, what=f"{name} 读不出来") from wrong
    return digest.hexdigest()


def _the_key(archive: ZipFile, manifest: Manifest, key: Path | None) -> bytes:
    """The sealing key, from the backup or from where it was kept; none where nothing was ever sealed.

    Raises: KeyNeeded, WrongKey.
    """
    if not manifest.key:
        return b""
    elsewhere = os.environ.get("SHOUWANG_SEALING_KEY")
    key = key or (Path(elsewhere) if elsewhere else None)
    if key is None and SEALING_KEY not in manifest.files:
        raise KeyNeeded()
    if key and not key.exists():
        raise WrongKey(file=key)
    found = key.read_bytes() if key else archive.read(SEALING_KEY)
    if fingerprint(found) != manifest.key:
        raise WrongKey(file=key or SEALING_KEY)
    return found


def _extract(archive: ZipFile, name: str, place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with archive.open(name) as member, open(place, "wb", opener=_private) as out:
        shutil.copyfileobj(member, out, CHUNK_BYTES)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
