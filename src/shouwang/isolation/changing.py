"""An order changes: longer, counted again after a new exposure, another category, or following a contact's results."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan, void
from shouwang.duties.windows import Window
from shouwang.isolation.duties import RELEASE
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import regime_of, schedule
from shouwang.isolation.schedule import Moment, follows, restarted, schedule_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import read as read_plan
from shouwang.standing.actions import extend as extend_hold
from shouwang.standing.models import Extension, Hold


class NotDecided(Refusal):
    code = "isolation.not_decided"
    sentence = "这份通知还没有决定，请直接撤回重提。"


class NoLonger(Refusal):
    code = "isolation.no_longer"
    sentence = "按预案，新的接触不会让时间变长。"


def extend(
    order: UUID, *, until: datetime, reason: str, document: str, proposed_by: User, by: User, at: datetime
) -> Extension:
    """The order lasts longer, in writing, before its end. Raises: NotInScope, NotDecided, and what `standing` refuses."""
    row, hold = _held(order)
    extension = extend_hold(
        hold, until=until, reason=reason, document=document, proposed_by=proposed_by, by=by, at=at
    )
    Order.objects.filter(pk=order).update(until=until)
    _release_moves(row, until, at)
    return extension


def count_again(
    order: UUID, exposure: Moment, *, reason: str, document: str, proposed_by: User, by: User, at: datetime
) -> Extension:
    """There was a new exposure: the days count again from it, where the plan says so. Raises as `extend`, NoLonger."""
    row, _hold = _held(order)
    again = restarted(regime_of(row), schedule(row), exposure, home_possible=row.home_fit)
    if again.until <= row.until:
        raise NoLonger()
    extension = extend(
        order, until=again.until, reason=reason, document=document, proposed_by=proposed_by, by=by, at=at
    )
    Order.objects.filter(pk=order).update(
        origin_clock="last_exposure", origin_on=exposure.on, origin_at=exposure.at
    )
    return extension


def reclassify(
    order: UUID, category: str, *, reason: str, document: str, proposed_by: User, by: User, at: datetime
) -> Order:
    """Another category, so another regime, from the same day; the time only ever grows here.

    Raises: NotInScope, NotDecided, and the refusals of `schedule` and `standing`.
    """
    row, hold = _held(order)
    rules = read_plan(row.plan)
    regime = rules.regimes[rules.categories[category].regime or row.regime]
    days = schedule_of(regime, schedule(row).origin, home_possible=row.home_fit)
    if days.until > row.until:
        extend(
            order, until=days.until, reason=reason, document=document, proposed_by=proposed_by, by=by, at=at
        )
    now_in = days.stretch_at(at)
    mode = now_in.mode if now_in else row.mode
    Order.objects.filter(pk=order).update(
        category=category, regime=rules.categories[category].regime, mode=mode
    )
    Hold.objects.filter(pk=hold.pk).update(mode=mode)
    audit(
        "isolation.reclassify",
        at=at,
        by=by,
        area=row.area_code,
        reason=reason,
        order=order,
        category=category,
    )
    return Order.objects.get(pk=order)


def what_followers_become(primary: UUID, results: Sequence[str]) -> dict[UUID, str]:
    """What each secondary contact of this contact becomes by these results: wait, release_when_due, or a category."""
    followers = Order.objects.filter(primary=primary, released_at=None, withdrawn_at=None).select_related(
        "plan"
    )
    return {row.pk: follows(regime_of(row), results) for row in followers}


def _release_moves(row: Order, until: datetime, at: datetime) -> None:
    """What was owed at the old hour is owed at the new one."""
    void(Duty.objects.filter(kind=RELEASE.name, about=row.pk, fact="owed"), reason="extended", at=at)
    who = Order.objects.filter(pk=row.pk).annotate(subject=F("person_id"), about=F("id"))
    plan(RELEASE, who, Window(max(at, until - timedelta(days=1)), until), at=at)


def _held(order: UUID) -> tuple[Order, Hold]:
    row = Order.objects.filter(pk=order).select_related("plan", "proposed_by").first()
    if row is None:
        raise NotInScope()
    hold = Hold.objects.filter(about=order, ended_at=None).first()
    if hold is None:
        raise NotDecided()
    return row, hold
