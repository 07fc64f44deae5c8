"""What is known for the end of one order, from what was recorded; results come from whoever asks the laboratory."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shouwang.isolation.asking import tells_of_illness
from shouwang.isolation.models import Care, Order, Reading
from shouwang.isolation.ordering import regime_of, schedule
from shouwang.isolation.releasing.conditions import Condition, Known, conditions

LATELY = timedelta(days=1)
AT_THE_DOOR = ("begin", "spot_check")


def conditions_of(
    order: Order, cares: Sequence[Care], readings: Sequence[Reading], *, now: datetime, results: Sequence[str] = (),
    primary_results: Sequence[str] = (),
) -> list[Condition]:  # fmt: skip
    """The checklist of one order, by the version of the plan under which it began; none for a reason outside the plan.

    Shape: `cares` is what was done for this person so far, `readings` the valid ones since it began.
    """
    if order.outside:
        return []
    known = Known(
        now=now, until=order.until, tests=len(schedule(order).tests), results=results,
        primary_results=primary_results, ill=_ill(order, readings, now), seen=_seen(cares), told=order.released_at is not None,
    )  # fmt: skip
    return conditions(regime_of(order), known)


def _ill(order: Order, readings: Sequence[Reading], now: datetime) -> bool | None:
    told = [one for one in readings if now - LATELY < one.at <= now]
    return any(tells_of_illness(one, order) for one in told) if told else None


def _seen(cares: Sequence[Care]) -> bool:
    return any(care.what in AT_THE_DOOR and care.void_at is None for care in cares)
