"""What people do in screening: open a round, say what they found, say that nobody was there, take back a mistake."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.discharge import settle, settle_area
from shouwang.duties.models import Attempt
from shouwang.duties.plan import communities_in, communities_of, plan
from shouwang.duties.windows import Window, next_try
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Kind
from shouwang.plans.models import PlanVersion
from shouwang.register.models import Household, Place
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


def record_visits(seen: Sequence[Seen], *, by: User | None, at: datetime) -> int:
    """Writes down what was found at the doors and settles what was owed there. How many were new.

    Raises: NotInScope for a door outside the scope, FromTheFuture. A visit sent again changes nothing.
    """
    doors = _in_scope(Household, [door.household for door in seen])
    rows = [
        Visit(
            id=door.id or uuid7(at),
            area_code=doors[door.household].area_code,
            recorded_at=at,
            by=by,
            household_id=door.household,
            **_plain(door, without=("id", "household"), at=at),
        )
        for door in seen
    ]
    return _keep(VISIT, Visit, rows, doors, at)


def record_place_visits(seen: Sequence[Looked], *, by: User | None, at: datetime) -> int:
    """Writes down what the places were found to be and settles what was owed. How many were new."""
    places = _in_scope(Place, [look.place for look in seen])
    rows = [
        PlaceVisit(
            id=look.id or uuid7(at),
            area_code=places[look.place].area_code,
            recorded_at=at,
            by=by,
            place_id=look.place,
            **_plain(look, without=("id", "place"), at=at),
        )
        for look in seen
    ]
    return _keep(PLACE_VISIT, PlaceVisit, rows, places, at)


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
    """Nobody was met: what happened, and when to come again (the plan's meal times and evening where nothing was agreed)."""
    door = _in_scope(Household, [household])[household]
    proposed = next_try_at or next_try(tried_at.astimezone(ZONE), hours)
    attempt, _ = Attempt.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "kind": VISIT.name,
            "household_id": household,
            "area_code": door.area_code,
            "at": tried_at,
            "recorded_at": at,
            "by": by,
            "outcome": outcome,
            "next_try_at": proposed,
            "note": note,
        },
    )
    return attempt


def void_visit(visit: UUID, *, reason: str, by: User | None, at: datetime) -> None:
    """Strikes out a visit that was entered by mistake; the door is owed again if nothing else was recorded.

    Raises: NotInScope, AlreadyVoid.
    """
    rows = Visit.objects.filter(pk=visit)
    found = rows.first()
    if not found:
        raise NotInScope()
    if not rows.filter(void_at=None).update(void_at=at, void_by=by, void_reason=reason):
        raise AlreadyVoid()
    settle(VISIT, [found.household_id], communities=sorted(communities_of([found.area_code])), at=at)
    audit("screening.void_visit", at=at, by=by, area=found.area_code, reason=reason, visit=visit)


def _in_scope(model: Any, ids: Sequence[int]) -> dict[int, Any]:
    """The rows that somebody named, looked up inside the scope: the database does not check it for us."""
    rows: dict[int, Any] = model.objects.in_bulk(set(ids))
    if len(rows) != len(set(ids)):
        raise NotInScope()
    return rows


def _plain(told: Seen | Looked, *, without: tuple[str, ...], at: datetime) -> dict[str, Any]:
    if told.at > at:
        raise FromTheFuture(at=f"{told.at.astimezone(ZONE):%H:%M}")
    values = {name: getattr(told, name) for name in told.__dataclass_fields__ if name not in without}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _keep(kind: Kind, model: Any, rows: list[Any], subjects: dict[int, Any], at: datetime) -> int:
    known = set(model.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    fresh = [row for row in rows if row.pk not in known]
    model.objects.bulk_create(fresh, ignore_conflicts=True)
    communities = communities_of(subject.area_code for subject in subjects.values())
    settle(kind, sorted(subjects), communities=sorted(communities), at=at)
    return len(fresh)
