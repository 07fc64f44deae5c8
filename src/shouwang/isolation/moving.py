"""Somebody is taken to central isolation or to hospital (D6): by which car, with whom, and into whose hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.isolation.asking import ask
from shouwang.isolation.duties import TRANSFER
from shouwang.isolation.models import Need, Order, Seat, Transfer
from shouwang.isolation.rules import Member, age, is_night, left_without_guardian, taken_without_guardian
from shouwang.lib.clock import day_of
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import read as read_plan
from shouwang.plans.form.people import Isolation
from shouwang.register.models import Person
from shouwang.standing.models import Hold

LEANING = {"disabled"}
CARE_AT_HOME = ("child", "elderly")
SHOWN = timedelta(days=1)
GROWN = 18


class NoGuardian(Refusal):
    code = "isolation.no_guardian"
    sentence = "{name}不能一个人走，要有监护人同车。"


class LeftAlone(Refusal):
    code = "isolation.left_alone"
    sentence = "{name}会一个人留在家里。先安排好照看的人（代办里“照看孩子”或“照看老人”已落实），车才能走。"


class AtNight(Refusal):
    code = "isolation.at_night"
    sentence = "夜里不转运。一定要走，由上一级批准并写明理由。"


class NotDisinfected(Refusal):
    code = "isolation.not_disinfected"
    sentence = "车还没有消杀，不能上人。"


class TooMany(Refusal):
    code = "isolation.too_many"
    sentence = "一辆车最多坐 {most} 人，现在有 {count} 人。"


class HasLeft(Refusal):
    code = "isolation.has_left"
    sentence = "这趟车已经出发或者取消了。"


class NotLeft(Refusal):
    code = "isolation.not_left"
    sentence = "这趟车还没有出发。"


@dataclass(frozen=True)
class Trip:
    """Where to, by which car, and when."""

    to_place: str
    to_mode: str
    vehicle: str
    driver: str
    leaves_at: datetime


def plan_transfer(
    orders: Sequence[UUID],
    trip: Trip,
    *,
    by: User,
    at: datetime,
    companions: Sequence[int] = (),
    above: bool = False,
    reason: str = "",
    id: UUID | None = None,
) -> Transfer:
    """Puts people and who goes with them into a car; whoever would stay alone is owed somebody before it goes.

    Asked twice (one `id`), it is one car. Raises: NotInScope, NoGuardian, AtNight, TooMany.
    """
    if id and (made := Transfer.objects.filter(pk=id).first()):
        return made
    rows = list(Order.objects.filter(pk__in=orders).select_related("person", "plan"))
    if not rows or len(rows) != len(set(orders)):
        raise NotInScope()
    rules = read_plan(rows[0].plan).isolation or Isolation()
    going = _members([row.person_id for row in rows] + list(companions))
    alone = taken_without_guardian(
        going, on=day_of(trip.leaves_at), guardian_until_age=rules.guardian_until_age
    )
    if alone:
        raise NoGuardian(name=alone[0].name)
    _check_hour(trip.leaves_at, rules, above, reason)
    if rules.transfer_passengers and len(going) > rules.transfer_passengers:
        raise TooMany(most=rules.transfer_passengers, count=len(going))
    transfer = Transfer.objects.create(
        id=id or uuid7(at), area_code=rows[0].area_code, planned_at=at, planned_by=by, above=above, reason=reason[:200],
        to_place=trip.to_place[:80], to_mode=trip.to_mode, vehicle=trip.vehicle[:16], driver=trip.driver[:40],
        leaves_at=trip.leaves_at,
    )  # fmt: skip
    order_of = {row.person_id: row for row in rows}
    Seat.objects.bulk_create(
        Seat(
            transfer=transfer,
            area_code=transfer.area_code,
            person_id=one.person,
            order=order_of.get(one.person),
        )
        for one in going
    )
    for home in sorted({row.household_id for row in rows}):
        _owe_care(home, going, rules, trip.leaves_at, by, at)
    audit(
        "isolation.plan_transfer",
        at=at,
        by=by,
        area=transfer.area_code,
        transfer=transfer.pk,
        people=len(going),
    )
    return transfer


def depart(
    transfer: UUID, *, disinfected_at: datetime | None, left_at: datetime, by: User, at: datetime
) -> None:
    """The car goes. Nobody who needs somebody stays behind alone. Raises: NotInScope, LeftAlone, NotDisinfected, AtNight, HasLeft."""
    row = transfer_of(transfer)
    if disinfected_at is None:
        raise NotDisinfected()
    seats = list(row.seats.select_related("person", "order__plan"))
    rules = read_plan(next(seat.order.plan for seat in seats if seat.order)).isolation or Isolation()
    _check_hour(left_at, rules, row.above, row.reason)
    going = _members([seat.person_id for seat in seats])
    for home in {seat.person.household_id for seat in seats}:
        _check_home(home, going, rules, left_at)
    waiting = Transfer.objects.filter(pk=transfer, left_at=None, void_at=None)
    if not waiting.update(left_at=left_at, disinfected_before_at=disinfected_at, left_by=by):
        raise HasLeft()
    audit("isolation.depart", at=at, by=by, area=row.area_code, transfer=transfer)


def hand_over(
    transfer: UUID,
    *,
    received_by: str,
    arrived_at: datetime,
    disinfected_at: datetime | None,
    by: User | None,
    at: datetime,
) -> None:
    """They are in somebody's hands, and that is signed; from now on the order is kept where they are.

    Raises: NotInScope, NotLeft. Signed twice, the first counts.
    """
    row = transfer_of(transfer)
    if row.left_at is None:
        raise NotLeft()
    signed = Transfer.objects.filter(pk=transfer, arrived_at=None)
    if not signed.update(
        arrived_at=arrived_at, received_by=received_by[:80], disinfected_after_at=disinfected_at
    ):
        return
    orders = [seat.order_id for seat in row.seats.all() if seat.order_id]
    Order.objects.filter(pk__in=orders).update(mode=row.to_mode)
    Hold.objects.filter(about__in=orders, ended_at=None).update(mode=row.to_mode)
    settle_about(TRANSFER, orders, communities=[community_of(row.area_code)], at=at)
    audit("isolation.hand_over", at=at, by=by, area=row.area_code, transfer=transfer, received_by=received_by)


def calls_off(transfer: UUID, *, reason: str, by: User, at: datetime) -> None:
    """The car does not go; who was in it stays where they are. Raises: NotInScope, HasLeft."""
    row = transfer_of(transfer)
    waiting = Transfer.objects.filter(pk=transfer, left_at=None, void_at=None)
    if not waiting.update(void_at=at, void_reason=reason[:200]):
        raise HasLeft()
    audit("isolation.call_off_transfer", at=at, by=by, area=row.area_code, reason=reason)


def of_today(*, now: datetime) -> QuerySet[Transfer]:
    """The cars that did not arrive yet, and those of the last day, the next first; each with its `people`."""
    lately = Q(arrived_at=None) | Q(arrived_at__gte=now - SHOWN)
    return (
        Transfer.objects.filter(lately, void_at=None)
        .annotate(people=Count("seats"))
        .order_by("leaves_at", "pk")
    )


def cares_open(row: Transfer) -> list[Need]:
    """Who would stay behind alone, and has nobody yet: the car waits for them."""
    homes = {seat.person.household_id for seat in row.seats.select_related("person")}
    waiting = Need.objects.filter(household__in=homes, what__in=CARE_AT_HOME, at=None, void_at=None)
    return list(waiting.select_related("person", "taken_by").order_by("due_at"))


def transfer_of(pk: UUID) -> Transfer:
    """One car with its seats. Raises: NotInScope."""
    return one_in_scope(Transfer.objects.filter(pk=pk).prefetch_related("seats"))


def _check_hour(at: datetime, rules: Isolation, above: bool, reason: str) -> None:
    night = is_night(at, quiet_from=rules.no_transfer_from, quiet_until=rules.no_transfer_until)
    if night and not (above and reason.strip()):
        raise AtNight()


def _check_home(home: int, going: Sequence[Member], rules: Isolation, at: datetime) -> None:
    """Whoever would stay alone must have somebody by now: a request for care at this door that was met."""
    alone = _alone(home, going, rules, at)
    cared_for = Need.objects.filter(household=home, what__in=CARE_AT_HOME, at__lte=at, void_at=None)
    if alone and not cared_for.exists():
        raise LeftAlone(name=alone[0].name)


def _owe_care(
    home: int, going: Sequence[Member], rules: Isolation, leaves_at: datetime, by: User, at: datetime
) -> None:
    """Whoever would stay alone is owed somebody, by the hour at which the car goes; asked for once."""
    alone = _alone(home, going, rules, leaves_at)
    asked = Need.objects.filter(household=home, what__in=CARE_AT_HOME, void_at=None)
    if not alone or leaves_at <= at or asked.filter(Q(at=None) | Q(at__lte=leaves_at)).exists():
        return
    child = any(one.born_on and age(one.born_on, day_of(leaves_at)) < GROWN for one in alone)
    names = "、".join(one.name for one in alone)
    ask(
        home, what="child" if child else "elderly", words=f"{names}一个人留在家里，车走以前要有人照看。", how="door",
        by=by, at=at, person=alone[0].person, due_at=leaves_at,
    )  # fmt: skip


def _alone(home: int, going: Sequence[Member], rules: Isolation, at: datetime) -> list[Member]:
    living_here = Person.objects.filter(household=home, left_at=None, kept_id__isnull=False)
    return left_without_guardian(
        _members(list(living_here.values_list("pk", flat=True))), going, on=day_of(at),
        guardian_until_age=rules.guardian_until_age,
    )  # fmt: skip


def _members(people: Sequence[int]) -> list[Member]:
    rows = Person.objects.filter(pk__in=people)
    return [Member(row.pk, row.name, row.born_on, bool(LEANING & set(row.helps))) for row in rows]
