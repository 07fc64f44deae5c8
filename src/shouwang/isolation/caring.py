"""What is done for the isolated day by day: readings taken, people told, called, seen, and let out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle, settle_about
from shouwang.duties.models import Attempt
from shouwang.duties.plan import communities_of
from shouwang.duties.writing import write
from shouwang.isolation.duties import OF_CARE, TEMPERATURE
from shouwang.isolation.models import Care, Order, Reading
from shouwang.isolation.ordering import void_what_is_left
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Person
from shouwang.register.queries import in_scope
from shouwang.standing.actions import end
from shouwang.standing.models import Hold

BY_MISTAKE = "点错"
COLDEST, WARMEST = Decimal(30), Decimal(45)


class NotATemperature(Refusal):
    code = "isolation.not_a_temperature"
    sentence = "体温 {written} 不对，请再看一遍体温计（例如 36.5）。"


class NotYet(Refusal):
    code = "isolation.not_yet"
    sentence = "记录的时间 {at} 还没到，请检查手机上的时间。"


class TooEarly(Refusal):
    code = "isolation.too_early"
    sentence = "还没到期（{until}）。提前解除要写明理由。"


@dataclass(frozen=True)
class Taken:
    """One reading. Units: °C. Shape: `id` is made where it was taken, so that twice counts once."""

    person: int
    at: datetime
    how: str
    temperature_c: Decimal | None = None
    symptoms: Sequence[str] = field(default_factory=tuple)
    id: UUID | None = None
    note: str = ""


@dataclass(frozen=True)
class Done:
    """Something that was done for somebody."""

    order: UUID
    at: datetime
    what: str
    id: UUID | None = None
    met: str = ""
    at_home: bool | None = None
    lacks: Sequence[str] = ()
    note: str = ""


def record_readings(
    taken: Sequence[Taken], *, by: User | None, at: datetime, here: Mapping[int, str] | None = None
) -> list[Taken]:
    """Writes readings down and settles what was owed; told twice they count once.

    Shape: `here` says where people are, from whoever looked them up in scope already.
    Raises: NotInScope, NotATemperature, NotYet. Returns those that are new.
    """
    named = {one.person for one in taken}
    people = {one: here[one] for one in named} if here else in_scope(Person, named)
    rows = [_reading(one, people[one.person], at) for one in taken]
    fresh = write(Reading, rows, same={"recorded_at": at, "by_id": by.pk if by else None})
    settle(TEMPERATURE, sorted(people), communities=sorted(communities_of(people.values())), at=at)
    return [one for one, row in zip(taken, rows, strict=True) if row["id"] in fresh]


def strike_reading(reading: UUID, *, by: User, at: datetime) -> None:
    """Strikes out a reading that somebody told by mistake; it is owed again if there is no other. Twice is once.

    Raises: NotInScope.
    """
    found = one_in_scope(Reading.objects.filter(pk=reading, by=by))
    if Reading.objects.filter(pk=reading, void_at=None).update(
        void_at=at, void_by=by, void_reason=BY_MISTAKE
    ):
        settle(TEMPERATURE, [found.person_id], communities=sorted(communities_of([found.area_code])), at=at)
        audit(
            "isolation.strike_reading", at=at, by=by, area=found.area_code, reason=BY_MISTAKE, reading=reading
        )


def degrees_as_typed(text: str) -> Decimal | None:
    """36.5, 36。5, 365: degrees as people type them; nothing where nothing was typed. Raises: NotATemperature."""
    typed = text.strip().replace("。", ".").replace("，", ".").replace("度", "").replace("℃", "")
    if not typed:
        return None
    try:
        value = Decimal(typed[:6])
    except InvalidOperation as wrong:
        raise NotATemperature(written=text[:10]) from wrong
    if not value.is_finite():
        raise NotATemperature(written=text[:10])
    return (value / 10 if value > 100 else value).quantize(Decimal("0.1"))


def not_reached(order: Order, *, outcome: str, by: User, at: datetime, id: UUID | None = None) -> Attempt:
    """Somebody called or knocked for a reading and had no answer; the reading is still owed. Told twice it counts once."""
    attempt, _made = Attempt.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "kind": TEMPERATURE.name, "person_id": order.person_id, "area_code": order.area_code, "at": at,
            "recorded_at": at, "by": by, "outcome": outcome,
        },
    )  # fmt: skip
    return attempt


def record_cares(done: Sequence[Done], *, by: User | None, at: datetime) -> list[Care]:
    """Writes down what was done and settles what was owed. Raises: NotInScope, NotYet."""
    orders = Order.objects.in_bulk({one.order for one in done})
    if len(orders) != len({one.order for one in done}):
        raise NotInScope()
    known = set(Care.objects.filter(pk__in=[one.id for one in done if one.id]).values_list("pk", flat=True))
    rows = [_care(one, orders[one.order], by, at) for one in done if one.id not in known]
    Care.objects.bulk_create(rows, ignore_conflicts=True)
    communities = sorted(communities_of(order.area_code for order in orders.values()))
    for what in sorted({row.what for row in rows}):
        abouts = [row.order_id for row in rows if row.what == what]
        settle_about(OF_CARE[what], abouts, communities=communities, at=at)
    return rows


def release(
    orders: Sequence[UUID], *, by: User | None, at: datetime, reason: str = "", note: str = ""
) -> list[Care]:
    """Lets people out: the care that was owed ends. Before the time only with a reason.

    Raises: NotInScope, TooEarly.
    """
    rows = list(Order.objects.filter(pk__in=orders, released_at=None).exclude(decided_at=None))
    if len(rows) != len(set(orders)):
        raise NotInScope()
    early = [order for order in rows if order.until > at]
    if early and not reason.strip():
        raise TooEarly(until=f"{early[0].until.astimezone(ZONE):%m月%d日 %H:%M}")
    for hold in Hold.objects.filter(about__in=[order.pk for order in early], ended_at=None):
        end(hold, reason=reason, by=by, at=at)
    Order.objects.filter(pk__in=orders).update(released_at=at, released_by=by)
    void_what_is_left(orders, reason="released", by=by, at=at)
    told = [Done(order=order.pk, at=at, what="release", note=note or reason) for order in rows]
    for area in sorted(communities_of(order.area_code for order in rows)):
        audit("isolation.release", at=at, by=by, area=area, orders=len(rows), early=len(early), reason=reason)
    return record_cares(told, by=by, at=at)


def _reading(one: Taken, area: str, at: datetime) -> dict[str, Any]:
    if one.at > at:
        raise NotYet(at=f"{one.at.astimezone(ZONE):%H:%M}")
    degrees = one.temperature_c
    if degrees is not None and not COLDEST <= degrees <= WARMEST:
        raise NotATemperature(written=degrees)
    return {
        "id": one.id or uuid7(at), "area_code": area, "at": one.at, "note": one.note[:200], "person_id": one.person,
        "temperature_c": degrees, "symptoms": one.symptoms, "how": one.how,
    }  # fmt: skip


def _care(one: Done, order: Order, by: User | None, at: datetime) -> Care:
    if one.at > at:
        raise NotYet(at=f"{one.at.astimezone(ZONE):%H:%M}")
    return Care(
        id=one.id or uuid7(at), area_code=order.area_code, at=one.at, recorded_at=at, by=by, note=one.note[:200],
        order=order, what=one.what, met=one.met[:64], at_home=one.at_home, lacks=list(one.lacks),
    )  # fmt: skip
