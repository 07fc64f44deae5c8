"""The gap list (应检未检): to test − exempt − tested, live, by area down to the door and to names.

Numbers are sums over the engine's counts, names a page at a time; who was called and who needs a visit follows from the
attempts at each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.attempts import last_attempts
from shouwang.duties.models import Attempt, Duty
from shouwang.lib.codes import UNIT, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.testing.duties import DOOR_SWAB, SWAB
from shouwang.testing.rounds.models import Round

KINDS = (SWAB.name, DOOR_SWAB.name)
# What was tried in vain, and what it leads to: a call after no visit, a visit after no call.
CALLS = {"no_reply": "没接电话", "wrong_number": "空号", "hung_up": "挂断"}
VISITS = {"no_answer": "没人在家"}
OTHERS = {"appointed": "约好时间", "refused": "不配合", "moved": "已搬走"}
OUTCOMES = {**CALLS, **VISITS, **OTHERS}
CALL, VISIT, WAIT, TALK = "call", "visit", "wait", "talk"
HOUR = timedelta(hours=1)

COVERED = """
SELECT left(area_code, %(width)s) AS area, kind, fact, sum(amount) FROM duties_count
WHERE kind = ANY(%(kinds)s) AND opens_at = %(opens)s AND due_at = %(due)s AND fact <> 'void'
  AND area_code >= %(low)s AND area_code < %(high)s
GROUP BY area, kind, fact
"""
HOURS = """
SELECT hour, sum(amount) FROM duties_hour
WHERE width = %(width)s AND hour >= %(opens)s AND hour <= %(now)s AND kind = ANY(%(kinds)s) AND due_at = %(due)s
  AND fact IN ('done', 'late') AND area_code >= %(low)s AND area_code < %(high)s
GROUP BY hour ORDER BY hour
"""


class NoSuchOutcome(Refusal):
    code = "testing.no_such_outcome"
    sentence = "请选一个结果。"


@dataclass
class Covered:
    """How far an area is. Units: people; `asked` without those who are exempt."""

    asked: int = 0
    tested: int = 0
    exempt: int = 0
    left: int = 0
    left_at_doors: int = 0

    @property
    def percent(self) -> int:
        """Of a hundred who are to be tested so many are: never a hundred while one is left."""
        if not self.asked:
            return 100
        return min(self.tested * 100 // self.asked, 100)

    def add(self, kind: str, fact: str, amount: int) -> None:
        """One line of the counts."""
        if fact == "waived":
            self.exempt += amount
            return
        self.asked += amount
        if fact in ("done", "late"):
            self.tested += amount
        else:
            self.left += amount
            self.left_at_doors += amount if kind == DOOR_SWAB.name else 0


@dataclass(frozen=True)
class Missing:
    """Somebody who is still to be swabbed: what was tried, and what comes next (`call`, `visit`, `wait`, `talk`)."""

    duty: Duty
    tried: Attempt | None
    next: str


def covered(row: Round, area: str, *, width: int = 0) -> dict[str, Covered]:
    """How far each area of this width is (without a width: the whole). Cost: a sum over the counts of the area's units."""
    low, high = subtree(area)
    asked: dict[str, Any] = {
        "width": width or 1, "kinds": list(KINDS), "opens": row.opens_at, "due": row.due_at, "low": low, "high": high,
    }  # fmt: skip
    found: dict[str, Covered] = {}
    with connection.cursor() as cursor:
        cursor.execute(COVERED, asked)
        for code, kind, fact, amount in cursor.fetchall():
            found.setdefault(code if width else area, Covered()).add(kind, fact, amount)
    return dict(sorted(found.items()))


def so_far(row: Round, area: str) -> Covered:
    """How far an area is as a whole."""
    return covered(row, area).get(area, Covered())


def by_the_hour(row: Round, area: str, *, now: datetime) -> list[tuple[datetime, int]]:
    """How many had been tested by each full hour since the round opened; ends now."""
    low, high = subtree(area)
    asked: dict[str, Any] = {
        "width": UNIT, "kinds": list(KINDS), "opens": row.opens_at - HOUR, "due": row.due_at, "low": low, "high": high, "now": now,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(HOURS, asked)
        taken = dict(cursor.fetchall())
    hour, end, sum_of, points = (
        row.opens_at.replace(minute=0, second=0, microsecond=0),
        min(now, row.due_at + HOUR),
        0,
        [],
    )
    while hour <= end:
        sum_of += taken.get(hour, 0)
        points.append((min(hour + HOUR, now), sum_of))
        hour += HOUR
    return points


def names(row: Round, area: str) -> QuerySet[Duty]:
    """Everybody in an area who is still to be swabbed, door by door."""
    low, high = subtree(area)
    rows = Duty.objects.filter(
        batch=row.pk, kind__in=KINDS, fact="owed", area_code__gte=low, area_code__lt=high
    )
    return rows.order_by("area_code", "id").select_related("person", "person__household")


def told(duties: Sequence[Duty], *, now: datetime) -> list[Missing]:
    """With what was tried at each, and what comes next. Cost: one query."""
    tried = last_attempts(duties)
    return [Missing(duty, tried.get(duty.pk), _next(duty, tried.get(duty.pk), now)) for duty in duties]


def say_tried(
    row: Round, duty: int, outcome: str, *, by: User, at: datetime, next_try_at: datetime | None = None, note: str = "",
    id: UUID | None = None,
) -> Attempt:  # fmt: skip
    """Somebody was called or looked for and was not reached; said twice (one `id`) it is one try. Raises: NotInScope, NoSuchOutcome."""
    owed = one_in_scope(Duty.objects.filter(pk=duty, batch=row.pk, void_at=None))
    if outcome not in OUTCOMES:
        raise NoSuchOutcome()
    if id and (already := Attempt.objects.filter(pk=id).first()):
        return already
    return Attempt.objects.create(
        id=id or uuid7(at), kind=owed.kind, person_id=owed.person_id, area_code=owed.area_code, at=at, recorded_at=at, by=by,
        outcome=outcome, next_try_at=next_try_at, note=note[:200],
    )  # fmt: skip


def _next(duty: Duty, tried: Attempt | None, now: datetime) -> str:
    if tried and tried.next_try_at and tried.next_try_at > now:
        return WAIT
    if duty.kind == DOOR_SWAB.name or (tried and tried.outcome in CALLS):
        return VISIT
    return TALK if tried and tried.outcome in ("refused", "moved") else CALL
