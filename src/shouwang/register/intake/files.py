"""A workbook from the door to the register: kept untouched, recognised, taken in, the outcome noted."""

import errno
import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Unpack

from django.conf import settings

from shouwang.access.models import User
from shouwang.lib.errors import Refusal
from shouwang.lib.sheets import Progress
from shouwang.register.importing.community import How
from shouwang.register.importing.helpers import import_helpers
from shouwang.register.importing.people import import_register
from shouwang.register.importing.places import import_places
from shouwang.register.importing.report import Report
from shouwang.register.importing.responsibility import import_responsibility
from shouwang.register.importing.vocabulary import HELPERS, PEOPLE, PLACES, RESPONSIBILITY, what_is_it
from shouwang.register.uploads import Upload

IMPORTS: Mapping[str, Callable[..., Report]] = {
    PEOPLE: import_register,
    PLACES: import_places,
    RESPONSIBILITY: import_responsibility,
    HELPERS: import_helpers,
}
SUFFIX_LENGTH = 8
FULL = (errno.ENOSPC, errno.EDQUOT)


class FileIsGone(Refusal):
    code = "register.file_is_gone"
    sentence = "“{file}”已经按保存期限删掉了，请重新上传。"


class DiskFull(Refusal):
    code = "register.disk_full"
    sentence = "电脑的硬盘满了，“{file}”没有存下来，什么也没有改。请腾出地方再试一次。"


def keep(
    content: bytes, filename: str, *, community: str | None, by: User | None, at: datetime, kind: str = ""
) -> Upload:
    """Stores a file as it came, readable by the owner of the data folder alone, and notes who brought it.

    Shape: without `kind` it is a workbook of the register, recognised by its headings.
    Raises: UnknownWorkbook, and what `sheets` refuses: such a file is not kept. DiskFull.
    """
    kind = kind or what_is_it(content, filename)
    digest = hashlib.sha256(content).hexdigest()
    stored = store(content, filename, digest=digest, at=at)
    return Upload.objects.create(
        kind=kind,
        community=community or "",
        filename=filename[-200:],
        sha256=digest,
        stored=stored,
        received_at=at,
        received_by=by,
    )


def store(content: bytes, filename: str, *, digest: str, at: datetime) -> str:
    """Where a file lies in the data folder from now on, named by what is in it. Raises: DiskFull."""
    stored = f"{at:%Y/%m}/{digest[:32]}{Path(filename).suffix.lower()[:SUFFIX_LENGTH]}"
    try:
        _store(Path(settings.MEDIA_ROOT) / stored, content)
    except OSError as broken:
        if broken.errno in FULL:
            raise DiskFull(file=filename) from broken
        raise
    return stored


def take_in(
    upload: Upload, *, by: User | None, at: datetime, progress: Progress | None = None, dry_run: bool = False
) -> Report:
    """Takes a kept file into the register inside the caller's scope; a dry run only says what would change.

    The very file that was the last of its kind to be taken in changes nothing that people corrected since.
    Raises: FileIsGone, and the refusals of each import; `refused` notes them.
    """
    path = Path(settings.MEDIA_ROOT) / upload.stored
    if not path.exists():
        raise FileIsGone(file=upload.filename)
    again = _is_the_last(upload)
    report = IMPORTS[upload.kind](
        path.read_bytes(),
        upload.filename,
        community=upload.community or None,
        by=by,
        at=at,
        progress=progress,
        dry_run=dry_run or again,
    )
    if again:
        report.added, report.changed, report.changes = 0, 0, []
    if not dry_run:
        Upload.objects.filter(pk=upload.pk).update(
            community=report.community,
            started_at=upload.started_at or at,
            finished_at=at,
            rows_done=report.rows_read,
            rows_total=report.rows_read,
            summary={**report.as_json(), "sheets_refused": report.sheets_refused},
        )
    return report


def import_workbook(content: bytes, filename: str, **how: Unpack[How]) -> Report:
    """Keeps a workbook of any of the four kinds and takes it in, in one transaction of the caller's scope."""
    by, at = how["by"], how["at"]
    upload = keep(content, filename, community=how["community"], by=by, at=at)
    return take_in(upload, by=by, at=at, progress=how.get("progress"), dry_run=how.get("dry_run", False))


def _is_the_last(upload: Upload) -> bool:
    """Whether the last file of this kind that was taken in, for this community, is this very file."""
    done = Upload.objects.filter(kind=upload.kind, finished_at__isnull=False)
    if upload.community:
        done = done.filter(community=upload.community)
    else:
        same = done.filter(sha256=upload.sha256).order_by("-finished_at", "-id").first()
        done = done.filter(community=same.community) if same else done
    last = done.order_by("-finished_at", "-id").first()
    return last is not None and last.sha256 == upload.sha256 and not last.summary.get("sheets_refused")


def _store(path: Path, content: bytes) -> None:
    """Writes a file that nobody else may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        return
    half = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
