"""A meeting is held: its figures and notes are kept as they are, its decisions are owed from then on."""

from collections.abc import Sequence
from datetime import datetime

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.directives.actions import Told, confirm_points
from shouwang.directives.models import MEETING, Directive, Minutes
from shouwang.lib.clock import day_of
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7

MOST_NOTES = 8000


class HeldAlready(Refusal):
    code = "directives.meeting_held"
    sentence = "这次会已经存好了，没有再存一次。"


class NoOwner(Refusal):
    code = "directives.decision_without_owner"
    sentence = "第 {number} 条决定：请写由谁负责、最晚什么时候办完。"


def hold_meeting(
    *, area: str, number: int, title: str, figures: dict[str, object], notes: str, decisions: Sequence[Told],
    by: User | None, at: datetime,
) -> Minutes:  # fmt: skip
    """Keeps a meeting for good; each decision has an owner and an hour.

    Shape: `number` is the meeting of the day that the form was opened for, so that a form sent twice keeps one.
    Raises: HeldAlready, NoOwner, and the refusals of `confirm_points`.
    """
    if Minutes.objects.filter(area_code=area, held_on=day_of(at), number=number).exists():
        raise HeldAlready()
    for count, told in enumerate(decisions, start=1):
        if told.helper is None or not told.is_owed:
            raise NoOwner(number=count)
    meeting = Directive.objects.create(
        id=uuid7(at), area_code=area, origin=MEETING, title=title[:120], arrived_at=at, received_at=at,
        received_by=by, text=notes[:MOST_NOTES],
    )  # fmt: skip
    confirm_points(meeting, decisions, by=by, at=at)
    held = Minutes.objects.create(
        directive=meeting, area_code=area, held_on=day_of(at), number=number, at=at, by=by, figures=figures,
        notes=notes[:MOST_NOTES],
    )  # fmt: skip
    audit("directives.hold_meeting", at=at, by=by, area=area, meeting=meeting.pk, decisions=len(decisions))
    return held
