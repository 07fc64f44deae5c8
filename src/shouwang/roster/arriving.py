"""Being there: by scanning the post's code, with one tap, or called out by whoever leads."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from shouwang.access.models import User
from shouwang.duties.discharge import settle_about
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.roster.duties import SHIFT, STAFFED
from shouwang.roster.models import Arrival, Post, Turn
from shouwang.roster.rules import EARLY


class NoTurnHere(Refusal):
    code = "roster.no_turn_here"
    sentence = "现在这里没有您的班。请看“我的班”，或者问带班的人。"


class NotYet(Refusal):
    code = "roster.not_yet"
    sentence = "还没到时间。开始前一小时起可以报到。"


def arrive(turns: Sequence[UUID], *, how: str, by: User | None, at: datetime) -> list[Arrival]:
    """These people are at their posts. Told twice, it is there once. Raises: NotInScope, NotYet."""
    rows = list(Turn.objects.select_related("shift").filter(pk__in=list(turns), ended_at=None))
    if len(rows) != len(set(turns)):
        raise NotInScope()
    if any(at < row.from_at - EARLY or at >= row.shift.ends_at for row in rows):
        raise NotYet()
    struck = Counter(
        Arrival.objects.filter(turn__in=rows).exclude(void_at=None).values_list("turn", flat=True)
    )
    Arrival.objects.bulk_create(
        (
            Arrival(
                id=uuid5(row.pk, f"arrived {struck[row.pk]}"), area_code=row.area_code, turn=row, how=how, at=at,
                recorded_at=at, by=by,
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    _settle(rows, at)
    return list(Arrival.objects.filter(turn__in=rows, void_at=None))


def at_post(post: Post, helper: int, *, at: datetime) -> Turn:
    """The turn that somebody has at this post now. Raises: NoTurnHere."""
    rows = Turn.objects.filter(
        shift__post=post, helper=helper, ended_at=None, from_at__lte=at + EARLY, shift__ends_at__gt=at,
        shift__cancelled_at=None,
    )  # fmt: skip
    found = rows.select_related("shift__post").order_by("from_at").first()
    if found is None:
        raise NoTurnHere()
    return found


def was_not_there(turn: UUID, *, reason: str, by: User, at: datetime) -> None:
    """A check-in by mistake is struck; the turn and the post are open again. Raises: NotInScope."""
    rows = Arrival.objects.filter(turn=turn, void_at=None)
    if not rows.update(void_at=at, void_by=by, void_reason=reason[:100]):
        raise NotInScope()
    _settle(list(Turn.objects.filter(pk=turn)), at)


def _settle(rows: Sequence[Turn], at: datetime) -> None:
    communities = sorted({community_of(row.area_code) for row in rows})
    settle_about(SHIFT, [row.pk for row in rows], communities=communities, at=at)
    settle_about(STAFFED, sorted({row.shift_id for row in rows}), communities=communities, at=at)
