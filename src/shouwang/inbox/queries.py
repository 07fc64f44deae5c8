"""What pages show of the inbox: what waits, the earlier matters of the same person, questions answered for everybody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from shouwang.inbox.models import Matter, Question
from shouwang.lib.codes import ancestors, community_of, subtree

STEPS = {"answer": "待答复", "handle": "待处置", "tell_back": "待反馈", "over": "已办结"}
EARLIER_SHOWN = 10
STEP = Case(
    When(told_back_at__isnull=False, then=Value("over")),
    When(handled_at__isnull=False, then=Value("tell_back")),
    When(answered_at__isnull=False, then=Value("handle")),
    default=Value("answer"),
    output_field=CharField(),
)
WHERE: dict[str, Q] = {
    "answer": Q(answered_at=None),
    "handle": Q(answered_at__isnull=False, handled_at=None),
    "tell_back": Q(handled_at__isnull=False, told_back_at=None),
    "over": Q(told_back_at__isnull=False),
}


@dataclass(frozen=True)
class Counted:
    """How many matters stand at a step."""

    step: str
    words: str
    amount: int


def matters(area: str, *, step: str = "") -> QuerySet[Matter]:
    """The matters of an area: what waits, the longest waiting first; what is over, the latest first."""
    low, high = subtree(area)
    rows = Matter.objects.filter(area_code__gte=low, area_code__lt=high).annotate(step=STEP)
    rows = rows.filter(WHERE[step]) if step in WHERE else rows.filter(told_back_at=None)
    rows = rows.select_related("household", "helper")
    return rows.order_by("-received_at" if step == "over" else "received_at", "pk")


def step_of(matter: Any) -> str:
    """How far a matter of `matters` has come."""
    return str(matter.step)


def counted(area: str) -> list[Counted]:
    """How many wait for each step: what is open alone, so that it stays quick however many are over."""
    low, high = subtree(area)
    rows = Matter.objects.filter(area_code__gte=low, area_code__lt=high, told_back_at=None)
    return [Counted(step, STEPS[step], rows.filter(WHERE[step]).count()) for step in STEPS if step != "over"]


def earlier(matter: Matter) -> list[Matter]:
    """What the same number or the same door said before."""
    same = Q(pk__in=[])
    if matter.phone_digest:
        same |= Q(phone_digest=matter.phone_digest)
    if matter.household_id:
        same |= Q(household=matter.household_id)
    rows = Matter.objects.filter(same, received_at__lte=matter.received_at).exclude(pk=matter.pk)
    return list(rows.annotate(step=STEP).order_by("-received_at")[:EARLIER_SHOWN])


def questions(area: str, *, now: datetime, about: str = "") -> list[Question]:
    """What was answered for everybody here and above, the latest first; with `about`, what speaks of it."""
    rows = Question.objects.filter(
        area_code__in=ancestors(community_of(area)), published_at__lte=now, ended_at=None
    )
    found = rows.order_by("-source_on", "-published_at")
    words = about.split()
    return [one for one in found if all(word in f"{one.asked}{one.answer}{one.source}" for word in words)]
