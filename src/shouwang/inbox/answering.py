"""Questions that many ask, and rumours: answered once, with a source and its day, for residents and callers."""

from datetime import date, datetime
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.inbox.models import Question
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7


class NoSource(Refusal):
    code = "inbox.no_source"
    sentence = "写上依据是什么、哪一天的：没有依据的话，答了也是传言。"


def publish(
    area: str,
    *,
    asked: str,
    answer: str,
    source: str,
    source_on: date,
    rumour: bool,
    by: User,
    at: datetime,
    replaces: UUID | None = None,
) -> Question:
    """Answers for everybody; a changed answer takes the place of the one before. Raises: NoSource, NotInScope."""
    if not (asked.strip() and answer.strip() and source.strip()):
        raise NoSource()
    if replaces and not _end(replaces, at):
        raise NotInScope()
    made = Question.objects.create(
        id=uuid7(at), area_code=area, asked=asked.strip()[:200], answer=answer.strip()[:1000], source=source.strip()[:120],
        source_on=source_on, rumour=rumour, published_at=at, published_by=by, replaces_id=replaces,
    )  # fmt: skip
    audit("inbox.publish", at=at, by=by, area=area, question=made.pk, replaces=replaces)
    return made


def take_down(question: UUID, *, by: User, at: datetime) -> None:
    """It is said no longer. Raises: NotInScope."""
    if not _end(question, at):
        raise NotInScope()
    audit("inbox.take_down", at=at, by=by, question=question)


def _end(question: UUID, at: datetime) -> int:
    return Question.objects.filter(pk=question, ended_at=None).update(ended_at=at)
