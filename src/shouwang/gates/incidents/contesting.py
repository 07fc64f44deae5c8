"""Whoever carried a pass says that it should not have been withdrawn; somebody who did not decide answers in writing."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Left

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import communities_of, plan
from shouwang.duties.windows import Window
from shouwang.gates.incidents.duties import OBJECTION
from shouwang.gates.incidents.models import Contest, Incident
from shouwang.gates.incidents.reporting import NothingSaid
from shouwang.lib.clock import day_end
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import clocks_of
from shouwang.standing.bars import end_early
from shouwang.standing.cards import withdrawn
from shouwang.standing.models import Bar, Pass


class NotWithdrawn(Refusal):
    code = "gates.not_withdrawn"
    sentence = "这张证现在没有收回，不用提异议。"


class Contested(Refusal):
    code = "gates.contested"
    sentence = "已经提过了，正在复核。"


class OwnBar(Refusal):
    code = "gates.own_bar"
    sentence = "这张证是您提出或批准收回的，异议要由别人复核。"


class Answered(Refusal):
    code = "gates.answered"
    sentence = "这份异议已经答复过了。"


def contest(card: Pass, *, words: str, at: datetime, id: UUID | None = None) -> Contest:
    """Somebody says that it was wrong; an answer is owed within the plan's hours. Sent twice (one `id`), it is one.

    Raises: NotWithdrawn, Contested, NothingSaid.
    """
    if not words.strip():
        raise NothingSaid()
    if id and (same := Contest.objects.filter(pk=id, card=card).first()):
        return same
    bar, incident = withdrawn([card.pk], now=at).get(card.pk), taken_by(card, at)
    if bar is None and incident is None:
        raise NotWithdrawn()
    if Contest.objects.filter(card=card, bar=bar, incident=incident).exists():
        raise Contested()
    hours = clocks_of(card.area_code, now=at).objection_code_hours
    row = Contest.objects.create(
        id=id or uuid7(at), area_code=card.area_code, card=card, bar=bar, incident=incident, words=words[:2000], asked_at=at,
        due_at=at + timedelta(hours=float(hours)) if hours else day_end(at),
    )  # fmt: skip
    who = Contest.objects.filter(pk=row.pk).annotate(subject=Left("area_code", COMMUNITY), about=F("id"))
    plan(OBJECTION, who, Window(at, row.due_at), at=at)
    return row


def answer(contest: UUID, *, upheld: bool, words: str, by: User, at: datetime) -> Contest:
    """Somebody who did not decide says whether it stands, and why; upheld, the pass is good again now.

    Raises: NotInScope, OwnBar, Answered, NothingSaid.
    """
    row = contest_of(contest)
    if by.pk in _deciders(row):
        raise OwnBar()
    if not words.strip():
        raise NothingSaid()
    with transaction.atomic():
        open_one = Contest.objects.filter(pk=contest, at=None)
        if not open_one.update(at=at, recorded_at=at, answered_by=by, upheld=upheld, answer=words[:2000]):
            raise Answered()
        if upheld:
            _give_back(row, words, by, at)
        settle_about(OBJECTION, [row.pk], communities=sorted(communities_of([row.area_code])), at=at)
        audit("gates.answer_contest", at=at, by=by, area=row.area_code, contest=row.pk, upheld=upheld)
    return row


def contest_of(pk: UUID) -> Contest:
    """An objection in scope. Raises: NotInScope."""
    rows = Contest.objects.select_related(
        "card__person", "bar__proposed_by", "bar__approved_by", "incident__by", "answered_by"
    )
    return one_in_scope(rows.filter(pk=pk))


def taken_by(card: Pass, now: datetime) -> Incident | None:
    """The incident for which a guard took this pass, while that counts."""
    if card.taken_until is None or card.taken_until <= now:
        return None
    return Incident.objects.filter(card=card, taken=True, void_at=None).order_by("-at").first()


def unanswered() -> QuerySet[Contest]:
    """Objections that wait for an answer."""
    return Contest.objects.filter(at=None)


def _deciders(row: Contest) -> set[int | None]:
    said = {row.incident.by_id} if row.incident else set()
    return said | ({row.bar.proposed_by_id, row.bar.approved_by_id} if row.bar else set())


def _give_back(row: Contest, words: str, by: User, at: datetime) -> None:
    if row.bar and Bar.objects.filter(contests=row, ended_at=None, until__gt=at).exists():
        end_early(row.bar, reason=f"异议成立：{words[:150]}", by=by, at=at)
    Pass.objects.filter(pk=row.card_id, taken_until__gt=at).update(taken_until=at)
