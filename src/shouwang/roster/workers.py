"""Who works here, as the solver sees them: abilities, hours, leave, squads, what they have worked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.links import read as read_link
from shouwang.access.links import token
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import plan_of
from shouwang.plans.form.vocabulary import Words
from shouwang.register.models import Helper, Responsibility
from shouwang.roster import abilities
from shouwang.roster.models import ABSENCES, Absence, Arrival, Membership, Shift, Turn
from shouwang.roster.posts import span_of
from shouwang.roster.rules import limits_of
from shouwang.roster.solver import Limits, Span, Worker

OWN = "worker"
BACK = timedelta(days=7)
NEVER = timedelta(days=3650)


class AbsenceBackwards(Refusal):
    code = "roster.absence_backwards"
    sentence = "请假结束的时间要在开始之后。"


def helpers_in(area: str) -> QuerySet[Helper]:
    """Who serves in an area now."""
    low, high = subtree(area)
    return Helper.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None).order_by("name", "id")


def helper_of(pk: int) -> Helper:
    """Somebody who serves. Raises: NotInScope."""
    return one_in_scope(Helper.objects.filter(pk=pk, left_at=None))


def own_link(helper: Helper) -> str:
    """The address of somebody's own page: their turns, call-ups and what they hold. No name and no number in it."""
    return f"/w/{token(OWN, UUID(int=helper.pk), helper.area_code)}/"


def whose(code: str) -> tuple[int, str] | None:
    """Whose page an address opens, and in which community; nothing where we did not make it."""
    known = read_link(OWN, code)
    return (known[0].int, known[1]) if known else None


def limits_in(area: str, *, now: datetime) -> Limits:
    """The rest and the days that the plan in force asks; eleven hours and six days where it says nothing."""
    plan = plan_of(area, now=now)
    gates = plan.gates if plan else None
    return limits_of(gates.rest_hours if gates else None, gates.work_days_in_seven if gates else None)


def workers(
    helpers: Iterable[Helper],
    *,
    from_at: datetime,
    until: datetime,
    but: Sequence[Turn] = (),
    near: bool = True,
) -> list[Worker]:
    """These people as the solver sees them, with what they have worked from a week before to a week after.

    Shape: the turns in `but` do not count as worked; `near` says that it matters where they belong. Cost: four questions,
    however many people.
    """
    rows = list(helpers)
    ids = [row.pk for row in rows]
    away, wishes = _absences(ids, from_at, until)
    worked = _worked(ids, from_at - BACK, until + BACK, {turn.pk for turn in but})
    stood = _stood(ids)
    homes = _near(ids, from_at) if near else {}
    return [
        Worker(
            row.pk, abilities.can(row.kind, row.skills, turns=stood[row.pk]), abilities.cannot(row.unfit),
            abilities.offers(row.available), tuple(away[row.pk]), tuple(wishes[row.pk]),
            tuple(sorted(worked[row.pk])), homes.get(row.pk, ""),
        )
        for row in rows
    ]  # fmt: skip


def set_abilities(
    helper: int,
    *,
    skills: Sequence[str],
    unfit: Sequence[str],
    available: Sequence[str],
    sex: str = "",
    by: User,
    at: datetime,
) -> None:
    """What somebody can do, must not be asked, and when they come. Raises: NotInScope."""
    row = helper_of(helper)
    row.skills = [skill[:16] for skill in skills]
    row.unfit, row.available = "、".join(unfit)[:64], "、".join(available)[:32]
    row.sex = sex
    row.save(update_fields=["skills", "unfit", "available", "sex"])
    audit("roster.set_abilities", at=at, by=by, area=row.area_code, helper=helper)


def be_absent(
    helper: int, *, why: str, from_at: datetime, until: datetime | None, by: User | None, at: datetime
) -> Absence:
    """Somebody is away, or asks for free time; said twice, they are away once. Raises: NotInScope, AbsenceBackwards."""
    row = helper_of(helper)
    if until and until <= from_at:
        raise AbsenceBackwards()
    if why not in dict(ABSENCES):
        raise NotInScope()
    known = Absence.objects.filter(helper=row, why=why, from_at__lte=from_at, until=until, void_at=None)
    if there := known.order_by("-from_at").first():
        return there
    absence = Absence.objects.create(
        area_code=row.area_code, helper=row, why=why, from_at=from_at, until=until, told_at=at, by=by
    )
    audit("roster.absent", at=at, by=by, area=row.area_code, helper=helper, absence=absence.pk)
    return absence


def come_back(absence: int, *, by: User | None, at: datetime) -> None:
    """Somebody is there again; what lay ahead of the absence is struck. Raises: NotInScope."""
    rows = Absence.objects.filter(pk=absence, void_at=None)
    found = one_in_scope(rows)
    rows.update(**({"until": at} if found.from_at < at else {"void_at": at}))
    audit("roster.back", at=at, by=by, area=found.area_code, helper=found.helper_id)


def absences_of(helpers: Sequence[int], *, from_at: datetime, until: datetime) -> QuerySet[Absence]:
    """Who is away or wishes to be, within these moments."""
    rows = Absence.objects.filter(helper__in=helpers, void_at=None, from_at__lt=until)
    return rows.filter(Q(until=None) | Q(until__gt=from_at)).order_by("from_at")


def into_squad(helpers: Sequence[int], squad: str, *, by: User | None, at: datetime) -> int:
    """These people belong to a squad from now on; whoever already does stays. How many are new."""
    rows = list(Helper.objects.filter(pk__in=helpers, left_at=None))
    there = Membership.objects.filter(squad=squad, until=None, helper__in=rows)
    known = set(there.values_list("helper_id", flat=True))
    made = Membership.objects.bulk_create(
        Membership(area_code=row.area_code, helper=row, squad=squad, from_at=at, by=by)
        for row in rows
        if row.pk not in known
    )
    for one in made:
        audit("roster.into_squad", at=at, by=by, area=one.area_code, helper=one.helper_id, squad=squad)
    return len(made)


def out_of_squad(helper: int, squad: str, *, by: User | None, at: datetime) -> None:
    """Somebody belongs to a squad no longer."""
    rows = Membership.objects.filter(helper=helper, squad=squad, until=None)
    for area in rows.values_list("area_code", flat=True):
        audit("roster.out_of_squad", at=at, by=by, area=area, helper=helper, squad=squad)
    rows.update(until=at)


def squads_of(area: str, *, now: datetime) -> dict[str, Words]:
    """The squads of the plan in force, each by its words."""
    plan = plan_of(area[:COMMUNITY], now=now)
    return {key: squad.words for key, squad in plan.squads.items()} if plan else {}


def members(area: str, squads: Iterable[str]) -> dict[str, list[Helper]]:
    """Who belongs to each of these squads."""
    low, high = subtree(area)
    rows = Membership.objects.filter(
        squad__in=list(squads), until=None, area_code__gte=low, area_code__lt=high, helper__left_at=None
    )
    found: dict[str, list[Helper]] = defaultdict(list)
    for row in rows.select_related("helper").order_by("helper__name"):
        found[row.squad].append(row.helper)
    return found


def held(shifts: Iterable[Shift]) -> dict[UUID, list[Turn]]:
    """Who has the turns of these shifts."""
    found: dict[UUID, list[Turn]] = defaultdict(list)
    for turn in (
        Turn.objects.filter(shift__in=list(shifts), ended_at=None).select_related("helper").order_by("place")
    ):
        found[turn.shift_id].append(turn)
    return found


def _absences(
    ids: list[int], from_at: datetime, until: datetime
) -> tuple[dict[int, list[Span]], dict[int, list[Span]]]:
    away: dict[int, list[Span]] = defaultdict(list)
    wishes: dict[int, list[Span]] = defaultdict(list)
    for row in absences_of(ids, from_at=from_at, until=until):
        span = Span(row.from_at.astimezone(ZONE), (row.until or until + NEVER).astimezone(ZONE))
        (wishes if row.why == "wish" else away)[row.helper_id].append(span)
    return away, wishes


def _worked(ids: list[int], from_at: datetime, until: datetime, but: set[object]) -> dict[int, list[Span]]:
    turns = Turn.objects.filter(
        helper__in=ids, ended_at=None, shift__starts_at__lt=until, shift__ends_at__gt=from_at,
        shift__cancelled_at=None,
    )  # fmt: skip
    found: dict[int, list[Span]] = defaultdict(list)
    for turn in turns.select_related("shift"):
        if turn.pk not in but:
            found[turn.helper_id].append(span_of(turn.shift))
    return found


def _stood(ids: list[int]) -> Counter[int]:
    """How many turns everybody has stood so far."""
    rows = Arrival.objects.filter(turn__helper__in=ids, void_at=None).values_list("turn__helper")
    return Counter(dict(rows.annotate(many=Count("turn", distinct=True))))


def _near(ids: list[int], now: datetime) -> dict[int, str]:
    """Where everybody answers for doors: a post there is nearer than another."""
    rows = Responsibility.objects.in_force(now).filter(helper__in=ids).order_by("-area_code")
    return {helper: code[:14] for helper, code in rows.values_list("helper_id", "area_code")}
