"""Whether somebody can be isolated in this home (RP19): asked before a request by hand, looked at after one from a list or a result.

Nobody waits for it: the decision is taken with the question open, whoever decides sees that it is, and it is owed the same day.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.isolation.duties import HOME_CHECK
from shouwang.isolation.models import Care, Order
from shouwang.isolation.ordering import regime_of, schedule
from shouwang.isolation.schedule import schedule_of
from shouwang.lib.clock import day_end
from shouwang.plans.actions import read as read_plan
from shouwang.plans.models import PlanVersion

AT_HOME, LOOKED = "home", "home"
NOT_OVER = Q(released_at=None, withdrawn_at=None)


def conditions(version: PlanVersion) -> list[str]:
    """What a home must offer by this version of the plan, each as it is kept with an order."""
    asked = read_plan(version).isolation
    return [one[:80] for one in asked.home_conditions] if asked else []


def is_open(order: Order, cares: Sequence[Care]) -> bool:
    """Whether this one stays at home though nobody has said whether that home is fit. Shape: `cares` is what was done so far."""
    looked = any(care.what == LOOKED and care.void_at is None for care in cares)
    return bool(order.origin_row and order.mode == AT_HOME and conditions(order.plan)) and not looked


def not_looked_at(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Of these, those for whom `is_open` holds."""
    versions = PlanVersion.objects.filter(pk__in=orders.order_by().values("plan"))
    asking = [version.pk for version in versions if conditions(version)]
    looked = Care.objects.filter(order=OuterRef("pk"), what=LOOKED, void_at=None)
    return orders.filter(~Exists(looked), plan__in=asking, mode=AT_HOME, origin_row__isnull=False)


def owe_looks(orders: QuerySet[Order], *, at: datetime) -> int:
    """These were decided with the question open: by tonight somebody looks or asks. How many."""
    who = not_looked_at(orders).annotate(subject=F("person_id"), about=F("id"))
    return plan(HOME_CHECK, who, Window(at, day_end(at)), at=at)


def behind(door: int, *, at: datetime) -> QuerySet[Order]:
    """The orders behind a door that ran, or waited for a decision, at this moment, whatever became of them since.

    Shape: without those whose reason is none of the plan's: it asks nothing of their homes.
    """
    running = Q(released_at=None) | Q(released_at__gt=at)
    asked = Q(withdrawn_at=None) | Q(withdrawn_at__gt=at)
    alive = Q(decided_at__isnull=False) | Q(lapses_at__gt=at)
    here = Q(household__kept=door, outside="", proposed_at__lte=at, until__gt=at)
    return Order.objects.filter(here, running, asked, alive).order_by("person_id")


def looks_at(order: Order) -> list[Care]:
    """Every look at the home of this order that counts, the last one last, in whatever order they were told."""
    rows = Care.objects.filter(order=order, what=LOOKED, void_at=None)
    return list(rows.select_related("by").order_by("at", "id"))


def moves_to(order: Order, at: datetime) -> str:
    """Where the plan would have this person now, if that hangs on the home and is elsewhere; otherwise nothing."""
    wanted = _mode(order, order.home_fit, at)
    return "" if wanted in (order.mode, _mode(order, not order.home_fit, at)) else wanted


def _mode(order: Order, fit: bool, at: datetime) -> str:
    days = schedule_of(regime_of(order), schedule(order).origin, home_possible=fit)
    return (days.stretch_at(at) or days.stretches[-1]).mode
