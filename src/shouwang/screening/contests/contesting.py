"""A category, a refused code or a hold is contested; somebody who did not decide answers, then once the level above."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import communities_of, plan
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_end
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import clocks_of, plan_of
from shouwang.screening.codes.actions import ask_again
from shouwang.screening.codes.models import CodeRequest
from shouwang.screening.contests.models import CATEGORY, CODE, HOLD, Contest
from shouwang.screening.duties import CONTEST
from shouwang.screening.lists.asking import reclassify
from shouwang.screening.lists.models import Check
from shouwang.standing.actions import end
from shouwang.standing.models import Hold


class NothingSaid(Refusal):
    code = "screening.contest_without_words"
    sentence = "请写一下哪里不对。"


class OnlyOnce(Refusal):
    code = "screening.contested_before"
    sentence = "这一件已经提过了。还没有答复的请等答复；答复了还是不服，可以请上一级看一次。"


class OwnWord(Refusal):
    code = "screening.contest_own_word"
    sentence = "这件事是您定的，异议要由别人复核。"


class AnsweredAbove(Refusal):
    code = "screening.contest_answered_above"
    sentence = "这是向上一级提的异议，要由上一级答复。"


class AnsweredBefore(Refusal):
    code = "screening.contest_answered_before"
    sentence = "这份异议已经答复过了。"


@dataclass(frozen=True)
class Decided:
    """What can be contested: a decision about somebody, where, and whose word it was.

    Shape: `stands` is whether it still counts; `until` is there where it ends by itself.
    """

    against: str
    about: UUID
    area_code: str
    whose: frozenset[int | None]
    stands: bool
    until: datetime | None = None


def decided(against: str, about: UUID) -> Decided:
    """The decision that is meant. Raises: NotInScope for any that is none, or counts no longer."""
    found = FIND[against](about) if against in FIND else None
    if found is None:
        raise NotInScope()
    return found


def contest(
    decision: Decided, *, words: str, at: datetime, id: UUID | None = None, after: UUID | None = None
) -> Contest:
    """Somebody says that it is wrong; an answer is owed within the plan's hours, and before it ends by itself.

    Shape: `after` is the answer with which they are not content. Sent twice (one `id`), it is one.
    Raises: NothingSaid, OnlyOnce.
    """
    if not words.strip():
        raise NothingSaid()
    before = {row.pk: row for row in Contest.objects.filter(decision=decision.about)}
    if id in before:
        return before[id]
    first = before.get(after) if after else None
    if before and (first is None or first.upheld is not False or len(before) > 1):
        raise OnlyOnce()
    due = _due(decision, at)
    row = Contest.objects.create(
        id=id or uuid7(at), area_code=decision.area_code, against=decision.against, decision=decision.about,
        words=words.strip()[:2000], asked_at=at, due_at=due, after=first,
    )  # fmt: skip
    who = Contest.objects.filter(pk=row.pk)
    plan(
        CONTEST,
        who.annotate(subject=Value(community_of(row.area_code)), about=F("id")),
        Window(at, due),
        at=at,
    )
    return row


def answer(
    contest: UUID, *, upheld: bool, words: str, by: User, at: datetime, above: bool = False, category: str = ""
) -> Contest:  # fmt: skip
    """Somebody whose word it was not says whether it stands, and why; upheld, it is put right at once.

    Shape: `category` is the right one where a category was wrong, empty for none; `above` says that whoever answers does so
    for the level above. Raises: NotInScope, OwnWord, AnsweredAbove, NothingSaid, AnsweredBefore.
    """
    row = contest_of(contest)
    decision = decided(row.against, row.decision)
    if by.pk in {*decision.whose, row.after and row.after.answered_by_id}:
        raise OwnWord()
    if row.after_id and not above:
        raise AnsweredAbove()
    if not words.strip():
        raise NothingSaid()
    with transaction.atomic():
        waiting = Contest.objects.filter(pk=contest, at=None)
        if not waiting.update(at=at, recorded_at=at, answered_by=by, upheld=upheld, answer=words[:2000]):
            raise AnsweredBefore()
        if upheld:
            _put_right(decision, f"异议成立：{words.strip()[:80]}", category, by, at)
        settle_about(CONTEST, [contest], communities=sorted(communities_of([row.area_code])), at=at)
        audit("screening.answer_contest", at=at, by=by, area=row.area_code, contest=contest, upheld=upheld)
    return contest_of(contest)


def contest_of(pk: UUID) -> Contest:
    """An objection in scope. Raises: NotInScope."""
    return one_in_scope(Contest.objects.select_related("answered_by", "after__answered_by").filter(pk=pk))


def _due(decision: Decided, at: datetime) -> datetime:
    """Within the hours for codes; for a hold within those for orders, and before it is over anyway."""
    clocks = clocks_of(decision.area_code, now=at)
    hours = clocks.objection_order_hours if decision.against == HOLD else clocks.objection_code_hours
    due = at + timedelta(hours=float(hours)) if hours else day_end(at)
    return min(due, decision.until) if decision.until and decision.until > at else due


def _put_right(decision: Decided, reason: str, category: str, by: User, at: datetime) -> None:
    """Nothing where the decision was taken back, or is over, meanwhile."""
    if not decision.stands or (decision.until and decision.until <= at):
        return
    if decision.against == CODE:
        ask_again(decision.about, reason=reason, by=by, at=at)
    elif decision.against == CATEGORY:
        rules = plan_of(decision.area_code, now=at)
        reclassify(decision.about, category, reason=reason, by=by, at=at, plan_now=rules)
    else:
        end(Hold.objects.get(pk=decision.about), reason=reason, by=by, at=at)


def _category(about: UUID) -> Decided | None:
    row = Check.objects.filter(pk=about).exclude(category="").first()
    return (
        Decided(CATEGORY, row.pk, row.area_code, frozenset({row.by_id}), row.void_at is None) if row else None
    )


def _code(about: UUID) -> Decided | None:
    row = CodeRequest.objects.filter(pk=about).first()
    if row is None:
        return None
    whose = frozenset({row.ended_by_id, row.reported_by_id})
    return Decided(CODE, row.pk, row.area_code, whose, row.converted is False)


def _hold(about: UUID) -> Decided | None:
    row = Hold.objects.filter(pk=about).first()
    if row is None:
        return None
    whose = frozenset({row.proposed_by_id, row.approved_by_id})
    return Decided(HOLD, row.pk, row.area_code, whose, row.ended_at is None, row.until)


FIND: dict[str, Callable[[UUID], Decided | None]] = {CATEGORY: _category, CODE: _code, HOLD: _hold}
