"""Whether somebody can be isolated in this home (RP19): asked before a request by hand, looked at after one from a list or a result.

Nobody waits for it: the decision is taken with the question open, whoever decides sees that it is, and it is owed the same day.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Exists, F, OuterRef, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.plan import communities_of, plan
from shouwang.duties.windows import Window
from shouwang.isolation.caring import Done, record_cares
from shouwang.isolation.changing import open_changes, propose_category
from shouwang.isolation.duties import HOME_CHECK
from shouwang.isolation.models import Care, Change, Order
from shouwang.isolation.ordering import regime_of, schedule
from shouwang.isolation.schedule import schedule_of
from shouwang.lib.clock import ZONE, day_end
from shouwang.lib.errors import NotInScope
from shouwang.plans.actions import read as read_plan
from shouwang.plans.models import PlanVersion

AT_HOME, LOOKED = "home", "home"
UNFIT, FIT = "家里不适合隔离：{lacks}", "再看过，家里适合隔离"
DOCUMENT = "居家条件核实 {on}"


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


def look(orders: Sequence[UUID], *, lacks: Sequence[str], by: User, at: datetime, id: UUID) -> list[Change]:
    """Somebody looked, or asked: what this home lacks, for everybody behind the door. Told twice it counts once.

    A request goes where the plan then says; whoever is held already goes nowhere until a second person agrees: what was
    proposed for that is returned. Raises: NotInScope.
    """
    rows = list(
        Order.objects.filter(pk__in=orders, released_at=None, withdrawn_at=None).select_related("plan")
    )
    if not rows or len(rows) != len(set(orders)):
        raise NotInScope()
    note = "；".join(lacks)
    told = [Done(order=row.pk, at=at, what=LOOKED, id=uuid5(id, str(row.pk)), note=note) for row in rows]
    if not record_cares(told, by=by, at=at):
        return []
    Order.objects.filter(pk__in=orders).update(home_fit=not lacks, home_unmet=list(lacks))
    for row in rows:
        row.home_fit, row.home_unmet = not lacks, list(lacks)
    for area in sorted(communities_of(row.area_code for row in rows)):
        audit("isolation.look_at_home", at=at, by=by, area=area, orders=len(rows), lacks=len(lacks))
    moved = (_moves(row, by, at) for row in rows)
    return [change for change in moved if change]


def _moves(row: Order, by: User, at: datetime) -> Change | None:
    """Where the plan would have this person now, if that hangs on the home: at once while it is a request, else proposed."""
    wanted = _mode(row, row.home_fit, at)
    if wanted in (row.mode, _mode(row, not row.home_fit, at)):
        return None
    if row.decided_at is None:
        Order.objects.filter(pk=row.pk, decided_at=None).update(mode=wanted)
        return None
    if row.until <= at or open_changes().filter(order=row).exists():
        return None
    reason = UNFIT.format(lacks="；".join(row.home_unmet)) if row.home_unmet else FIT
    document = DOCUMENT.format(on=f"{at.astimezone(ZONE):%Y-%m-%d}")
    return propose_category(row.pk, row.category, reason=reason, document=document, by=by, at=at)


def _mode(row: Order, fit: bool, at: datetime) -> str:
    days = schedule_of(regime_of(row), schedule(row).origin, home_possible=fit)
    return (days.stretch_at(at) or days.stretches[-1]).mode
