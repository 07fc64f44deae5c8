"""日清日结: a community's day is closed, by its secretary or by itself when nobody is awake.

Each door that was due and not done is carried with what is known: the reason and the next time from the last
attempt, the owner from 包保: after as many tries as the plan asks for, somebody else than before. Only where nobody tried
does anybody have to say a word; without one it is *untold*.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.attempts import attempts_at
from shouwang.duties.close import UNTOLD, Proposal, close
from shouwang.duties.models import Attempt, DayClose, Duty
from shouwang.duties.windows import next_try
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.plans.actions import hours_to_try, most_tries, plan_of
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
    tried, hours = attempts_at(duties), hours_to_try(plan)
    roles = {**answers, **(plan.answers if plan else {})}
    most = most_tries(plan)
    in_vain = {duty for duty, made in tried.items() if most and len(made) >= most}
    owners = _owners(duties, until, roles, in_vain)
    return [_proposal(duty, tried.get(duty.pk, []), until, hours, owners.get(duty.pk)) for duty in duties]


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
    duties: list[Duty], until: datetime, answers: Mapping[str, Sequence[str]], in_vain: Collection[int]
) -> dict[int, int]:
    """Who answers for each duty, if anybody does; for what was tried often enough in vain, the next who is somebody else."""
    wanted: dict[tuple[str, ...], set[str]] = {}
    for duty in duties:
        for roles in _asked_in_turn(answers[duty.kind], on=duty.pk in in_vain):
            wanted.setdefault(roles, set()).add(duty.area_code)
    found = who_answers_each(wanted, now=until)
    owners = {}
    for duty in duties:
        turn = _asked_in_turn(answers[duty.kind], on=duty.pk in in_vain)
        held = [found[roles][duty.area_code].pk for roles in turn if duty.area_code in found[roles]]
        if held:
            owners[duty.pk] = next((who for who in held if who != held[0]), held[0])
    return owners


def _asked_in_turn(roles: Sequence[str], *, on: bool) -> list[tuple[str, ...]]:
    """The roles that answer, nearest first; to hand something `on`, also without the first of them, the first two, and so on."""
    return [tuple(roles[number:]) for number in range(len(roles) if on else 1)]


def _proposal(
    duty: Duty, made: Sequence[Attempt], until: datetime, hours: tuple, owner: int | None
) -> Proposal:
    tried = made[-1] if made else None
    agreed = tried.next_try_at if tried else None
    again = agreed if agreed and agreed >= until else next_try(until.astimezone(ZONE), hours)
    return Proposal(
        duty=duty.pk,
        area_code=duty.area_code,
        reason=REASONS.get(tried.outcome, UNTOLD) if tried else UNTOLD,
        next_try_at=again,
        owner=owner,
    )
