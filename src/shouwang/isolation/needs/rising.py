"""The ladder of a request that nobody answers: halfway to its time the grid lead has it, past it the secretary."""

from datetime import datetime

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, QuerySet

from shouwang.duties.models import Duty
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.isolation.duties import NEED_LATE, NEED_UNANSWERED
from shouwang.isolation.models import Need
from shouwang.lib.clock import day_end
from shouwang.lib.kinds import Kind

A_HALF = 0.5


def rise(*, now: datetime) -> int:
    """Whatever waits too long is owed by somebody higher up; told again, nothing is owed twice. How many rose."""
    waiting = Need.objects.filter(at=None, void_at=None)
    halfway = ExpressionWrapper(
        F("asked_at") + (F("due_at") - F("asked_at")) * A_HALF, output_field=DateTimeField()
    )
    nobody = waiting.filter(taken_at=None, due_at__gt=now).annotate(halfway=halfway).filter(halfway__lte=now)
    made = 0
    for need in _not_yet(nobody, NEED_UNANSWERED):
        made += _owe(need, NEED_UNANSWERED, Window(need.halfway, need.due_at), now)
    for need in _not_yet(waiting.filter(due_at__lte=now), NEED_LATE):
        made += _owe(need, NEED_LATE, Window(need.due_at, day_end(need.due_at)), now)
    return made


def _not_yet(needs: QuerySet, kind: Kind) -> QuerySet:
    """Those that nobody higher up has been told of."""
    return needs.exclude(Exists(Duty.objects.filter(kind=kind.name, about=OuterRef("pk"))))


def _owe(need: Need, kind: Kind, window: Window, now: datetime) -> int:
    who = Need.objects.filter(pk=need.pk).annotate(subject=F("household_id"), about=F("id"))
    return plan(kind, who, window, at=now)
