"""Kept files that somebody asks to see. Of a photograph it is written down first, and the browser keeps nothing of it."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import FileResponse

from shouwang.access.audit import record as audit
from shouwang.desk.doors import DeskRequest
from shouwang.lib.errors import NotInScope
from shouwang.register.intake.files import FileIsGone
from shouwang.register.intake.pictures import picture_kind
from shouwang.register.uploads import Upload

MARK = 16  # so many bytes say what kind of picture it is


def seen(request: DeskRequest, photo: Upload | None, *, action: str, area: str, of: UUID) -> FileResponse:
    """The picture of a record `of` this area. Raises: NotInScope, FileIsGone."""
    if photo is None:
        raise NotInScope()
    audit(action, at=request.now, by=request.user, area=area, of=of)
    answer = as_it_came(photo)
    answer["Cache-Control"] = "no-store"
    return answer


def as_it_came(upload: Upload) -> FileResponse:
    """A kept file: a picture to look at, everything else to open with its own program. Raises: FileIsGone."""
    path = _kept(upload)
    if not path.exists():
        raise FileIsGone(file=upload.filename)
    kind = kind_of(upload)
    answer = FileResponse(path.open("rb"), as_attachment=not kind, filename=upload.filename)
    answer["Content-Type"] = kind or "application/octet-stream"
    return answer


def kind_of(upload: Upload) -> str:
    """What kind of picture a kept file is; empty where it is none, or gone."""
    path = _kept(upload)
    if not path.is_file():
        return ""
    with path.open("rb") as stored:
        return picture_kind(stored.read(MARK))


def _kept(upload: Upload) -> Path:
    return Path(settings.MEDIA_ROOT) / upload.stored
