"""The extra questions that hold at a place, and what people answered to them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from shouwang.access.models import User
from shouwang.ledgers.asked.rules import amount_of, kind_of
from shouwang.ledgers.models import Question, Reply
from shouwang.lib.codes import ancestors

LONGEST, MOST = 80, 12


def asked_here(area: str, where: str) -> list[Question]:
    """What is asked in this area, at the doors or on lists: those of its own forms and of the areas above."""
    rows = Question.objects.filter(
        area_code__in=ancestors(area), where=where, closed_at=None, form__retired_at=None
    )
    return list(rows.select_related("form").order_by("id")[:MOST])


def reply(
    replies: Mapping[int, str],
    *,
    about: UUID,
    area: str,
    by: User | None,
    happened_at: datetime,
    at: datetime,
    household: int | None = None,
    person: int | None = None,
    inquiry: UUID | None = None,
) -> list[Reply]:
    """Keeps what was answered with a visit or a talk; what nobody answered is not kept. Told twice counts once.

    Shape: `about` is the visit or talk, and an answer counts as long as that does.
    """
    said = [pk for pk, words in replies.items() if words]
    questions = Question.objects.select_related("form").in_bulk(said)
    made = [
        Reply(
            question=one, area_code=area, about=about, household_id=household, person_id=person, inquiry=inquiry,
            value=replies[pk][:LONGEST], amount=amount_of(kind_of(one.heading, one.form.shape), replies[pk]),
            at=happened_at, recorded_at=at, by=by,
        )
        for pk, one in questions.items()
    ]  # fmt: skip
    return Reply.objects.bulk_create(made, ignore_conflicts=True)
