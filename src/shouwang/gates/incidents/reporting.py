"""An incident is written down; a pass that a guard took counts as withdrawn for hours, until somebody else has looked.

A guard alone takes a pass for as long as the plan says and no longer: whatever lasts longer is the word of two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.duties.windows import Window
from shouwang.gates.incidents.duties import REVIEW
from shouwang.gates.incidents.models import WITHDRAWN, Incident, Review
from shouwang.gates.models import Gate
from shouwang.lib.clock import day_end
from shouwang.lib.codes import COMMUNITY, community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.standing import bars
from shouwang.standing.actions import Grounds
from shouwang.standing.cards import open_at
from shouwang.standing.models import Pass


class NothingSaid(Refusal):
    code = "gates.nothing_said"
    sentence = "请写一下发生了什么。"


class NoReceipt(Refusal):
    code = "gates.no_receipt"
    sentence = "收了证要给收条，请写收条号。"


class OwnIncident(Refusal):
    code = "gates.own_incident"
    sentence = "这件事是您记的，要由别人复核。"


class Reviewed(Refusal):
    code = "gates.reviewed"
    sentence = "这件事已经复核过了。"


class NoPassTaken(Refusal):
    code = "gates.no_pass_taken"
    sentence = "没有证可以收回。"


@dataclass(frozen=True)
class Happened:
    """What happened at a gate. Shape: `taken` that the guard took the pass `card`, for which `receipt` was given."""

    area_code: str
    kind: str
    words: str
    at: datetime
    gate: Gate | None = None
    who: str = ""
    card: Pass | None = None
    person: int | None = None
    plate: str = ""
    taken: bool = False
    receipt: str = ""
    id: UUID | None = None


def report(told: Sequence[Happened], *, by: User | None, at: datetime) -> list[Incident]:
    """Written down, and owed a look by somebody else; told twice (one `id`) it is one. Raises: NothingSaid, NoReceipt."""
    for one in told:
        _check(one)
    rows = [_row(one, by, at) for one in told]
    with transaction.atomic():
        fresh = [row for row in rows if not Incident.objects.filter(pk=row.pk).exists()]
        Incident.objects.bulk_create(fresh, ignore_conflicts=True)
        for row in fresh:
            _take(row, at)
            _owe(row, at)
            audit(
                "gates.incident",
                at=at,
                by=by,
                area=row.area_code,
                incident=row.pk,
                kind=row.kind,
                taken=row.taken,
            )
    return fresh


def review(
    incident: UUID, *, outcome: str, words: str, by: User, at: datetime, grounds: Grounds | None = None,
    until: datetime | None = None,
) -> Review:  # fmt: skip
    """Somebody who was not there says what becomes of it: given back now, or withdrawn until a day on the word of both.

    Raises: NotInScope, OwnIncident, Reviewed, NothingSaid, NoPassTaken, and as `bars.propose`.
    """
    row = incident_of(incident)
    if row.by_id == by.pk:
        raise OwnIncident()
    if not words.strip():
        raise NothingSaid()
    with transaction.atomic():
        made, fresh = Review.objects.get_or_create(
            incident=row,
            defaults={
                "id": uuid7(at),
                "area_code": row.area_code,
                "at": at,
                "recorded_at": at,
                "by": by,
                "note": words[:200],
                "outcome": outcome,
            },
        )
        if not fresh:
            raise Reviewed()
        if outcome == WITHDRAWN:
            _withdraw(row, grounds, until, by, at)
        if row.card_id and row.taken:
            Pass.objects.filter(pk=row.card_id, taken_until__gt=at).update(taken_until=at)
        settle_about(REVIEW, [row.pk], communities=sorted(communities_of([row.area_code])), at=at)
        audit("gates.review_incident", at=at, by=by, area=row.area_code, incident=row.pk, outcome=outcome)
    return made


def undone(incidents: Sequence[UUID], *, by: User | None, at: datetime) -> None:
    """These were told by mistake: nobody owes a look any more, and a pass that was taken is good again."""
    cards = Incident.objects.filter(pk__in=incidents, taken=True).values("card")
    Pass.objects.filter(pk__in=cards, taken_until__gt=at).update(taken_until=at)
    void(Duty.objects.filter(kind=REVIEW.name, about__in=incidents, fact="owed"), reason="点错", by=by, at=at)


def waiting() -> QuerySet[Incident]:
    """Incidents that nobody else has looked at."""
    return Incident.objects.filter(review=None, void_at=None)


def incident_of(pk: UUID) -> Incident:
    """An incident in scope. Raises: NotInScope."""
    return one_in_scope(
        Incident.objects.select_related("gate", "card__person", "person", "by", "review__by").filter(pk=pk)
    )


def review_hours(area: str, now: datetime) -> float | None:
    """Within how many hours somebody else looks, by the plan."""
    rules = plan_of(area, now=now)
    hours = rules.gates.incident_review_hours if rules and rules.gates else None
    return float(hours) if hours else None


def _check(one: Happened) -> None:
    if not one.words.strip():
        raise NothingSaid()
    if one.taken and one.card is None:
        raise NoPassTaken()
    if one.taken and not one.receipt.strip():
        raise NoReceipt()


def _row(one: Happened, by: User | None, at: datetime) -> Incident:
    hours = review_hours(one.area_code, at)
    return Incident(
        id=one.id or uuid7(at), area_code=one.area_code, at=one.at, recorded_at=at, by=by, note=one.words.strip()[:200],
        gate=one.gate, kind=one.kind, who=one.who[:64], card=one.card, person_id=one.person, plate=one.plate,
        taken=one.taken, receipt=one.receipt[:16], review_due_at=at + timedelta(hours=hours) if hours else day_end(at),
    )  # fmt: skip


def _take(row: Incident, at: datetime) -> None:
    """The pass is not good for as long as it may take somebody to look; then it is good again by itself."""
    if row.taken:
        open_at(at).filter(incidents=row).update(taken_until=row.review_due_at)


def _owe(row: Incident, at: datetime) -> None:
    who = Incident.objects.filter(pk=row.pk).annotate(subject=Left("area_code", COMMUNITY), about=F("id"))
    plan(REVIEW, who, Window(at, row.review_due_at), at=at)


def _withdraw(row: Incident, grounds: Grounds | None, until: datetime | None, by: User, at: datetime) -> None:
    """The guard who took it asked for it, whoever looks decides; where nobody is named, yet another person has to."""
    if row.card is None or grounds is None or until is None:
        raise NoPassTaken()
    rules = plan_of(community_of(row.area_code), now=at)
    what = bars.Barred(row.card.area_code, card=row.card, about=row.pk, receipt=row.receipt)
    asked = bars.propose(what, grounds, until=until, plan=rules, by=row.by or by, at=at)
    if row.by:
        bars.decide(asked, by=by, at=at)
