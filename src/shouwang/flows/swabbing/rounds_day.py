"""What testing asks by itself: rounds catch up with the register and are followed by the next, test days of isolation, special trades."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.duties.discharge import settle_area
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.isolation.daily import held_on
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import schedule
from shouwang.isolation.schedule import SwabDay, swabs_still_due
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import Refusal
from shouwang.testing.duties import DOOR_SWAB, NOTHING
from shouwang.testing.models import Round, Trade
from shouwang.testing.rounds.ordering import catch_up, next_round
from shouwang.testing.rounds.trades import owe_trades

A_DAY = timedelta(days=1)


def rounds_to_look_at(*, now: datetime) -> list[tuple[UUID, str]]:
    """The rounds that run or repeat, with their areas."""
    running = Round.objects.filter(ended_at=None, due_at__gt=now)
    repeating = Round.objects.filter(ended_at=None, end_asked_at=None, repeat_every_days__isnull=False)
    rows = (
        running | repeating.exclude(pk__in=Round.objects.filter(repeats__isnull=False).values("repeats"))
    ).order_by("opens_at")
    return list(rows.values_list("pk", "area_code"))


def look_after(pk: UUID, *, now: datetime) -> int:
    """A round catches up, and the next is ordered when it is time. How many people owe more."""
    row = Round.objects.get(pk=pk)
    made = sum(catch_up(row, at=now)) if row.due_at > now else 0
    following = next_round(row, at=now)
    return made + (following.points + following.doors if following else 0)


def communities_with_tests(*, now: datetime) -> list[str]:
    """Where somebody is kept at home, or works in a special trade."""
    asked: tuple[QuerySet, ...] = (held_on("", day_of(now)), Trade.objects.filter(ended_at=None))
    found = (rows.order_by().annotate(community=Left("area_code", COMMUNITY)) for rows in asked)
    return sorted({code for rows in found for code in rows.values_list("community", flat=True).distinct()})


def owe_tests(community: str, *, now: datetime) -> int:
    """Today's test days of isolation and of special trades; told again, nothing is owed twice. How many are new."""
    return owe_test_days(community, now=now) + owe_trades(community, now=now)


def owe_test_days(community: str, *, now: datetime) -> int:
    """Whoever is kept at home and has a test day today is swabbed at the door today; the last missed one is made good on the first day."""
    today = day_of(now)
    window = Window(midnight(today), midnight(today + A_DAY), midnight(today + A_DAY))
    due = [order.pk for order in held_on(community, today).select_related("plan") if _due(order, today)]
    if not due:
        return 0
    who = Order.objects.filter(pk__in=due).annotate(subject=F("person__kept_id"), about=NOTHING)
    made = plan(DOOR_SWAB, who, window, at=now)
    if made:
        settle_area(DOOR_SWAB, community, communities=[community], at=now)
    return made


def tests_on(people: Collection[int], on: date) -> dict[int, SwabDay]:
    """How each of these people is to be swabbed on a day, where an order says so. Shape: by the person who is kept."""
    held = held_on("", on).filter(person__kept_id__in=people).select_related("plan", "person")
    found = ((order.person.kept_id, _due(order, on)) for order in held)
    return {person: test for person, test in found if person and test}


def _due(order: Order, on: date) -> SwabDay | None:
    try:
        days = schedule(order)
    except Refusal:
        return None  # the plan leaves its days open: nothing can be counted
    begun = day_of(order.decided_at or order.proposed_at)
    return next((test for test in swabs_still_due(days, begun_on=begun) if test.on == on), None)
