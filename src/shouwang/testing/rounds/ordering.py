"""Ordering a round: everybody of an area is swabbed once between two moments; and ending it before its time.

Who cannot come down owes a swab at the door instead. Whoever is new in the register, or is kept at home since, is caught up
with (`catch_up`); a round that repeats is followed by the next on the evening before (`next_round`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_area
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_in, plan, void
from shouwang.duties.windows import Window
from shouwang.lib.codes import subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.models import PlanVersion
from shouwang.testing.duties import DOOR_SWAB, SWAB
from shouwang.testing.models import Swab
from shouwang.testing.rounds.models import Exemption, Round
from shouwang.testing.rounds.who import AT_DOOR, GROUPS, at_doors, at_points, held_now, of_round

ENDED, TO_THE_DOOR = "这一轮检测提前结束", "改为上门采样"
A_DAY = timedelta(days=1)


class WrongWindow(Refusal):
    code = "testing.wrong_window"
    sentence = "结束时间要晚于开始时间，也要晚于现在。"


class NotAGroup(Refusal):
    code = "testing.not_a_group"
    sentence = "没有“{group}”这一类人。可以选：{known}。"


class WrongRepeat(Refusal):
    code = "testing.wrong_repeat"
    sentence = "每 {days} 天一轮，一轮就不能比 {days} 天长。请改结束时间或者天数。"


class HasEnded(Refusal):
    code = "testing.round_has_ended"
    sentence = "“{name}”已经结束了。"


class NoReason(Refusal):
    code = "testing.no_reason"
    sentence = "请写明原因。"


class NotAsked(Refusal):
    code = "testing.end_not_asked"
    sentence = "还没有人提出结束“{name}”。请先提出并写明原因。"


class SecondPerson(Refusal):
    code = "testing.second_person"
    sentence = "提前结束要换一个人来确认，提出的人不能自己确认。"


@dataclass(frozen=True)
class Asked:
    """What a round asks.

    Shape: `groups` keys of `who.GROUPS`, none for everybody; `pool_sizes` by group of the plan and `everyone`; `repeat_every_days` none for
    a single round; `exempt` the reason for each person who is exempt from the beginning.
    """

    area: str
    name: str
    opens_at: datetime
    due_at: datetime
    plan: PlanVersion
    groups: Sequence[str] = ()
    pool_sizes: Mapping[str, int] | None = None
    door_helps: Sequence[str] = AT_DOOR
    door_from_age: int | None = None
    repeat_every_days: int | None = None
    document: str = ""


@dataclass(frozen=True)
class Ordered:
    """A round, and how many now owe a swab at a point and at the door."""

    round: Round
    points: int
    doors: int


def order(
    asked: Asked, *, by: User | None, at: datetime, id: UUID | None = None, repeats: Round | None = None
) -> Ordered:
    """Orders a round; from its opening everybody whom it is for owes a swab. Sent twice (one `id`) it is one round.

    Raises: WrongWindow, WrongRepeat, NotAGroup.
    Cost: two statements for the duties, whatever the number of people; a million in under twenty seconds.
    """
    if id and (already := Round.objects.filter(pk=id).first()):
        return Ordered(already, *counted(already))
    _check(asked, at)
    row = Round.objects.create(
        id=id or uuid7(at), area_code=asked.area, name=asked.name[:60], plan=asked.plan, document=asked.document[:60],
        categories=list(asked.groups), pool_sizes=dict(asked.pool_sizes or {}), door_helps=list(asked.door_helps),
        door_from_age=asked.door_from_age, opens_at=asked.opens_at, due_at=asked.due_at,
        repeat_every_days=asked.repeat_every_days, repeats=repeats, ordered_at=at, ordered_by=by,
    )  # fmt: skip
    points, doors = catch_up(row, at=at)
    audit(
        "testing.order_round", at=at, by=by, area=asked.area, round=row.pk, points=points, doors=doors, document=asked.document,
    )  # fmt: skip
    return Ordered(row, points, doors)


def catch_up(row: Round, *, at: datetime) -> tuple[int, int]:
    """Whoever is new owes too, and whoever is kept at home since owes it at the door. How many new ones, at points and at doors.

    Told again, nothing is owed twice; what was taken since the opening counts.
    """
    window = window_of(row)
    low, high = subtree(row.area_code)
    mine = Duty.objects.filter(batch=row.pk, fact="owed", area_code__gte=low, area_code__lt=high)
    kept = mine.filter(kind=SWAB.name, person__in=of_round(row, now=at).filter(held_now(at)))
    void(kept, reason=TO_THE_DOOR, at=at)
    doors = at_doors(row, now=at)
    known = Duty.objects.filter(batch=row.pk, kind=DOOR_SWAB.name, void_at=None).values("person")
    points = at_points(row, now=at).exclude(pk__in=known)
    made = (
        plan(SWAB, points, window, at=at, batch=row.pk),
        plan(DOOR_SWAB, doors, window, at=at, batch=row.pk),
    )
    if any(made) and _anything_taken(row):
        for kind in (SWAB, DOOR_SWAB):
            settle_area(kind, row.area_code, communities=communities_in(of_round(row, now=at)), at=at)
    return made


def window_of(row: Round) -> Window:
    """From when to when a swab counts: until the next round opens, where one follows; otherwise late ones count for ever."""
    again = row.repeat_every_days
    lapses = row.opens_at + again * A_DAY if again else None
    return Window(row.opens_at, row.due_at, max(lapses, row.due_at) if lapses else None)


def next_round(row: Round, *, at: datetime) -> Ordered | None:
    """The round that follows one that repeats, ordered a day before it opens; none where it is there already or not yet time."""
    every = row.repeat_every_days
    if not every or row.ended_at or row.end_asked_at or Round.objects.filter(repeats=row).exists():
        return None
    opens_at = row.opens_at + every * A_DAY
    if at < opens_at - A_DAY:
        return None
    skipped = max((at - opens_at) // (every * A_DAY), 0) * every * A_DAY  # where no job ran in their time
    begins = opens_at + skipped
    asked = Asked(
        row.area_code, row.name, begins, begins + (row.due_at - row.opens_at), row.plan, row.categories, row.pool_sizes, row.door_helps,
        row.door_from_age, every, row.document,
    )  # fmt: skip
    if asked.due_at <= at:
        return None
    made = order(asked, by=row.ordered_by, at=at, repeats=row)
    _exempt_again(row, made.round, at)
    return made


def ask_to_end(pk: UUID, *, reason: str, by: User, at: datetime) -> Round:
    """Somebody asks that a round end before its time; it ends when somebody else says so. Raises: NotInScope, HasEnded, NoReason."""
    row = round_of(pk)
    if row.ended_at:
        raise HasEnded(name=row.name)
    if not reason.strip():
        raise NoReason()
    Round.objects.filter(pk=pk).update(end_asked_at=at, end_asked_by=by, ended_reason=reason.strip()[:200])
    audit("testing.ask_to_end", at=at, by=by, area=row.area_code, reason=reason, round=pk)
    return row


def end_round(pk: UUID, *, by: User, at: datetime) -> int:
    """The second person agrees: what is still owed is struck, what was done stays; no round follows. How many were struck.

    Raises: NotInScope, HasEnded, NotAsked, SecondPerson.
    """
    row = round_of(pk)
    if row.ended_at:
        raise HasEnded(name=row.name)
    if not row.end_asked_at:
        raise NotAsked(name=row.name)
    if row.end_asked_by_id == by.pk:
        raise SecondPerson()
    Round.objects.filter(pk=pk).update(ended_at=at, ended_by=by)
    struck = void(Duty.objects.filter(batch=pk, fact="owed"), reason=ENDED, by=by, at=at)
    audit(
        "testing.end_round",
        at=at,
        by=by,
        area=row.area_code,
        reason=row.ended_reason,
        round=pk,
        struck=struck,
    )
    return struck


def round_of(pk: UUID) -> Round:
    """One round. Raises: NotInScope."""
    return one_in_scope(Round.objects.select_related("plan", "ordered_by").filter(pk=pk))


def counted(row: Round) -> tuple[int, int]:
    """How many of a round are asked for at points and at doors."""
    rows = Duty.objects.filter(batch=row.pk, void_at=None)
    return rows.filter(kind=SWAB.name).count(), rows.filter(kind=DOOR_SWAB.name).count()


def _check(asked: Asked, at: datetime) -> None:
    if not asked.opens_at < asked.due_at or asked.due_at <= at:
        raise WrongWindow()
    if asked.repeat_every_days and asked.due_at - asked.opens_at > asked.repeat_every_days * A_DAY:
        raise WrongRepeat(days=asked.repeat_every_days)
    for group in asked.groups:
        if group not in GROUPS:
            raise NotAGroup(group=group, known="、".join(GROUPS.values()))


def _anything_taken(row: Round) -> bool:
    low, high = subtree(row.area_code)
    return (
        Swab.objects.filter(area_code__gte=low, area_code__lt=high, at__gte=row.opens_at).exists()
        or Exemption.objects.filter(round=row).exists()
    )


def _exempt_again(before: Round, after: Round, at: datetime) -> None:
    """Whoever was exempt for a reason is exempt from the next too, and stands on its list with that reason."""
    rows = Exemption.objects.filter(round=before, void_at=None, elsewhere=False)
    again = [
        Exemption(
            id=uuid7(at), area_code=row.area_code, at=at, recorded_at=at, by=row.by, note=row.note, round=after, person_id=row.person_id,
            reason=row.reason,
        )
        for row in rows
    ]  # fmt: skip
    Exemption.objects.bulk_create(again)
    for reason in sorted({row.reason for row in again}):
        people = [row.person_id for row in again if row.reason == reason]
        owed = Duty.objects.filter(person__in=people, batch=after.pk, fact="owed")
        owed.update(waived_at=at, waived_by=after.ordered_by, waived_reason=reason, changed_at=at)
