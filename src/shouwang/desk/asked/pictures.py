"""A photograph that somebody asks to see: that they looked is written down first, and the browser keeps nothing of it."""

from uuid import UUID

from django.http import FileResponse

from shouwang.access.audit import record as audit
from shouwang.desk.directives.documents import as_it_came
from shouwang.desk.doors import DeskRequest
from shouwang.lib.errors import NotInScope
from shouwang.register.uploads import Upload


def seen(request: DeskRequest, photo: Upload | None, *, action: str, area: str, of: UUID) -> FileResponse:
    """The picture of a record `of` this area. Raises: NotInScope, FileIsGone."""
    if photo is None:
        raise NotInScope()
    audit(action, at=request.now, by=request.user, area=area, of=of)
    answer = as_it_came(photo)
    answer["Cache-Control"] = "no-store"
    return answer
