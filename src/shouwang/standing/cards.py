"""What a pass is worth now: its state, its words, and what the plan lets it open."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from shouwang.plans.form.fieldwork import Pass as Kind
from shouwang.plans.schema import Plan
from shouwang.standing.models import Bar, Pass
from shouwang.standing.tokens import Token, write
from shouwang.standing.verdict import GOOD, LOST, REPLACED, WITHDRAWN, Rule

WAITING, OVER = "waiting", "over"


def rule_of(kind: Kind) -> Rule:
    """What this kind allows. A count without its days, or days without a count, is left to the place and limits nobody."""
    counts = kind.exits is not None and kind.every_days is not None
    return Rule(
        exits=kind.exits if counts else None, every_days=int(kind.every_days or 1) if counts else 1,
        max_stay_hours=kind.max_stay_hours, from_hour=kind.from_hour, until_hour=kind.until_hour,
        announced=kind.brought_in_by_resident,
    )  # fmt: skip


def kinds_of(plan: Plan | None) -> dict[str, Kind]:
    """The kinds of passes that hold here, by the plan."""
    return dict(plan.gates.passes) if plan and plan.gates else {}


def open_at(now: datetime) -> QuerySet[Pass]:
    """Passes that are not over and were not replaced: nobody gets a second one of a kind beside them."""
    return Pass.objects.filter(until__gt=now, replaced_by=None)


def bars_in_force(now: datetime) -> QuerySet[Bar]:
    """Bars that bar at this moment. One that is over needs nobody to end it."""
    return Bar.objects.filter(from_at__lte=now, until__gt=now, ended_at=None)


def withdrawn(passes: Collection[UUID], *, now: datetime) -> dict[UUID, Bar]:
    """Which of these passes are withdrawn now, each by the bar that lasts longest."""
    rows = bars_in_force(now).filter(card__in=passes).select_related("proposed_by", "approved_by")
    return {row.card_id: row for row in rows.order_by("until") if row.card_id}


def state_of(card: Pass, bar: Bar | None, *, now: datetime) -> str:
    """The state of a pass. Lost and replaced are for good; withdrawn ends."""
    if card.replaced_by_id:
        return REPLACED
    if card.until <= now or card.ended_at:
        return OVER
    if card.lost_at:
        return LOST
    if bar or (card.taken_until and card.taken_until > now):
        return WITHDRAWN
    return WAITING if now < card.from_at else GOOD


def carried_by(people: Collection[int], households: Collection[int]) -> QuerySet[Pass]:
    """The passes of these people and of these doors, whoever now stands for them."""
    mine = Q(person__kept_id__in=people) | Q(household__kept_id__in=households)
    return Pass.objects.filter(mine)


def token_of(card: Pass) -> str:
    """The words behind the picture on this card."""
    return write(Token(card.pk, card.kind, card.area_code, card.from_at, card.until))


def spaced(number: str) -> str:
    """The number as it is printed and read out: 482 913 5507."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"
