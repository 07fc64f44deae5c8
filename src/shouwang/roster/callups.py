"""Calling people up (叫人): whole squads or single people, who has answered, who has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Left

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_end
from shouwang.lib.codes import COMMUNITY, community_of, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.roster.duties import CONFIRM
from shouwang.roster.models import Called, CallUp
from shouwang.roster.workers import members


class NobodyToCall(Refusal):
    code = "roster.nobody_to_call"
    sentence = "这几个专班里还没有人。请先在“人手”里把人分进专班。"


class NoReason(Refusal):
    code = "roster.no_reason"
    sentence = "请写一句叫人做什么，例如“启动应急，今晚六点前到社区”。"


@dataclass(frozen=True)
class Answers:
    """How a call-up stands. Units: people."""

    called: int
    coming: int
    not_coming: int
    silent: int


def call_up(
    area: str, squads: Sequence[str], *, reason: str, by: User | None, at: datetime, once: UUID | None = None
) -> list[Called]:
    """Everybody in these squads is called; each owes an answer within the plan's hours, by tonight where it names none.

    Asked twice (one `once`), they are called once. Raises: NoReason, NobodyToCall.
    """
    if not reason.strip():
        raise NoReason()
    if once and CallUp.objects.filter(pk=once).exists():
        return []
    people = members(area, squads)
    if not any(people.values()):
        raise NobodyToCall()
    made = CallUp.objects.create(
        id=once or uuid7(at), area_code=area, squads=sorted(squads), reason=reason.strip()[:100], at=at, by=by
    )
    due = _due(area, at)
    first = {helper.pk: (helper, squad) for squad in sorted(people, reverse=True) for helper in people[squad]}
    rows = [
        Called(
            id=uuid7(at), area_code=helper.area_code, call_up=made, helper=helper, squad=squad,
            due_at=due.get(squad, day_end(at)),
        )
        for helper, squad in first.values()
    ]  # fmt: skip
    Called.objects.bulk_create(rows)
    for moment in sorted({row.due_at for row in rows}):
        who = Called.objects.filter(call_up=made, due_at=moment)
        who = who.annotate(subject=Left("area_code", COMMUNITY), about=F("id"))
        plan(CONFIRM, who, Window(at, moment), at=at)
    audit("roster.call_up", at=at, by=by, area=area, reason=made.reason, call_up=made.pk, people=len(rows))
    return rows


def answer(called: UUID, *, coming: bool, answered_at: datetime, by: User | None, at: datetime) -> Called:
    """收到, or that somebody cannot come; the last word counts. Raises: NotInScope."""
    row = one_in_scope(Called.objects.select_related("helper", "call_up").filter(pk=called))
    row.coming, row.at = coming, row.at or answered_at
    row.recorded_at, row.recorded_by = at, by
    row.save(update_fields=["coming", "at", "recorded_at", "recorded_by"])
    settle_about(CONFIRM, [row.pk], communities=[community_of(row.area_code)], at=at)
    return row


def call_ups(area: str) -> QuerySet[CallUp]:
    """The call-ups of an area, the youngest first, with how many were called and have answered."""
    low, high = subtree(area)
    rows = CallUp.objects.filter(area_code__gte=low, area_code__lt=high)
    answers = {
        "people": Count("called"),
        "coming": Count("called", filter=Q(called__coming=True)),
        "silent": Count("called", filter=Q(called__at=None)),
    }
    return rows.annotate(**answers).order_by("-at")


def call_up_of(pk: UUID) -> CallUp:
    """Raises: NotInScope."""
    return one_in_scope(CallUp.objects.filter(pk=pk))


def answers_of(call: CallUp) -> tuple[Answers, list[Called]]:
    """How many have answered what; and everybody, those who are silent first."""
    rows = list(
        call.called.select_related("helper").order_by(F("at").asc(nulls_first=True), "squad", "helper__name")
    )
    coming = sum(row.coming is True for row in rows)
    not_coming = sum(row.coming is False for row in rows)
    return Answers(len(rows), coming, not_coming, len(rows) - coming - not_coming), rows


def waiting_for(helper: int) -> list[Called]:
    """The call-ups that somebody has not answered."""
    return list(Called.objects.filter(helper=helper, at=None).select_related("call_up").order_by("due_at"))


def _due(area: str, at: datetime) -> dict[str, datetime]:
    """By when each squad is to have answered, as the plan says."""
    rules = plan_of(area[:COMMUNITY], now=at)
    hours = {key: squad.confirm_within_hours for key, squad in rules.squads.items()} if rules else {}
    return {key: at + timedelta(hours=float(many)) for key, many in hours.items() if many}
