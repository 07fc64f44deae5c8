"""日清日结: a community's day is closed, by its secretary or by itself when nobody is awake.

Each door that was due and not done is carried with what is known: the reason and the next time from the last
attempt, the owner from 包保. Only where nobody tried does anybody have to say a word; without one it is *untold*.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.attempts import last_attempts
from shouwang.duties.close import UNTOLD, Proposal, close
from shouwang.duties.models import Attempt, DayClose, Duty
from shouwang.duties.windows import next_try
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.plans.actions import hours_to_try, plan_of
from shouwang.plans.schema import Plan
from shouwang.register.models import Area
from shouwang.register.responsibility import who_answers_each

REASONS = {
    "no_answer": "nobody_home",
    "no_reply": "no_phone",
    "wrong_number": "no_phone",
    "hung_up": "no_phone",
    "appointed": "appointed",
    "refused": "refused",
    "moved": "moved",
}
REASON_WORDS = {
    "nobody_home": "多次无人",
    "no_phone": "电话未通",
    "appointed": "住户约定",
    "refused": "不配合",
    "moved": "已搬走",
    "awaiting_result": "等结果",
    "short_of_hands": "人手不足",
    UNTOLD: "未说明",
}


def close_day(
    community: str,
    day: date,
    *,
    now: datetime,
    by: User | None,
    answers: Mapping[str, tuple[str, ...]],
    words: Mapping[int, Proposal] | None = None,
) -> DayClose:
    """Closes a day of a community. `answers` says per duty kind which roles answer for it, nearest first.

    Raises: AlreadyClosed, NotYet.
    """
    plan = plan_of(community, now=now)

    def propose(duties: list[Duty], until: datetime) -> list[Proposal]:
        return proposals(duties, until, plan=plan, answers=answers)

    closing = close(community, day, now=now, propose=propose, words=words, by=by)
    audit("duties.close_day", at=now, by=by, area=community, day=day, carried=closing.carried.count())
    return closing


def proposals(
    duties: list[Duty], until: datetime, *, plan: Plan | None, answers: Mapping[str, tuple[str, ...]]
) -> list[Proposal]:
    """What is known about each duty that is carried: reason, next try and owner."""
    tried = last_attempts(duties)
    hours = hours_to_try(plan)
    owners = _owners(duties, until, {**answers, **(plan.answers if plan else {})})
    return [_proposal(duty, tried.get(duty.pk), until, hours, owners) for duty in duties]


def days_to_close(*, now: datetime) -> list[tuple[str, date]]:
    """The communities whose yesterday is over and not closed, and have something to close."""
    yesterday = day_of(now) - timedelta(days=1)
    closed = set(DayClose.objects.filter(day__gte=yesterday).values_list("area_code", flat=True))
    waiting = []
    for community in Area.objects.filter(level="community").order_by("code").values_list("code", flat=True):
        begun = Duty.objects.filter(
            area_code__gte=community, area_code__lt=community + "~", booked_at__lt=midnight(day_of(now))
        )
        if community not in closed and begun.exists():
            waiting.append((community, yesterday))
    return waiting


def _owners(
    duties: list[Duty], until: datetime, answers: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], int]:
    """Who answers for each kind in each area, if anybody does."""
    roles = {kind: tuple(answers[kind]) for kind in {duty.kind for duty in duties}}
    wanted: dict[tuple[str, ...], set[str]] = {}
    for duty in duties:
        wanted.setdefault(roles[duty.kind], set()).add(duty.area_code)
    found = who_answers_each(wanted, now=until)
    return {(kind, code): who.pk for kind, held in roles.items() for code, who in found[held].items()}


def _proposal(
    duty: Duty, tried: Attempt | None, until: datetime, hours: tuple, owners: Mapping[tuple[str, str], int]
) -> Proposal:
    agreed = tried.next_try_at if tried else None
    again = agreed if agreed and agreed >= until else next_try(until.astimezone(ZONE), hours)
    return Proposal(
        duty=duty.pk,
        area_code=duty.area_code,
        reason=REASONS.get(tried.outcome, UNTOLD) if tried else UNTOLD,
        next_try_at=again,
        owner=owners.get((duty.kind, duty.area_code)),
    )
