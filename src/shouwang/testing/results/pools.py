"""A tube has to be taken again (混管异常): its people are asked to wait at home, swabbed alone, and let go one by one.

Nobody is locked up for it: until a second person decides it is a request, the decision ends by itself after the plan's
hours, neighbours are not touched, and each negative ends the own hold at once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from shouwang.access.actions import by_itself
from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle, settle_about
from shouwang.duties.plan import communities_of, plan
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_end
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.plans.form.fieldwork import Testing
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds, Wanted, end, put
from shouwang.standing.queries import held as held_now
from shouwang.testing.duties import NOTHING, RESAMPLE, TOLD
from shouwang.testing.results.models import NEGATIVE, POSITIVE, Pool, PoolPerson, Result, Told
from shouwang.testing.results.queries import said_so
from shouwang.testing.tubes.models import Swab, Tube

REASON = "pool_again"
ALL_CLEAR = "单人复采阴性"
UNDER_AN_ORDER = "已经另有隔离决定"


class HeldBefore(Refusal):
    code = "testing.held_before"
    sentence = "这一管的人已经批准过了。"


class TooLate(Refusal):
    code = "testing.pool_too_late"
    sentence = "已经过了 {hours} 小时的时限，不能再要求在家等候。请看看复采做完了没有。"


def find(results: Sequence[UUID], *, by: User | None, at: datetime) -> list[Pool]:
    """The tubes of these results that have to be taken again; their people are owed a swab of their own at the door.

    Shape: whoever was alone in their tube is known at once: nothing is taken again. Whose tube was taken again already belongs to
    that one (`hear` comes first).
    """
    rows = Result.objects.filter(pk__in=said_so(results, POSITIVE), pool=None).order_by("code")
    heard = PoolPerson.objects.filter(single__in=rows.values("pk")).values("single")
    return [_find(row, by, at) for row in rows.exclude(pk__in=heard)]


def hold(pool: UUID, grounds: Grounds, *, by: User, at: datetime) -> int:
    """A second person decides: everybody of the tube who is at home stays there until their own result, or the end. How many.

    Raises: NotInScope, HeldBefore, TooLate, Unfounded, SecondPerson.
    """
    row = one_in_scope(Pool.objects.select_for_update().filter(pk=pool, closed_at=None))
    if row.held_at:
        raise HeldBefore()
    if row.until <= at:
        raise TooLate(hours=round((row.until - row.found_at).total_seconds() / 3600))
    members = list(row.people.filter(person__isnull=False, outcome="").select_related("person"))
    held = held_now([_kept(one.person) for one in members if one.person], now=at)
    waiting = [one for one in members if one.person and _kept(one.person) not in held]
    holds = put([_wanted(row, one, at) for one in waiting], grounds, by=by, at=at)
    for one, made in zip(waiting, holds, strict=True):
        PoolPerson.objects.filter(pk=one.pk).update(hold=made)
    Pool.objects.filter(pk=pool).update(held_at=at, held_by=by)
    audit(
        "testing.hold_pool",
        at=at,
        by=by,
        area=row.area_code,
        reason=grounds.reason,
        pool=pool,
        people=len(holds),
    )
    return len(holds)


def hear(results: Sequence[UUID], *, by: User | None, at: datetime) -> list[PoolPerson]:
    """What the single results mean for those who wait: a negative ends their hold at once. Whose result is there now."""
    waiting = PoolPerson.objects.filter(outcome="", pool__closed_at=None, person__isnull=False)
    singles = _singles({_kept(one.person) for one in waiting.select_related("person") if one.person}, results)
    heard = []
    for one in waiting.select_related("pool", "hold", "person").order_by("pk"):
        said = singles.get(_kept(one.person), ()) if one.person else ()
        first = next((result for at_, result in said if at_ >= one.pool.found_at), None)
        if first:
            heard.append(_hear(one, first, by, at))
    for pool in Pool.objects.filter(pk__in={one.pool_id for one in heard}, closed_at=None):
        _close_if_done(pool, at)
    return heard


def give_way(people: Collection[int], *, by: User, at: datetime) -> int:
    """Whoever is under an order from now on is no longer held for their tube: one decision at a time. How many."""
    waiting = PoolPerson.objects.filter(
        person__kept__in=people, hold__isnull=False, hold__ended_at=None, hold__until__gt=at
    )
    held = [one.hold for one in waiting.select_related("hold").order_by("pk") if one.hold]
    for hold in held:
        end(hold, reason=UNDER_AN_ORDER, by=by, at=at)
    return len(held)


def tell(told: int, *, by: User, at: datetime) -> Told:
    """One of the receivers was told of a confirmed positive. Twice is once. Raises: NotInScope."""
    row = one_in_scope(Told.objects.filter(pk=told).select_related("member__pool"))
    if Told.objects.filter(pk=told, told_at=None).update(told_at=at, told_by=by):
        audit("testing.told", at=at, by=by, area=row.area_code, reason=row.receiver, pool=row.member.pool_id)
        settle_about(TOLD, [row.member.pool_id], communities=sorted(communities_of([row.area_code])), at=at)
        _close_if_done(row.member.pool, at)
    return Told.objects.get(pk=told)


def rules_of(area: str, *, now: datetime) -> Testing:
    """What the plan of the place says of testing; where none is in force nothing is said."""
    held = plan_of(area, now=now)
    return held.testing if held and held.testing else Testing()


def _find(row: Result, by: User | None, at: datetime) -> Pool:
    if row.tube_id is None:
        raise NotInScope()
    rules = rules_of(row.area_code, now=at)
    again, stays = rules.resample_within_hours, rules.hold_pool_hours
    due = at + timedelta(hours=float(again)) if again else day_end(at)
    pool = Pool.objects.create(
        id=uuid7(at), area_code=row.area_code, tube_id=row.tube_id, result=row, found_at=at, found_by=by, due_at=due,
        until=at + timedelta(hours=float(stays)) if stays else due,
    )  # fmt: skip
    swabs = list(Swab.objects.filter(tube=row.tube_id, void_at=None).order_by("at", "id"))
    members = PoolPerson.objects.bulk_create(
        [
            PoolPerson(pool=pool, area_code=one.area_code, swab=one, person_id=one.person_id)
            for one in _once(swabs)
        ]
    )
    audit("testing.find_pool", at=at, by=by, area=row.area_code, pool=pool.pk, people=len(members))
    if len(members) == 1 and Tube.objects.filter(pk=row.tube_id, capacity=1).exists():
        _hear(members[0], row, by, at)
    else:
        _owe(pool, at)
    return pool


def _once(swabs: Sequence[Swab]) -> list[Swab]:
    """Each known person once, and everybody whom nobody knows yet."""
    known: dict[int, Swab] = {}
    for swab in swabs:
        known.setdefault(swab.person_id or -len(known) - 1, swab)
    return list(known.values())


def _kept(person: Person) -> int:
    return person.kept_id or person.pk


def _owe(pool: Pool, at: datetime) -> None:
    members = pool.people.filter(person__isnull=False).values("person__kept_id")
    who = Person.objects.filter(pk__in=members).annotate(subject=F("id"), about=NOTHING)
    plan(RESAMPLE, who, Window(at, pool.due_at), at=at, batch=pool.pk)
    people = dict(who.values_list("id", "area_code"))
    settle(RESAMPLE, sorted(people), communities=sorted(communities_of(people.values())), at=at)


def _singles(people: Collection[int], results: Sequence[UUID]) -> dict[int, list[tuple[datetime, Result]]]:
    """What these results say of those people who were alone in their tube: when they were swabbed, and the result, the first first."""
    alone = Swab.objects.filter(void_at=None, tube__capacity=1, person__kept_id__in=people)
    swabs = alone.order_by("at").values_list("tube_id", "person__kept_id", "at")
    said = Result.objects.filter(tube__in=alone.values("tube"), held="", void_at=None).exclude(
        outcome="invalid"
    )
    new, by_tube = set(results), {row.tube_id: row for row in said}
    found: dict[int, list[tuple[datetime, Result]]] = {}
    for tube, person, swabbed_at in swabs:
        if person and tube in by_tube and by_tube[tube].pk in new:
            found.setdefault(person, []).append((swabbed_at, by_tube[tube]))
    return found


def _hear(member: PoolPerson, result: Result, by: User | None, at: datetime) -> PoolPerson:
    PoolPerson.objects.filter(pk=member.pk).update(outcome=result.outcome, outcome_at=at, single=result)
    if result.outcome == NEGATIVE and member.hold and not member.hold.ended_at and member.hold.until > at:
        end(member.hold, reason=ALL_CLEAR, by=by, at=at)
    if result.outcome == POSITIVE:
        _owe_telling(member, rules_of(member.area_code, now=at), at)
    member.outcome = result.outcome
    return member


def _owe_telling(member: PoolPerson, rules: Testing, at: datetime) -> None:
    """Everybody on the plan's list must know; within so many hours, where the plan says so."""
    Told.objects.bulk_create(
        [Told(member=member, area_code=member.area_code, receiver=one[:40]) for one in rules.positive_told],
        ignore_conflicts=True,
    )
    if rules.positive_told and rules.positive_told_hours:
        known = PoolPerson.objects.filter(pk=member.pk, person__isnull=False)
        who = known.annotate(subject=F("person__kept_id"), about=F("pool_id"))
        plan(TOLD, who, Window(at, at + timedelta(hours=float(rules.positive_told_hours))), at=at)


def _close_if_done(pool: Pool, at: datetime) -> None:
    """Everybody has a result of their own, and of each positive all receivers were told."""
    open_still = pool.people.filter(outcome="").exists()
    if not open_still and not Told.objects.filter(member__pool=pool, told_at=None).exists():
        Pool.objects.filter(pk=pool.pk, closed_at=None).update(closed_at=at)


def _wanted(pool: Pool, member: PoolPerson, at: datetime) -> Wanted:
    person = member.person
    if person is None:
        raise NotInScope()
    asked_by = pool.found_by or by_itself(at=at)
    return Wanted(person.pk, person.area_code, pool.pk, "home", at, pool.until, asked_by)
