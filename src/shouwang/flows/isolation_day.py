"""Isolation begins at once and is owed its care every day: on the day of the decision, and each day after it by itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Left

from shouwang.access.models import User
from shouwang.duties.plan import communities_of
from shouwang.isolation.daily import held_on, plan_day
from shouwang.isolation.ordering import decide
from shouwang.lib.clock import day_of
from shouwang.lib.codes import COMMUNITY
from shouwang.plans.actions import plan_of
from shouwang.standing.actions import Grounds
from shouwang.standing.models import Hold


def begin_isolation(
    orders: Sequence[UUID], grounds: Grounds, *, by: User, at: datetime, above: bool = False
) -> list[Hold]:
    """The decision is there: it holds from now on, and today's care is owed from now on. Raises as `decide`."""
    holds = decide(orders, grounds, by=by, at=at, above=above)
    for community in sorted(communities_of(hold.area_code for hold in holds)):
        owe_the_day(community, now=at)
    return holds


def owe_the_day(community: str, *, now: datetime) -> int:
    """Whoever is held in this community today is owed today's care; how much is new. Nothing without a plan."""
    rules = plan_of(community, now=now)
    return plan_day(community, day_of(now), rules=rules, at=now) if rules else 0


def communities_with_isolation(*, now: datetime) -> list[str]:
    """Where anybody is held today."""
    held = held_on("", day_of(now)).annotate(community=Left("area_code", COMMUNITY))
    return sorted(held.order_by().values_list("community", flat=True).distinct())
