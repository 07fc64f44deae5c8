"""Turns given, published, taken back, exchanged, and moved to another post; each change strikes and makes duties."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan, void
from shouwang.duties.windows import Window
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.roster.duties import SHIFT, STAFFED
from shouwang.roster.models import Shift, Turn
from shouwang.roster.posts import asked_of, shifts_in
from shouwang.roster.rules import EARLY
from shouwang.roster.solver import Case, Way, Worker
from shouwang.roster.solver.gaps import ASKING, broken
from shouwang.roster.workers import held, helper_of, helpers_in, limits_in, workers

PROPOSED = 8


class ShiftOver(Refusal):
    code = "roster.shift_over"
    sentence = "这个班已经结束了，不用再安排。"


class HasTurn(Refusal):
    code = "roster.has_turn"
    sentence = "{name}已经在这个班上了。"


class PlaceTaken(Refusal):
    code = "roster.place_taken"
    sentence = "这个位置刚才有人顶上了，请刷新看一下。"


class MustNot(Refusal):
    code = "roster.must_not"
    sentence = "{name}不能排这个班：{why}。"


WHY_NOT = {
    "must_not": "身体不宜安排",
    "away": "请假或者生病",
    "twice": "同一时间有别的班",
    "tired": "两班之间歇不到八小时",
}


@dataclass(frozen=True)
class Proposal:
    """Somebody who could take a place: how many turns they have in the week around, and which rules it would break."""

    helper: int
    name: str
    turns: int
    against: tuple[Way, ...]


def shift_of(pk: UUID) -> Shift:
    """A shift that was not cancelled. Raises: NotInScope."""
    return one_in_scope(Shift.objects.select_related("post").filter(pk=pk, cancelled_at=None))


def turn_of(pk: UUID) -> Turn:
    """A turn that somebody has. Raises: NotInScope."""
    rows = Turn.objects.select_related("shift__post", "helper").filter(pk=pk, ended_at=None)
    return one_in_scope(rows)


def publish(area: str, *, from_on: date, until_on: date, by: User | None, at: datetime) -> list[Turn]:
    """From now on the roster of these days holds: posts are owed people, people owe their turns. Who is to be told.

    Told again, it takes in only what is new.
    """
    shifts = shifts_in(area, from_on=from_on, until_on=until_on).filter(ends_at__gt=at)
    new = shifts.filter(published_at=None)
    _owe(STAFFED, [(row.pk, row.starts_at, row.ends_at) for row in new], Shift, at)
    shown = list(new.values_list("pk", flat=True))
    Shift.objects.filter(pk__in=shown).update(published_at=at)
    waiting = Turn.objects.filter(shift__in=shifts.order_by(), ended_at=None, told_at=None)
    turns = list(waiting.select_related("shift__post", "helper").order_by("from_at"))
    tell(turns, at=at)
    audit("roster.publish", at=at, by=by, area=area, shifts=len(shown), turns=len(turns))
    return turns


def tell(turns: Sequence[Turn], *, at: datetime) -> None:
    """These turns are known to those who have them, and owed from now on."""
    Turn.objects.filter(pk__in=[turn.pk for turn in turns], told_at=None).update(told_at=at)
    _owe(SHIFT, [(turn.pk, turn.from_at, turn.shift.ends_at) for turn in turns], Turn, at)


def give(
    shift: UUID,
    helper: int,
    *,
    by: User | None,
    at: datetime,
    place: int | None = None,
    once: UUID | None = None,
) -> Turn:
    """Somebody takes a place of a shift from now on: the open one, else as an extra hand.

    Raises: NotInScope, ShiftOver, HasTurn, MustNot (what their body, their leave or another turn forbids; rest and hours are
    for whoever decides to weigh).
    """
    row, who = shift_of(shift), helper_of(helper)
    if row.ends_at <= at:
        raise ShiftOver()
    taken = {turn.place for turn in held([row])[row.pk]}
    still = [number for number in range(row.people) if number not in taken]
    number = place if place in still else next(iter(still), None)
    against = {way.rule for way in what_breaks(row, [who.pk], place=number, now=at)[who.pk]}
    if forbidden := against & set(WHY_NOT):
        raise MustNot(name=who.name, why="、".join(WHY_NOT[one] for one in sorted(forbidden)))
    turn = Turn(
        id=once or uuid7(at), area_code=row.area_code, shift=row, helper=who, place=number,
        from_at=max(at, row.starts_at), given_at=at, given_by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            turn.save(force_insert=True)
    except IntegrityError as error:
        raise (HasTurn(name=who.name) if "turn_once_in_a_shift" in str(error) else PlaceTaken()) from None
    audit(
        "roster.give", at=at, by=by, area=row.area_code, turn=turn.pk, helper=helper, against=sorted(against)
    )
    return turn


def end(turn: UUID, *, why: str, by: User | None, at: datetime) -> Turn:
    """Somebody has this turn no longer; what they owed for it is struck, unless they have been there. Raises: NotInScope."""
    row = turn_of(turn)
    Turn.objects.filter(pk=turn, ended_at=None).update(ended_at=at, ended_by=by, ended_why=why[:100])
    void(Duty.objects.filter(kind=SHIFT.name, about=turn, done_at=None), reason="turn_ended", at=at, by=by)
    audit("roster.end_turn", at=at, by=by, area=row.area_code, reason=why[:100], turn=turn)
    return row


def replace(turn: UUID, helper: int, *, why: str, by: User | None, at: datetime) -> Turn:
    """Somebody else takes this turn over. Raises: as `give` and `end`."""
    row = end(turn, why=why, by=by, at=at)
    made = give(row.shift_id, helper, place=row.place, by=by, at=at)
    tell([made], at=at)
    return made


def exchange(one: UUID, other: UUID, *, by: User | None, at: datetime) -> list[Turn]:
    """Two people swap their turns (换班). Raises: as `replace`; nothing changes when either may not."""
    with transaction.atomic():
        first, second = end(one, why="换班", by=by, at=at), end(other, why="换班", by=by, at=at)
        made = [
            give(first.shift_id, second.helper_id, place=first.place, by=by, at=at),
            give(second.shift_id, first.helper_id, place=second.place, by=by, at=at),
        ]
        tell(made, at=at)
    return made


def move(turn: UUID, shift: UUID, *, why: str, by: User | None, at: datetime) -> Turn:
    """Somebody goes to another post (调人), from now on or for a shift to come. Raises: as `give` and `end`."""
    with transaction.atomic():
        row = end(turn, why=why, by=by, at=at)
        made = give(shift, row.helper_id, by=by, at=at)
        tell([made], at=at)
    return made


def wants_out(turn: UUID, *, why: str, at: datetime) -> Turn:
    """Somebody cannot come and says so; they keep the turn until somebody else has it. Raises: NotInScope."""
    row = turn_of(turn)
    Turn.objects.filter(pk=turn, wants_out_at=None).update(wants_out_at=at, wants_out_why=why[:100])
    return row


def seen(turns: Sequence[UUID], *, at: datetime) -> int:
    """Somebody says 收到 to their turns."""
    return Turn.objects.filter(pk__in=list(turns), ended_at=None, seen_at=None).update(seen_at=at)


def what_breaks(
    shift: Shift, helpers: Sequence[int], *, now: datetime, place: int | None = None
) -> dict[int, list[Way]]:
    """Which rules each of these people would break at a place of this shift (any place, where none is named)."""
    rows = helpers_in(shift.area_code[:COMMUNITY]).filter(pk__in=helpers)
    mine = Turn.objects.filter(shift=shift, ended_at=None)
    everybody = workers(rows, from_at=shift.starts_at, until=shift.ends_at, but=list(mine), near=False)
    return _against(shift, everybody, place, now)


def _against(shift: Shift, everybody: list[Worker], place: int | None, now: datetime) -> dict[int, list[Way]]:
    asked = asked_of(shift)
    case = Case(tuple(everybody), (asked,), limits_in(shift.area_code, now=now))
    asks = (asked.places[place],) if place is not None else (frozenset(),)
    alone = type(asked)(asked.key, asked.post, asked.span, asks, asked.strains, asked.area)
    return {worker.key: broken(case, worker, alone, 0, []) for worker in everybody}


def proposals(
    shift: Shift, *, now: datetime, place: int | None = None, there: Collection[int] | None = None
) -> list[Proposal]:
    """Who could take a place: first those against whom nothing speaks, then the least burdened.

    Shape: `there` are those who have the shift already, where the caller knows. Cost: five questions.
    """
    taken = {turn.helper_id for turn in held([shift])[shift.pk]} if there is None else there
    people = {row.pk: row for row in helpers_in(shift.area_code[:COMMUNITY]) if row.pk not in taken}
    everybody = workers(people.values(), from_at=shift.starts_at, until=shift.ends_at, near=False)
    against = _against(shift, everybody, place, now)
    able = [
        Proposal(worker.key, people[worker.key].name, _around(worker, shift), tuple(against[worker.key]))
        for worker in everybody
        if all(way.rule in ASKING for way in against[worker.key]) and len(against[worker.key]) <= 1
    ]
    able.sort(key=lambda one: (len(one.against), sum(way.by for way in one.against), one.turns, one.helper))
    return able[:PROPOSED]


def _around(worker: Worker, shift: Shift) -> int:
    """How many turns somebody has in the week around a shift."""
    half = timedelta(days=7) / 2
    return sum(abs(span.starts_at - shift.starts_at) < half for span in worker.worked)


def _owe(kind: object, rows: list[tuple[UUID, datetime, datetime]], model: type, at: datetime) -> None:
    """One duty for each row, due when it begins; those that begin together in one statement."""
    by_window: dict[tuple[datetime, datetime], list[UUID]] = defaultdict(list)
    for pk, begins, ends in rows:
        by_window[begins, ends].append(pk)
    for (begins, ends), those in by_window.items():
        who: QuerySet = model.objects.filter(pk__in=those)  # type: ignore[attr-defined]
        who = who.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))
        plan(kind, who, Window(begins - EARLY, begins, ends), at=at)  # type: ignore[arg-type]
