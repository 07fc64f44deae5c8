"""What follows from what: pure decisions of the list desk. Values in, values out; no clock, no database."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from shouwang.lib.clock import day_of
from shouwang.plans.form.people import Category

ISOLATION, TESTS, FOLLOW_UP, REFERRAL, NOTHING = "isolation", "tests", "follow_up", "referral", "nothing"
ENTAILS = {
    ISOLATION: "隔离观察",
    TESTS: "核酸检测",
    FOLLOW_UP: "健康监测、回访",
    REFERRAL: "送医就诊",
    NOTHING: "不用管控",
}


def answered_before(
    asked_at: datetime, *, happened_on: date | None, arrived_at: datetime, hours: Decimal | float
) -> bool:
    """Whether somebody who was asked then need not be asked again for this row.

    The question was put after what the row speaks of had happened; where the row names no day, within one clock.
    """
    if happened_on:
        return day_of(asked_at) > happened_on
    return asked_at >= arrived_at - timedelta(hours=float(hours))


def entails(category: Category | None, *, ill: bool = False) -> tuple[str, ...]:
    """What the plan asks for somebody of this category; an ill person sees a doctor whatever the category.

    Shape: empty where no category was decided yet.
    """
    found = []
    if category and category.regime:
        found.append(ISOLATION)
    if category and (category.tests or category.test_every_days):
        found.append(TESTS)
    if category and category.follow_up_every_days:
        found.append(FOLLOW_UP)
    if ill or (category and category.refer_to_hospital):
        found.append(REFERRAL)
    return tuple(found) or ((NOTHING,) if category else ())


def follow_up_days(
    category: Category | None, *, asked_on: date, since: date | None, history_days: int | None
) -> list[date]:
    """The days on which somebody is asked again: every so many days while the look-back lasts.

    Shape: where the category names no look-back, `history_days` of travel are looked at, as for everybody.
    """
    look_back = (category.lookback_days if category else None) or history_days
    if category is None or not category.follow_up_every_days or not look_back:
        return []
    last = (since or asked_on) + timedelta(days=look_back)
    step = timedelta(days=category.follow_up_every_days)
    days, day = [], asked_on + step
    while day <= last:
        days.append(day)
        day += step
    return days
