"""The numbers of isolation and the people behind each: who is held, waits, is to be told, is missing, goes out."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.duties.models import Duty
from shouwang.isolation.duties import BEGIN, TEMPERATURE
from shouwang.isolation.models import Need, Objection, Order
from shouwang.isolation.ordering import open_orders
from shouwang.lib.clock import day_end

A_DAY = timedelta(days=1)


def held(now: datetime) -> QuerySet[Order]:
    """Decided, and not over."""
    return open_orders().filter(decided_at__isnull=False, until__gt=now)


def waiting(now: datetime) -> QuerySet[Order]:
    """Requests that nobody has decided yet; each lapses by itself."""
    return open_orders().filter(decided_at=None, lapses_at__gt=now)


def to_be_told(now: datetime) -> QuerySet[Order]:
    """Held, and nobody has been at the door yet."""
    owed = Duty.objects.filter(kind=BEGIN.name, fact="owed", about=OuterRef("pk"))
    return held(now).filter(Exists(owed))


def without_reading(now: datetime) -> QuerySet[Order]:
    """Held, and the reading of this hour is not there yet."""
    owed = Duty.objects.filter(
        kind=TEMPERATURE.name, fact="owed", person=OuterRef("person"), opens_at__lte=now, lapses_at__gt=now
    )
    return held(now).filter(Exists(owed))


def due_today(now: datetime) -> QuerySet[Order]:
    """Out by the end of today; also those whom nobody has let out in time."""
    return open_orders().filter(decided_at__isnull=False, until__lte=day_end(now))


def due_tomorrow(now: datetime) -> QuerySet[Order]:
    """Out by the end of tomorrow."""
    ends = day_end(now)
    return open_orders().filter(decided_at__isnull=False, until__gt=ends, until__lte=ends + A_DAY)


def objected(now: datetime) -> QuerySet[Order]:
    """With an objection that nobody has answered, whether or not the order still holds."""
    unanswered = Objection.objects.filter(order=OuterRef("pk"), at=None)
    return Order.objects.filter(Exists(unanswered), proposed_at__lte=now)


LISTS: dict[str, Callable[[datetime], QuerySet[Order]]] = {
    "held": held,
    "waiting": waiting,
    "telling": to_be_told,
    "missing": without_reading,
    "today": due_today,
    "tomorrow": due_tomorrow,
    "objected": objected,
}


def in_order(orders: QuerySet[Order]) -> QuerySet[Order]:
    """In the order of the buildings, each with its person and door."""
    return orders.select_related("person__household", "plan").order_by("area_code", "person_id")


def open_needs() -> QuerySet[Need]:
    """What was asked for and has not arrived, the next due first."""
    waiting_for = Need.objects.filter(at=None, void_at=None)
    return waiting_for.select_related("household", "person", "taken_by").order_by("due_at")


def owed_to(order: Order, now: datetime) -> QuerySet[Duty]:
    """What this person is owed and did not get yet."""
    mine = Q(about=order.pk) | Q(kind=TEMPERATURE.name, person=order.person_id)
    still = Q(lapses_at=None) | Q(lapses_at__gt=now)
    return Duty.objects.filter(mine, still, fact="owed", opens_at__lte=now).order_by("due_at")


def of_one_door(order: Order, now: datetime) -> QuerySet[Order]:
    """The orders of everybody behind the same door that are not over, this one included."""
    together = Q(household=order.household_id) & (Q(decided_at__isnull=False) | Q(lapses_at__gt=now))
    rows = open_orders().filter(together, until__gt=now) | Order.objects.filter(pk=order.pk)
    return rows.select_related("person").order_by("person_id")
