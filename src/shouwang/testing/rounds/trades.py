"""Special trades (特殊行业): an employer's people are swabbed so many times in so many days, as long as they are on duty."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.models import Duty
from shouwang.duties.plan import plan
from shouwang.duties.windows import Window
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Person
from shouwang.testing.duties import NOTHING, SWAB
from shouwang.testing.rounds.models import Trade, Worker

A_DAY = timedelta(days=1)
TWICE = 2


class WrongRule(Refusal):
    code = "testing.wrong_rule"
    sentence = "几天几检：天数 1 到 30，次数 1 到天数。"


class TradeThere(Refusal):
    code = "testing.trade_there"
    sentence = "“{name}”已经有一条规则了。请先停用原来的。"


class WrongLeave(Refusal):
    code = "testing.wrong_leave"
    sentence = "休假的结束日期要晚于开始日期。"


@dataclass(frozen=True)
class Rule:
    """So many times in so many days."""

    every_days: int
    times: int = 1


@dataclass(frozen=True)
class Standing:
    """How an employer's people stand: all, on duty, on leave, and who missed twice or more in the last four weeks."""

    people: int
    on_duty: int
    away: int
    missed_twice: int


def windows(rule: Rule, from_on: date, day: date) -> list[Window]:
    """The windows that open on a day: the days of a turn are shared among its tests as evenly as whole days allow.

    Two in seven days: the first within four days, the second within the three after.
    """
    into = (day - from_on).days % rule.every_days
    if day < from_on:
        return []
    begins = [place * rule.every_days // rule.times for place in range(rule.times + 1)]
    found = []
    for first, after in pairwise(begins):
        if into == first:
            opens = midnight(day)
            due = midnight(day + timedelta(days=after - first))
            found.append(Window(opens, due, due))
    return found


def add_trade(
    area: str, *, employer: str, trade: str, rule: Rule, document: str = "", from_on: date, by: User, at: datetime,
    id: UUID | None = None,
) -> Trade:  # fmt: skip
    """From a day on the people of this employer are swabbed so often. Sent twice (one `id`) it is one. Raises: WrongRule, TradeThere."""
    if not (1 <= rule.every_days <= 30 and 1 <= rule.times <= rule.every_days):
        raise WrongRule()
    if id and (already := Trade.objects.filter(pk=id).first()):
        return already
    try:
        with transaction.atomic():
            row = Trade.objects.create(
                id=id or uuid7(at), area_code=area, employer=employer.strip()[:80], trade=trade.strip()[:40], every_days=rule.every_days,
                times=rule.times, from_on=from_on, document=document.strip()[:60], added_at=at, added_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise TradeThere(name=f"{employer} {trade}".strip()) from None
    audit(
        "testing.add_trade",
        at=at,
        by=by,
        area=area,
        trade=row.pk,
        every_days=rule.every_days,
        times=rule.times,
    )
    return row


def end_trade(pk: UUID, *, by: User, at: datetime) -> None:
    """The rule holds no longer; what is owed already stays owed. Raises: NotInScope."""
    row = Trade.objects.filter(pk=pk).first()
    if row is None or not Trade.objects.filter(pk=pk, ended_at=None).update(ended_at=at, ended_by=by):
        raise NotInScope()
    audit("testing.end_trade", at=at, by=by, area=row.area_code, trade=pk)


def put_on(row: Trade, people: Collection[int], *, by: User, at: datetime) -> int:
    """These people work there from now on. How many were new. Raises: NotInScope where none of them is in sight."""
    found = list(Person.objects.filter(pk__in=people, kept_id=F("id"), left_at=None))
    if not found:
        raise NotInScope()
    known = set(row.workers.filter(left_at=None).values_list("person_id", flat=True))
    new = [
        Worker(trade=row, area_code=one.area_code, person=one, added_at=at, added_by=by)
        for one in found
        if one.pk not in known
    ]
    Worker.objects.bulk_create(new)
    audit("testing.trade_workers", at=at, by=by, area=row.area_code, trade=row.pk, new=len(new))
    return len(new)


def take_off(pk: int, *, by: User, at: datetime) -> None:
    """Somebody works there no longer. Raises: NotInScope."""
    row = _worker(pk)
    Worker.objects.filter(pk=pk).update(left_at=at)
    audit("testing.trade_left", at=at, by=by, area=row.area_code, worker=pk)


def on_leave(pk: int, *, from_on: date | None, until: date | None, by: User, at: datetime) -> None:
    """Somebody is on leave from a day until another (exclusive), or back on duty where both are empty. Raises: NotInScope, WrongLeave."""
    row = _worker(pk)
    if (from_on is None) != (until is None) or (from_on and until and from_on >= until):
        raise WrongLeave()
    Worker.objects.filter(pk=pk).update(away_from=from_on, away_until=until)
    audit("testing.trade_leave", at=at, by=by, area=row.area_code, worker=pk, from_on=from_on, until=until)


def owe_trades(area: str, *, now: datetime) -> int:
    """Whoever is on duty owes the test whose window opens today; told again, nothing is owed twice. How many are new."""
    low, high = subtree(area)
    today, made = day_of(now), 0
    rows = Trade.objects.filter(area_code__gte=low, area_code__lt=high, ended_at=None, from_on__lte=today)
    for row in rows:
        for window in windows(Rule(row.every_days, row.times), row.from_on, today):
            made += plan(SWAB, _owing(row, today), window, at=now, batch=row.pk)
    return made


def standing_of(rows: Collection[Trade], *, now: datetime) -> Mapping[UUID, Standing]:
    """How the people of these employers stand. Cost: two queries, and one more for each employer."""
    today = day_of(now)
    away = Q(away_from__lte=today, away_until__gt=today)
    told = Worker.objects.filter(trade__in=rows, left_at=None).order_by().values("trade")
    counts = {one["trade"]: one for one in told.annotate(people=Count("id"), away=Count("id", filter=away))}
    missed = who_missed_twice(rows, now=now)
    found = {}
    for row in rows:
        one = counts.get(row.pk, {"people": 0, "away": 0})
        found[row.pk] = Standing(
            one["people"], one["people"] - one["away"], one["away"], len(missed.get(row.pk, {}))
        )
    return found


def who_missed_twice(rows: Collection[Trade], *, now: datetime) -> Mapping[UUID, Mapping[int, int]]:
    """Of each employer the people who missed twice or more in the last four weeks (两次以上应检未检), and how often."""
    gone = Q(fact="missed") | Q(fact="owed", lapses_at__lte=now)
    duties = Duty.objects.filter(gone, batch__in=[row.pk for row in rows], due_at__gt=now - 28 * A_DAY)
    told = (
        duties.order_by().values_list("batch", "person").annotate(times=Count("id")).filter(times__gte=TWICE)
    )
    found: dict[UUID, dict[int, int]] = {}
    for batch, person, times in told:
        found.setdefault(batch, {})[person] = times
    return found


def _owing(row: Trade, day: date) -> QuerySet[Worker]:
    away = Q(away_from__isnull=False, away_from__lte=day, away_until__gt=day)
    rows = row.workers.filter(left_at=None, person__left_at=None).exclude(away)
    return rows.annotate(subject=F("person__kept_id"), about=NOTHING)


def _worker(pk: int) -> Worker:
    return one_in_scope(Worker.objects.filter(pk=pk, left_at=None))
