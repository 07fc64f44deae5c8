"""What people do in screening: open a round, say what they found, say that nobody was there, take back a mistake."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle, settle_area
from shouwang.duties.models import Attempt
from shouwang.duties.plan import communities_in, communities_of, plan
from shouwang.duties.windows import Window, next_try
from shouwang.duties.writing import write
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Kind
from shouwang.plans.models import PlanVersion
from shouwang.register.models import Household, Place
from shouwang.register.queries import in_scope
from shouwang.screening.duties import PLACE_VISIT, VISIT, WHO
from shouwang.screening.models import PlaceVisit, Round, Visit

KINDS = {kind.name: kind for kind in (VISIT, PLACE_VISIT)}
OUTCOMES = {
    "no_answer": "没人在家",
    "no_reply": "没接电话",
    "wrong_number": "空号",
    "hung_up": "挂断",
    "refused": "不配合",
    "moved": "已搬走",
    "appointed": "约好时间",
}


class WrongWindow(Refusal):
    code = "screening.wrong_window"
    sentence = "截止时间要晚于开始时间。请检查：{opens} 到 {due}。"


class FromTheFuture(Refusal):
    code = "screening.from_the_future"
    sentence = "上门时间 {at} 还没到。请检查手机上的时间。"


class AlreadyVoid(Refusal):
    code = "screening.already_void"
    sentence = "这条记录已经撤销过了。"


@dataclass(frozen=True)
class Seen:
    """What one door said.

    Units: `temperature_c` in °C. Shape: `id` is made where the visit was captured, so that sending twice counts once.
    """

    household: int
    at: datetime
    id: UUID | None = None
    met: str = ""
    people_count: int | None = None
    newcomers: str = ""
    temperature_c: Decimal | None = None
    symptoms: str = ""
    helps: Sequence[str] = field(default_factory=tuple)
    handed_out: Sequence[str] = field(default_factory=tuple)
    note: str = ""


@dataclass(frozen=True)
class Looked:
    """What one place was found to be."""

    place: int
    at: datetime
    state: str
    id: UUID | None = None
    staff_count: int | None = None
    finding: str = ""
    handed_out: Sequence[str] = field(default_factory=tuple)
    note: str = ""


@dataclass(frozen=True)
class Tried:
    """A door at which nobody was met, or a call that led to nothing; when to come again where something was agreed."""

    household: int
    at: datetime
    outcome: str
    next_try_at: datetime | None = None
    note: str = ""
    id: UUID | None = None


def open_round(
    area: str,
    *,
    kind: str,
    title: str,
    window: Window,
    by: User | None,
    at: datetime,
    only: dict[str, str] | None = None,
    plan_version: PlanVersion | None = None,
) -> tuple[Round, int]:
    """Opens a round: every door (or place) of the area owes, and what was seen already counts.

    Returns the round and how many now owe.
    """
    opened = Round.objects.create(
        id=uuid7(at),
        area_code=area,
        kind=kind,
        title=title,
        only=only or {},
        opens_at=window.opens_at,
        due_at=window.due_at,
        lapses_at=window.lapses_at,
        plan=plan_version,
        opened_at=at,
        opened_by=by,
    )
    planned = extend(opened, at=at)
    audit("screening.open_round", at=at, by=by, area=area, round=opened.pk, kind=kind, planned=planned)
    return opened, planned


def extend(opened: Round, *, at: datetime) -> int:
    """Lets doors that appeared since the round was opened owe too. How many did."""
    kind = KINDS[opened.kind]
    who = WHO[kind.name](*subtree(opened.area_code), opened.only)
    window = Window(opened.opens_at, opened.due_at, opened.lapses_at)
    planned = plan(kind, who, window, at=at, batch=opened.pk)
    settle_area(kind, opened.area_code, communities=communities_in(who), at=at)
    return planned


def record_visits(
    seen: Sequence[Seen], *, by: User | None, at: datetime, here: Mapping[int, str] | None = None
) -> int:
    """Writes down what was found at the doors and settles what was owed there. How many were new.

    Shape: `here` says where doors lie, from whoever looked them up in scope already.
    Raises: NotInScope for a door outside the scope, FromTheFuture. A visit sent again changes nothing.
    Cost: for 500 doors of a community half a dozen statements.
    """
    households = {door.household for door in seen}
    doors = {one: here[one] for one in households} if here else in_scope(Household, households)
    rows = [_row(door, "household", doors[door.household], at) for door in seen]
    return _keep(VISIT, Visit, rows, doors, by, at)


def record_place_visits(seen: Sequence[Looked], *, by: User | None, at: datetime) -> int:
    """Writes down what the places were found to be and settles what was owed. How many were new."""
    places = in_scope(Place, [look.place for look in seen])
    rows = [_row(look, "place", places[look.place], at) for look in seen]
    return _keep(PLACE_VISIT, PlaceVisit, rows, places, by, at)


def record_attempts(
    tried: Sequence[Tried], *, hours_of: Callable[[str], Sequence[time]], by: User | None, at: datetime
) -> int:
    """Nobody was met: what happened, and when to come again (the plan's meal times and evening where nothing was agreed).

    Shape: `hours_of` says the plan's hours for a community. Raises: NotInScope. Returns how many were new.
    """
    doors = in_scope(Household, [one.household for one in tried])
    hours = {community: hours_of(community) for community in communities_of(doors.values())}
    rows = [
        {
            "id": one.id or uuid7(at), "household_id": one.household, "area_code": doors[one.household],
            "at": one.at, "outcome": one.outcome, "note": one.note,
            "next_try_at": one.next_try_at
            or next_try(one.at.astimezone(ZONE), hours[community_of(doors[one.household])]),
        }
        for one in tried
    ]  # fmt: skip
    same = {"kind": VISIT.name, "recorded_at": at, "by_id": by.pk if by else None}
    return len(write(Attempt, rows, same=same))


def record_attempt(
    household: int,
    *,
    outcome: str,
    tried_at: datetime,
    hours: Sequence[time],
    by: User | None,
    at: datetime,
    next_try_at: datetime | None = None,
    note: str = "",
    id: UUID | None = None,
) -> Attempt:
    """One door at which nobody was met. Raises: NotInScope, also where the id is that of something elsewhere."""
    key = id or uuid7(at)
    tried = Tried(household, tried_at, outcome, next_try_at=next_try_at, note=note, id=key)
    record_attempts([tried], hours_of=lambda _area: hours, by=by, at=at)
    return one_in_scope(Attempt.objects.filter(pk=key))


def void_visit(visit: UUID, *, reason: str, by: User | None, at: datetime) -> None:
    """Strikes out a visit that was entered by mistake; the door is owed again if nothing else was recorded.

    Raises: NotInScope, AlreadyVoid.
    """
    rows = Visit.objects.filter(pk=visit)
    found = one_in_scope(rows)
    if not rows.filter(void_at=None).update(void_at=at, void_by=by, void_reason=reason):
        raise AlreadyVoid()
    settle(VISIT, [found.household_id], communities=sorted(communities_of([found.area_code])), at=at)
    audit("screening.void_visit", at=at, by=by, area=found.area_code, reason=reason, visit=visit)


def _row(told: Seen | Looked, subject: str, area: str, at: datetime) -> dict[str, Any]:
    """One line as its table takes it. Raises: FromTheFuture."""
    if told.at > at:
        raise FromTheFuture(at=f"{told.at.astimezone(ZONE):%H:%M}")
    row = {"id": None, **vars(told), "area_code": area}
    row["id"] = told.id or uuid7(at)
    row[f"{subject}_id"] = row.pop(subject)
    return row


def _keep(
    kind: Kind,
    model: Any,
    rows: list[dict[str, Any]],
    subjects: dict[int, str],
    by: User | None,
    at: datetime,
) -> int:
    fresh = write(model, rows, same={"recorded_at": at, "by_id": by.pk if by else None})
    settle(kind, sorted(subjects), communities=sorted(communities_of(subjects.values())), at=at)
    return len(fresh)
