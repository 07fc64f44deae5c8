"""The numbers of isolation and the people behind each: who is held, waits, is to be told, is missing, goes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate

from shouwang.duties.models import Count as Owed
from shouwang.duties.models import Duty
from shouwang.isolation.changing import open_changes
from shouwang.isolation.duties import BEGIN, HOME_CHECK, RELEASE, TEMPERATURE, WELCOME
from shouwang.isolation.models import Need, Objection, Order
from shouwang.isolation.ordering import RELEASED_WITHIN, open_orders
from shouwang.lib.clock import ZONE, day_end, day_of, midnight
from shouwang.lib.kinds import Kind

A_DAY = timedelta(days=1)
SOON_DAYS = 7


DECIDED = Q(decided_at__isnull=False)


def by_the_clock(now: datetime) -> dict[str, Q]:
    """The lists that the clock alone makes: between which ends the orders of each lie."""
    tonight = day_end(now)
    return {
        "held": Q(until__gt=now),
        "today": Q(until__lte=tonight),
        "late": Q(until__lte=now),
        "tomorrow": Q(until__gt=tonight, until__lte=tonight + A_DAY),
        "soon": Q(until__gt=tonight, until__lte=tonight + SOON_DAYS * A_DAY),
    }


def held(now: datetime) -> QuerySet[Order]:
    """Decided, and not over."""
    return _by_the_clock("held", now)


def waiting(now: datetime) -> QuerySet[Order]:
    """Requests that nobody has decided yet; each lapses by itself."""
    return open_orders().filter(decided_at=None, lapses_at__gt=now)


def to_be_told(now: datetime) -> QuerySet[Order]:
    """Held, and nobody has been at the door yet."""
    return _owed_about(BEGIN, now)


def to_be_looked_at(now: datetime) -> QuerySet[Order]:
    """Held at home, and nobody has said yet whether that home is fit."""
    return _owed_about(HOME_CHECK, now)


def without_reading(now: datetime) -> QuerySet[Order]:
    """Held, and the reading of this hour is not there yet."""
    owed = Duty.objects.filter(
        kind=TEMPERATURE.name, fact="owed", person=OuterRef("person"), opens_at__lte=now, lapses_at__gt=now
    )
    return held(now).filter(Exists(owed))


def due_today(now: datetime) -> QuerySet[Order]:
    """Out by the end of today; also those whom nobody has let out in time."""
    return _by_the_clock("today", now)


def due_tomorrow(now: datetime) -> QuerySet[Order]:
    """Out by the end of tomorrow."""
    return _by_the_clock("tomorrow", now)


def due_soon(now: datetime) -> QuerySet[Order]:
    """Out within the coming days, so that papers, meals and calls are ready."""
    return _by_the_clock("soon", now)


def late_out(now: datetime) -> QuerySet[Order]:
    """Their time is over, the hold has ended by itself, and nobody has told them (RP28)."""
    return _by_the_clock("late", now)


def to_approve(now: datetime) -> QuerySet[Order]:
    """A change was asked for and waits for a second person."""
    return held(now).filter(Exists(open_changes().filter(order=OuterRef("pk"))))


def to_welcome(now: datetime) -> QuerySet[Order]:
    """Out again, and nobody has called yet."""
    owed = Duty.objects.filter(kind=WELCOME.name, fact="owed", about=OuterRef("pk"))
    return Order.objects.filter(Exists(owed), released_at__lte=now)


def objected(now: datetime) -> QuerySet[Order]:
    """With an objection that nobody has answered, whether or not the order still holds."""
    unanswered = Objection.objects.filter(order=OuterRef("pk"), at=None)
    return Order.objects.filter(Exists(unanswered), proposed_at__lte=now)


LISTS: dict[str, Callable[[datetime], QuerySet[Order]]] = {
    "held": held,
    "waiting": waiting,
    "telling": to_be_told,
    "homes": to_be_looked_at,
    "missing": without_reading,
    "today": due_today,
    "late": late_out,
    "tomorrow": due_tomorrow,
    "soon": due_soon,
    "approve": to_approve,
    "welcome": to_welcome,
    "objected": objected,
}

ABOUT = {"telling": BEGIN, "homes": HOME_CHECK}


def counts(now: datetime) -> dict[str, int]:
    """How many people stand on each list.

    Cost: one look at the kept counts of duties: whoever is held is owed the release at the end. One at those lists that
    begin with something rare.
    """
    kept = _kept(now)
    rare = [key for key in LISTS if key not in kept or (key in ABOUT and kept[key])]
    each = [LISTS[key](now).order_by().values(which=Value(key)).annotate(people=Count("pk")) for key in rare]
    lines = [one.values_list("which", "people") for one in each]
    return {**dict.fromkeys(LISTS, 0), **kept, **dict(lines[0].union(*lines[1:], all=True))}


def _kept(now: datetime) -> dict[str, int]:
    """What the kept counts say: who is held and until when, who is to be told (held no longer, too), whose reading is owed."""
    kinds = [RELEASE.name, TEMPERATURE.name, *(kind.name for kind in ABOUT.values())]
    owed = Owed.objects.filter(fact="owed", kind__in=kinds)
    of = {key: Q(kind=RELEASE.name) & rule for key, rule in by_the_clock(now).items()}
    of |= {key: Q(kind=kind.name) for key, kind in ABOUT.items()}
    of["missing"] = Q(kind=TEMPERATURE.name, opens_at__lte=now, lapses_at__gt=now)
    sums = {f"of_{key}": Sum("amount", filter=rule) for key, rule in of.items()}
    found = owed.annotate(until=F("due_at") - RELEASED_WITHIN).aggregate(**sums)
    return {key.removeprefix("of_"): amount or 0 for key, amount in found.items()}


def _owed_about(kind: Kind, now: datetime) -> QuerySet[Order]:
    owed = Duty.objects.filter(kind=kind.name, fact="owed", about=OuterRef("pk"))
    return held(now).filter(Exists(owed))


def _by_the_clock(key: str, now: datetime) -> QuerySet[Order]:
    return open_orders().filter(DECIDED, by_the_clock(now)[key])


@dataclass(frozen=True)
class DayCount:
    """How many people are in isolation on a day, and how many by their ends alone; `planned` days lie ahead."""

    on: date
    people: int
    by_plan: int
    planned: bool


def curve(now: datetime, *, past: int, ahead: int) -> list[DayCount]:
    """How many were held on each day, and how many will be if nobody comes and everybody goes when planned. Cost: one query."""
    today = day_of(now)
    since = today - timedelta(days=past)
    begun, end = TruncDate("decided_at", tzinfo=ZONE), TruncDate("until", tzinfo=ZONE)
    untold = When(until__lte=now, then=Value(day_end(now)))  # over, and nobody has let them out yet
    over = TruncDate(Coalesce("released_at", Case(untold, default=F("until"))), tzinfo=ZONE)
    lately = Q(until__gte=midnight(since)) | Q(released_at__gte=midnight(since)) | Q(released_at=None)
    rows = Order.objects.filter(lately, decided_at__isnull=False).order_by()
    spans = list(rows.values(begun=begun, over=over, end=end).annotate(people=Count("id")))
    days = [since + timedelta(days=number) for number in range(past + ahead + 1)]
    return [DayCount(on, _within(spans, on, "over"), _within(spans, on, "end"), on > today) for on in days]


def _within(spans: Sequence[Mapping[str, Any]], on: date, until: str) -> int:
    return sum(one["people"] for one in spans if one["begun"] <= on < one[until])


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
