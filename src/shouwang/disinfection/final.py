"""终末消毒: after a case, step by step, accepted by somebody who did none of it, with a certificate."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.disinfection.duties import FINAL
from shouwang.disinfection.models import AFTER_CASE, STEPS, Final, Spot, Step
from shouwang.disinfection.rounds import Done, record_rounds
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import communities_of, lock, plan
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_end, day_of
from shouwang.lib.codes import UNIT, community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.register.models import Area, Household

DISINFECTED = "disinfected"


class StepsMissing(Refusal):
    code = "disinfection.steps_missing"
    sentence = "还有没做的步骤：{steps}。"


class OwnWork(Refusal):
    code = "disinfection.own_work"
    sentence = "动手的人不能自己验收，请换一个人。"


class AcceptedAlready(Refusal):
    code = "disinfection.accepted_already"
    sentence = "已经验收了，不能再改。"


class NoAgent(Refusal):
    code = "disinfection.no_agent"
    sentence = "请写用了什么药、多浓。"


def ask_for(
    because: UUID, household: int, *, by: User | None, at: datetime, due_at: datetime | None = None
) -> Final:
    """A door is to be disinfected after a case, by tonight where nothing else is said. Asked twice it is one.

    Shape: `because` is the case or the order. Raises: NotInScope.
    """
    door = one_in_scope(Household.objects.filter(pk=household))
    lock(communities_of([door.area_code]))
    known = Final.objects.filter(because=because, household=door).first()
    if known:
        return known
    area = _nearest_area(door.area_code)
    rules = plan_of(door.area_code, now=at)
    rule = rules.disinfection.get(AFTER_CASE) if rules else None
    spot = Spot.objects.create(
        id=uuid7(at), area_code=area, kind=AFTER_CASE, name=f"{door.compound} {door.door}"[:60], agent="", added_at=at,
        added_by=by, contact_minutes=rule.contact_minutes if rule else None,
    )  # fmt: skip
    row = Final.objects.create(
        id=uuid7(at), area_code=area, because=because, spot=spot, household=door, asked_at=at, asked_by=by,
        due_at=due_at or day_end(at),
    )  # fmt: skip
    who = Final.objects.filter(pk=row.pk).annotate(subject=F("area_code"), about=F("id"))
    plan(FINAL, who, Window(at, row.due_at), at=at)
    audit("disinfection.ask_for_final", at=at, by=by, area=area, final=row.pk)
    return row


def step(
    final: UUID, what: str, *, by: User, at: datetime, agent: str = "", chlorine_mg_per_l: int | None = None,
    area_m2: int | None = None,
) -> None:  # fmt: skip
    """One step was done; done twice it counts once. Disinfecting is a round too, with agent and strength.

    Raises: NotInScope, AcceptedAlready, NoAgent.
    """
    row = final_of(final)
    if row.at:
        raise AcceptedAlready()
    if what not in dict(STEPS):
        raise NotInScope()
    if row.steps.filter(what=what, void_at=None).exists():
        return
    if what == DISINFECTED:
        if not agent.strip():
            raise NoAgent()
        told = Done(row.spot_id, at, agent=agent, chlorine_mg_per_l=chlorine_mg_per_l, area_m2=area_m2)
        record_rounds([told], by=by, at=at)
    Step.objects.create(
        id=uuid7(at), area_code=row.area_code, final=row, what=what, at=at, recorded_at=at, by=by
    )


def accept(final: UUID, *, by: User, at: datetime) -> Final:
    """All steps were done, says somebody who did none of them; the certificate has the next number.

    Raises: NotInScope, AcceptedAlready, StepsMissing, OwnWork.
    """
    row = final_of(final)
    done = {one.what: one.by_id for one in row.steps.filter(void_at=None)}
    missing = [words for what, words in STEPS if what not in done]
    if row.at:
        raise AcceptedAlready()
    if missing:
        raise StepsMissing(steps="、".join(missing))
    if by.pk in done.values():
        raise OwnWork()
    lock(communities_of([row.area_code]))
    begins = f"终消-{day_of(at):%Y}-"
    community = community_of(row.area_code)
    number = Final.objects.filter(area_code__startswith=community, number__startswith=begins).count() + 1
    Final.objects.filter(pk=final, at=None).update(at=at, accepted_by=by, number=f"{begins}{number:04d}")
    settle_about(FINAL, [final], communities=[community], at=at)
    Spot.objects.filter(pk=row.spot_id).update(ended_at=at, ended_by=by)
    audit("disinfection.accept", at=at, by=by, area=row.area_code, final=final)
    return final_of(final)


def final_of(pk: UUID) -> Final:
    """One of them. Raises: NotInScope."""
    return one_in_scope(
        Final.objects.filter(pk=pk).select_related("spot", "household", "asked_by", "accepted_by")
    )


def _nearest_area(code: str) -> str:
    """The unit or building in which a door lies: what a duty of an area can be about."""
    widths = [width for width in (UNIT, 17, 14, 12) if width <= len(code)]
    known = set(
        Area.objects.filter(code__in=[code[:width] for width in widths]).values_list("code", flat=True)
    )
    return next((code[:width] for width in widths if code[:width] in known), community_of(code))
