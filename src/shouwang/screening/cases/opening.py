"""A case is opened, and given to investigators for some days; nobody looks into it without."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.clock import day_of
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import in_force, plan_of
from shouwang.register.models import Person
from shouwang.screening.cases.models import Case, CaseAccess

NEIGHBOURS = "case_neighbours"
MOST_DAYS = 60


class WrongDays(Refusal):
    code = "screening.case_days"
    sentence = "请检查日期：发病或采样的日子不能晚于今天，往前和往后都不超过 60 天。"


class AlreadyACase(Refusal):
    code = "screening.already_a_case"
    sentence = "{name}的流调已经开了，不用再开。"


def proposed_days(area: str, *, now: datetime) -> tuple[int | None, int | None]:
    """How many days the plan looks back, and after how many it forgets who only stood near; None: somebody says."""
    plan = plan_of(area, now=now)
    back = plan.investigation.contacts_lookback_days if plan and plan.investigation else None
    rule = plan.retention.get(NEIGHBOURS) if plan else None
    return (int(back) if back else None), (int(rule.days) if rule and rule.days else None)


def open_case(
    person: int, *, counts_on: date, by_sample: bool, lookback_days: int, neighbour_days: int, last_on: date | None,
    by: User | None, at: datetime,
) -> Case:  # fmt: skip
    """Begins to ask where an infected person was. Raises: NotInScope, WrongDays, AlreadyACase."""
    meant, today = kept_person(person), day_of(at)
    ends = last_on or today
    if not (counts_on <= today and counts_on <= ends and (today - counts_on).days <= MOST_DAYS):
        raise WrongDays()
    if not (0 < lookback_days <= MOST_DAYS and 0 < neighbour_days <= MOST_DAYS and ends <= today):
        raise WrongDays()
    if Case.objects.filter(person=meant, closed_at=None).exists():
        raise AlreadyACase(name=meant.name)
    community, held = community_of(meant.area_code), in_force(meant.area_code, now=at)
    number = (Case.objects.filter(area_code=community).aggregate(last=Max("number"))["last"] or 0) + 1
    made = Case.objects.create(
        id=uuid7(at), area_code=community, number=number, person=meant, counts_on=counts_on, by_sample=by_sample,
        lookback_days=lookback_days, last_on=ends, neighbour_days=neighbour_days, opened_at=at, opened_by=by,
        plan=held.plan if held else None,
    )  # fmt: skip
    audit("case.open", at=at, by=by, area=community, case=made.pk)
    return made


def give_access(case: Case, user: User, *, until: datetime, by: User | None, at: datetime) -> CaseAccess:
    """This investigator may look into the case until then; what was given before ends. Raises: WrongDays."""
    if not at < until or (until - at).days > MOST_DAYS:
        raise WrongDays()
    CaseAccess.objects.filter(case=case, user=user, until__gt=at).update(until=at)
    made = CaseAccess.objects.create(
        case=case, area_code=case.area_code, user=user, from_at=at, until=until, given_by=by
    )
    audit("case.give_access", at=at, by=by, area=case.area_code, case=case.pk, user=user.pk, until=until)
    return made


def end_access(access: int, *, by: User | None, at: datetime) -> None:
    """From now on not any more. Raises: NotInScope."""
    found = CaseAccess.objects.filter(pk=access).first()
    if found is None or not CaseAccess.objects.filter(pk=access, until__gt=at).update(until=at):
        raise NotInScope()
    audit("case.end_access", at=at, by=by, area=found.area_code, case=found.case_id, user=found.user_id)


def kept_person(pk: int) -> Person:
    """Who stands for this row of the register now. Raises: NotInScope."""
    kept = one_in_scope(Person.objects.filter(pk=pk).values_list("kept_id", flat=True))
    return one_in_scope(Person.objects.filter(pk=kept))


def case_for(user: User, case: UUID, *, now: datetime) -> Case:
    """The case, for whoever was given it and as long as that holds. Raises: NotInScope."""
    given = CaseAccess.objects.filter(case=case, user=user, from_at__lte=now, until__gt=now)
    found = one_in_scope(given.select_related("case__person__household", "case__plan").order_by("-until"))
    return found.case
