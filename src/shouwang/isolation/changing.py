"""An order changes: longer, counted again after a new exposure, another category, or following a contact's results.

Each change is proposed by one person and approved by another; what nobody approves before the end of the order changes
nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.models import Duty
from shouwang.duties.plan import void
from shouwang.isolation.duties import HOME_CHECK, RELEASE, TRANSFER
from shouwang.isolation.homes.fit import NOT_OVER, looks_at, moves_to
from shouwang.isolation.models import Care, Change, Order
from shouwang.isolation.ordering import NoRegime, owe_release, owe_transfers, regime_of, schedule
from shouwang.isolation.schedule import Moment, Schedule, follows, restarted, schedule_of
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import read as read_plan
from shouwang.plans.form.people import Regime
from shouwang.plans.models import PlanVersion
from shouwang.standing.actions import NotLonger, Over, SecondPerson, Unfounded, shorten
from shouwang.standing.actions import extend as extend_hold
from shouwang.standing.models import Extension, Hold

OF_THE_PLACE = (HOME_CHECK.name, TRANSFER.name)
UNFIT, FIT = "家里不适合隔离：{lacks}", "再看过，家里适合隔离"
DOCUMENT = "居家条件核实 {on}"


class NotDecided(Refusal):
    code = "isolation.not_decided"
    sentence = "这份通知还没有决定，请直接撤回重提。"


class NoLonger(Refusal):
    code = "isolation.no_longer"
    sentence = "按预案，新的接触不会让时间变长。"


class ChangeWaits(Refusal):
    code = "isolation.change_waits"
    sentence = "这份通知已经有一项更改在等批准。请先批准或退回那一项。"


class ChangeSettled(Refusal):
    code = "isolation.change_settled"
    sentence = "这项更改已经批准或退回了。"


class OverAlready(Refusal):
    code = "isolation.over_already"
    sentence = "按新的类别在 {until} 就已经到期了，请直接解除。"


def propose_extension(
    order: UUID, *, until: datetime, reason: str, document: str, by: User, at: datetime
) -> Change:
    """Somebody asks that the order lasts longer. Raises: NotInScope, NotDecided, Over, NotLonger, Unfounded, ChangeWaits."""
    row = _changeable(order, at)
    if until <= row.until:
        raise NotLonger(until=f"{row.until.astimezone(ZONE):%m月%d日 %H:%M}")
    return _proposed(row, reason, document, by, at, until=until)


def propose_count_again(
    order: UUID, exposure: Moment, *, reason: str, document: str, by: User, at: datetime
) -> Change:
    """Somebody reports a new exposure, from which the days would count again. Raises as `propose_extension`, NoLonger."""
    row = _changeable(order, at)
    until = _counted_again(row, exposure).until
    return _proposed(
        row, reason, document, by, at, until=until, exposure_on=exposure.on, exposure_at=exposure.at
    )


def propose_category(
    order: UUID,
    category: str,
    *,
    reason: str,
    document: str,
    by: User,
    at: datetime,
    version: PlanVersion | None = None,
    id: UUID | None = None,
) -> Change:
    """Somebody asks for another category, or for the same one as a newer version of the plan sees it.

    Raises: NotInScope, NotDecided, Over, NoRegime, OverAlready, Unfounded, ChangeWaits, and the refusals of `schedule`.
    """
    row = _changeable(order, at)
    days = _of_category(row, category, version, at)[1]
    until = days.until if version else max(days.until, row.until)
    return _proposed(
        row, reason, document, by, at, until=until, category=category, plan=version, id=id or uuid7(at)
    )


def propose_moves(orders: Sequence[UUID], *, at: datetime) -> list[Change]:
    """Whoever the plan would have elsewhere by the last look at their home is proposed to move, by whoever looked.

    Once for each look. While another change of the same person waits nothing is proposed; this is asked again when that is decided.
    """
    running = Order.objects.filter(NOT_OVER, pk__in=orders, outside="", until__gt=at).exclude(decided_at=None)
    held = running.select_for_update(of=("self",)).select_related("plan").order_by("pk")
    return [change for row in held if (change := _propose_move(row, at))]


def move_of(look: Care) -> UUID:
    """The id of the one change that may be proposed for what this look found."""
    return uuid5(look.pk, "move")


def why_move(look: Care, say: Callable[[str], str]) -> str:
    """Why this look proposes a move. Shape: `say` puts the words into a language; what is kept with the change is as the plan says it."""
    lacks = say("；").join(say(one) for one in look.lacks)
    return say(UNFIT).format(lacks=lacks) if lacks else say(FIT)


def approve_change(change: UUID, *, by: User, at: datetime) -> Order:
    """Somebody else approves, and the order changes. Raises: NotInScope, SecondPerson, ChangeSettled, and as when proposed."""
    row = _change(change)
    if row.proposed_by_id == by.pk:
        raise SecondPerson()
    with transaction.atomic():
        waiting = open_changes().filter(pk=change)
        if not waiting.update(approved_at=at, approved_by=by):
            raise ChangeSettled()
        words: dict[str, Any] = {
            "reason": row.reason,
            "document": row.document,
            "proposed_by": row.proposed_by,
        }
        if row.category:
            _reclassify(row.order_id, row.category, version=row.plan, by=by, at=at, **words)
        elif row.exposure_on:
            _count_again(row.order_id, Moment(row.exposure_on, row.exposure_at), by=by, at=at, **words)
        else:
            _extend(row.order_id, until=row.until, by=by, at=at, **words)
        propose_moves([row.order_id], at=at)
    return Order.objects.get(pk=row.order_id)


def refuse_change(change: UUID, *, reason: str, by: User, at: datetime) -> None:
    """It stays as it is, and why. Raises: NotInScope, Unfounded, ChangeSettled."""
    row = _change(change)
    if not reason.strip():
        raise Unfounded()
    if not open_changes().filter(pk=change).update(refused_at=at, refused_by=by, refused_reason=reason[:200]):
        raise ChangeSettled()
    audit("isolation.refuse_change", at=at, by=by, area=row.area_code, reason=reason, change=change)
    propose_moves([row.order_id], at=at)


def open_changes() -> QuerySet[Change]:
    """What was proposed and waits for somebody else's word."""
    return Change.objects.filter(approved_at=None, refused_at=None)


def what_followers_become(primary: UUID, results: Sequence[str]) -> dict[UUID, str]:
    """What each secondary contact of this contact becomes by these results: wait, release_when_due, or a category."""
    followers = Order.objects.filter(primary=primary, released_at=None, withdrawn_at=None).select_related(
        "plan"
    )
    return {row.pk: follows(regime_of(row), results) for row in followers}


def _extend(
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


def _count_again(
    order: UUID, exposure: Moment, *, reason: str, document: str, proposed_by: User, by: User, at: datetime
) -> Extension:
    """There was a new exposure: the days count again from it, where the plan says so. Raises as `_extend`, NoLonger."""
    row, _hold = _held(order)
    until = _counted_again(row, exposure).until
    extension = _extend(
        order, until=until, reason=reason, document=document, proposed_by=proposed_by, by=by, at=at
    )
    Order.objects.filter(pk=order).update(
        origin_clock="last_exposure", origin_on=exposure.on, origin_at=exposure.at
    )
    return extension


def _reclassify(
    order: UUID,
    category: str,
    *,
    reason: str,
    document: str,
    proposed_by: User,
    by: User,
    at: datetime,
    version: PlanVersion | None = None,
) -> Order:
    """Another category, so another regime, from the same day. The time only grows, save under a newer version of the plan.

    Raises: NotInScope, NotDecided, NoRegime, OverAlready, and the refusals of `schedule` and `standing`.
    """
    row, hold = _held(order)
    name, days = _of_category(row, category, version, at)
    words: dict[str, Any] = {"reason": reason, "document": document, "proposed_by": proposed_by}
    if days.until > row.until:
        _extend(order, until=days.until, by=by, at=at, **words)
    elif version and days.until < row.until:
        shorten(hold, until=days.until, by=by, at=at, **words)
        Order.objects.filter(pk=order).update(until=days.until)
        _release_moves(row, days.until, at)
    now_in = days.stretch_at(at)
    mode = now_in.mode if now_in else row.mode
    Order.objects.filter(pk=order).update(category=category, regime=name, mode=mode, plan=version or row.plan)
    Hold.objects.filter(pk=hold.pk).update(mode=mode)
    if mode != row.mode:
        void(
            Duty.objects.filter(kind__in=OF_THE_PLACE, about=order, fact="owed"), reason="moved", by=by, at=at
        )
        owe_transfers(Order.objects.filter(pk=order), at=at)
    audit(
        "isolation.reclassify", at=at, by=by, area=row.area_code, reason=reason, order=order, category=category
    )  # fmt: skip
    return Order.objects.get(pk=order)


def _propose_move(row: Order, at: datetime) -> Change | None:
    look = next(reversed(looks_at(row)), None)
    if look is None or look.by is None or not moves_to(row, at):
        return None
    if Change.objects.filter(pk=move_of(look)).exists() or open_changes().filter(order=row).exists():
        return None
    reason, document = why_move(look, str), DOCUMENT.format(on=f"{look.at.astimezone(ZONE):%Y-%m-%d}")
    return propose_category(
        row.pk, row.category, reason=reason, document=document, by=look.by, at=at, id=move_of(look)
    )


def _proposed(row: Order, reason: str, document: str, by: User, at: datetime, **what: object) -> Change:
    if not reason.strip() or not document.strip():
        raise Unfounded()
    try:
        with transaction.atomic():
            change = Change.objects.create(
                **{"id": uuid7(at), **what}, area_code=row.area_code, order=row, reason=reason[:200],
                document=document[:60], proposed_at=at, proposed_by=by,
            )  # fmt: skip
    except IntegrityError as broken:
        if "change_one_waits" not in str(broken):
            raise
        raise ChangeWaits() from broken
    audit("isolation.propose_change", at=at, by=by, area=row.area_code, reason=reason, order=row.pk)
    return change


def _counted_again(row: Order, exposure: Moment) -> Schedule:
    again = restarted(regime_of(row), schedule(row), exposure, home_possible=row.home_fit)
    if again.until <= row.until:
        raise NoLonger()
    return again


def _of_category(
    row: Order, category: str, version: PlanVersion | None, at: datetime
) -> tuple[str, Schedule]:
    """The regime of a category, by this version of the plan, and its days from where this order counts."""
    name, regime = _regime_named(category, version or row.plan)
    days = schedule_of(regime, schedule(row).origin, home_possible=row.home_fit)
    if version and days.until <= at:
        raise OverAlready(until=f"{days.until.astimezone(ZONE):%m月%d日 %H:%M}")
    return name, days


def _regime_named(category: str, version: PlanVersion) -> tuple[str, Regime]:
    rules = read_plan(version)
    known = rules.categories.get(category)
    if known is None or known.regime is None:
        raise NoRegime(category=known.words if known else category)
    return known.regime, rules.regimes[known.regime]


def _release_moves(row: Order, until: datetime, at: datetime) -> None:
    """What was owed at the old hour is owed at the new one."""
    void(Duty.objects.filter(kind=RELEASE.name, about=row.pk, fact="owed"), reason="extended", at=at)
    who = Order.objects.filter(pk=row.pk).annotate(subject=F("person_id"), about=F("id"))
    owe_release(who, until, at=at)


def _change(pk: UUID) -> Change:
    row = Change.objects.filter(pk=pk).select_related("proposed_by", "plan").first()
    if row is None:
        raise NotInScope()
    return row


def _changeable(order: UUID, at: datetime) -> Order:
    row, hold = _held(order)
    if hold.until <= at:
        raise Over(ended=f"{hold.until.astimezone(ZONE):%m月%d日 %H:%M}")
    return row


def _held(order: UUID) -> tuple[Order, Hold]:
    row = Order.objects.filter(pk=order).select_related("plan", "proposed_by").first()
    if row is None:
        raise NotInScope()
    hold = Hold.objects.filter(about=order, ended_at=None).first()
    if hold is None:
        raise NotDecided()
    return row, hold
