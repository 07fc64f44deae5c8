"""Bars: a pass is withdrawn, a person or a plate may not come in. Asked for by one, decided by another, with a reason and an end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.schema import Plan
from shouwang.standing.actions import Grounds, Over, SecondPerson
from shouwang.standing.models import Bar, Pass, Proposal
from shouwang.standing.passes import EndsBefore


class TooLong(Refusal):
    code = "standing.too_long"
    sentence = "最长只能收回 {days} 天（预案的规定）。"


class Decided(Refusal):
    code = "standing.decided"
    sentence = "这份请示已经有人处理过了。"


class WhomToBar(Refusal):
    code = "standing.whom_to_bar"
    sentence = "请写明是收回哪张证、哪个人或哪辆车。"


@dataclass(frozen=True)
class Barred:
    """What is to be barred: a pass, a person or a plate; the incident behind it; the receipt for the card."""

    area_code: str
    card: Pass | None = None
    person: int | None = None
    plate: str = ""
    about: UUID | None = None
    receipt: str = ""


def propose(
    what: Barred, grounds: Grounds, *, until: datetime, plan: Plan | None, by: User, at: datetime, id: UUID | None = None
) -> Proposal:  # fmt: skip
    """Asks that it be barred until then; nothing is barred before somebody else decides. Asked twice (one `id`), once.

    Raises: Unfounded, EndsBefore, TooLong, WhomToBar.
    """
    grounds.check(proposed_by=(), by=by)
    if not (what.card or what.person or what.plate):
        raise WhomToBar()
    _check_end(until, plan, at)
    row, made = Proposal.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": what.area_code, "card": what.card, "person_id": what.person, "plate": what.plate, "until": until,
            "about": what.about, "receipt": what.receipt[:16], "proposed_at": at, "proposed_by": by, **grounds.cut(),
        },
    )  # fmt: skip
    if made:
        audit("standing.propose_bar", at=at, by=by, area=row.area_code, reason=row.reason, proposal=row.pk)
    return row


def decide(proposal: Proposal, *, by: User, at: datetime) -> Bar:
    """Somebody else says yes: from now on it is barred, until the end that was asked for. Raises: SecondPerson, Decided, Over."""
    if proposal.proposed_by_id == by.pk:
        raise SecondPerson()
    if proposal.until <= at:
        raise Over(ended=f"{proposal.until.astimezone(ZONE):%m月%d日 %H:%M}")
    with transaction.atomic():
        bar = Bar.objects.create(
            **{field: getattr(proposal, field) for field in SAME},
            id=uuid7(at),
            from_at=at,
            approved_by=by,
            approved_at=at,
        )
        if not waiting(at).filter(pk=proposal.pk).update(decided_at=at, decided_by=by, bar=bar):
            raise Decided()
        audit(
            "standing.bar", at=at, by=by, area=bar.area_code, reason=bar.reason, bar=bar.pk, until=bar.until
        )
    return bar


def refuse(proposal: Proposal, *, reason: str, by: User, at: datetime) -> None:
    """Somebody else says no. Raises: SecondPerson, Decided."""
    if proposal.proposed_by_id == by.pk:
        raise SecondPerson()
    if (
        not waiting(at)
        .filter(pk=proposal.pk)
        .update(decided_at=at, decided_by=by, refused_reason=reason[:200])
    ):
        raise Decided()
    audit("standing.refuse_bar", at=at, by=by, area=proposal.area_code, reason=reason, proposal=proposal.pk)


def end_early(bar: Bar, *, reason: str, by: User, at: datetime) -> None:
    """It ends now, before its time; the pass is good again. Raises: Over."""
    if not Bar.objects.filter(pk=bar.pk, ended_at=None, until__gt=at).update(
        ended_at=at, ended_by=by, ended_reason=reason[:200]
    ):
        raise Over(ended=f"{(bar.ended_at or bar.until).astimezone(ZONE):%m月%d日 %H:%M}")
    audit("standing.end_bar", at=at, by=by, area=bar.area_code, reason=reason, bar=bar.pk)


def waiting(now: datetime) -> QuerySet[Proposal]:
    """What was asked for and nobody has decided; whatever would be over by now needs no decision."""
    return Proposal.objects.filter(decided_at=None, until__gt=now)


SAME = (
    "area_code", "card_id", "person_id", "plate", "about", "receipt", "until", "reason_code", "reason", "authority", "document",
    "legal_basis", "proposed_by_id",
)  # fmt: skip


def _check_end(until: datetime, plan: Plan | None, at: datetime) -> None:
    if until <= at:
        raise EndsBefore()
    days = plan.gates.withdrawn_pass_days if plan and plan.gates else None
    if days is not None and until > at + timedelta(days=days):
        raise TooLong(days=days)
