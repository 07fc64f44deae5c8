"""Passes (通行证): given out for whole buildings at once, lost, replaced, made longer, ended. Each ends by itself."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from stdnum import luhn

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import COMPOUND, community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.identity import mask_phone
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import sealer
from shouwang.plans.schema import Plan
from shouwang.register.models import Household, Person
from shouwang.standing.bearers import Bearer
from shouwang.standing.cards import kinds_of, open_at
from shouwang.standing.models import Pass

DIGITS = 9  # and one by which a wrong digit is noticed
A_BREATH = timedelta(seconds=1)
PER = {"person": "个人", "household": "每户", "vehicle": "车辆"}
MOVED = "已经搬走"


class NoSuchKind(Refusal):
    code = "standing.no_such_kind"
    sentence = "现在的预案里没有这种通行证。"


class EndsBefore(Refusal):
    code = "standing.ends_before"
    sentence = "到期的时间要晚于现在，也要晚于开始的时间。"


class NotForThese(Refusal):
    code = "standing.not_for_these"
    sentence = "“{kind}”是发给{per}的。"


class NoName(Refusal):
    code = "standing.no_name"
    sentence = "外来人员要写姓名，车辆要写车牌。"


class PassOver(Refusal):
    code = "standing.pass_over"
    sentence = "{number} 号证已经到期、结束或者补办过了。要用证，请重新发一张。"


class PassWithdrawn(Refusal):
    code = "standing.pass_withdrawn"
    sentence = "{number} 号证现在收回了，不能补办。请等到期，或者提异议。"


@dataclass(frozen=True)
class Terms:
    """What a run of passes has in common."""

    kind: str
    from_at: datetime
    until: datetime
    gates: tuple[UUID, ...] = ()
    reason: str = ""


def issue(
    terms: Terms, bearers: Sequence[Bearer], *, plan: Plan | None, by: User | None, at: datetime
) -> list[Pass]:
    """A pass for each of these who has none of this kind yet; sent twice, nobody has two.

    Raises: NotInScope, NoSuchKind, EndsBefore, NotForThese, NoName. Cost: 3,000 people in a second.
    """
    _check(terms, bearers, plan, at)
    with transaction.atomic():
        _wait_for(bearers)
        had = _had(terms.kind, bearers, at)
        fresh = {one.mark: one for one in bearers if one.mark not in had}
        rows = [_row(terms, one, by, at) for one in fresh.values()]
        _store(rows)
        _note("standing.issue_passes", rows, by=by, at=at, kind=terms.kind)
    return rows


def lose(card: Pass, *, by: User | None, at: datetime) -> None:
    """It is lost: from now on nobody gets through with it. Raises: PassOver."""
    if not _still(card, at).update(lost_at=at, lost_by=by):
        raise PassOver(number=card.number)
    audit("standing.lose_pass", at=at, by=by, area=card.area_code, card=card.pk)


def found_again(card: Pass, *, by: User | None, at: datetime) -> None:
    """It turned up before a new one was given. Raises: PassOver."""
    if not _still(card, at).update(lost_at=None, lost_by=None):
        raise PassOver(number=card.number)
    audit("standing.found_pass", at=at, by=by, area=card.area_code, card=card.pk)


def replace(card: Pass, *, withdrawn: bool, by: User | None, at: datetime) -> Pass:
    """A new card with a new number and the same end; the old one opens nothing any more. Raises: PassOver, PassWithdrawn."""
    if withdrawn:
        raise PassWithdrawn(number=card.number)
    with transaction.atomic():
        fresh = Pass(
            **{field: getattr(card, field) for field in SAME}, id=uuid7(at), number=_number(),
            from_at=max(card.from_at, at), issued_at=at, issued_by=by,
        )  # fmt: skip
        if fresh.from_at >= fresh.until or not _still(card, at).exists():
            raise PassOver(number=card.number)
        _store([fresh])
        if not _still(card, at).update(replaced_by=fresh):
            raise PassOver(number=card.number)
        audit("standing.replace_pass", at=at, by=by, area=card.area_code, card=card.pk, now=fresh.pk)
    return fresh


def prolong(cards: Collection[UUID], *, until: datetime, by: User, at: datetime) -> int:
    """These hold longer; whoever's is over needs a new one. How many. Raises: EndsBefore."""
    if until <= at:
        raise EndsBefore()
    rows = list(open_at(at).filter(pk__in=cards, until__lt=until))
    Pass.objects.filter(pk__in=[row.pk for row in rows]).update(until=until)
    _note("standing.prolong_passes", rows, by=by, at=at, until=until)
    return len(rows)


def end(cards: QuerySet[Pass], *, why: str, by: User | None, at: datetime) -> int:
    """These are over before their time: whoever carried them has moved out, died, or needs none. How many."""
    rows = list(cards.filter(until__gt=at, replaced_by=None))
    soonest = Greatest(F("from_at") + A_BREATH, at)  # one that has not begun still ends after it begins
    Pass.objects.filter(pk__in=[row.pk for row in rows]).update(
        until=soonest, ended_at=at, ended_by=by, ended_why=why[:100]
    )
    _note("standing.end_passes", rows, by=by, at=at, reason=why)
    return len(rows)


def follow(cards: QuerySet[Pass], to: str, *, by: User | None, at: datetime) -> None:
    """Whoever carries these lives behind another door now: in the same compound they go along, else they are over."""
    same = to[:COMPOUND]
    elsewhere = cards.exclude(area_code__gte=same, area_code__lt=f"{same}~")
    end(elsewhere, why=MOVED, by=by, at=at)
    cards.filter(until__gt=at, area_code__gte=same, area_code__lt=f"{same}~").update(area_code=to)


def end_of_empty(households: Collection[int], *, by: User | None, at: datetime) -> int:
    """Passes of doors behind which nobody lives any more are over. How many."""
    lived_in = Person.objects.filter(household__kept_id__in=households, left_at=None).values(
        "household__kept_id"
    )
    doors = Pass.objects.filter(household__kept_id__in=households).exclude(household__kept_id__in=lived_in)
    return end(doors, why=MOVED, by=by, at=at)


def printed(cards: Collection[UUID], *, by: User, at: datetime) -> None:
    """These were put on paper."""
    rows = list(Pass.objects.filter(pk__in=cards))
    Pass.objects.filter(pk__in=cards).update(printed_at=at)
    _note("standing.print_passes", rows, by=by, at=at)


SAME = (
    "area_code", "kind", "person_id", "household_id", "host_id", "holder", "phone_sealed", "phone_mask", "plate", "gates",
    "until", "reason",
)  # fmt: skip


def _check(terms: Terms, bearers: Sequence[Bearer], plan: Plan | None, at: datetime) -> None:
    kind = kinds_of(plan).get(terms.kind)
    if kind is None:
        raise NoSuchKind()
    if terms.until <= max(at, terms.from_at):
        raise EndsBefore()
    for one in bearers:
        if not (one.person or one.household or one.holder.strip() or one.plate):
            raise NoName()
        if (kind.per == "household" and not one.household) or (kind.per == "vehicle" and not one.plate):
            raise NotForThese(kind=kind.words, per=PER[kind.per])


def _wait_for(bearers: Sequence[Bearer]) -> None:
    """Nobody else gives out passes to the same people meanwhile. Raises: NotInScope where one of them is not there."""
    people = {one.person for one in bearers if one.person}
    doors = {door for one in bearers for door in (one.household, one.host) if door}
    there = (
        Person.objects.filter(pk__in=people).order_by("pk").select_for_update(),
        Household.objects.filter(pk__in=doors).order_by("pk").select_for_update(),
    )
    if [len(rows.values_list("pk")) for rows in there] != [len(people), len(doors)]:
        raise NotInScope()


def _had(kind: str, bearers: Sequence[Bearer], at: datetime) -> set[tuple[object, ...]]:
    """Who has a pass of this kind already, by their marks."""
    rows = open_at(at).filter(kind=kind, area_code__in={one.area_code for one in bearers})
    keys = sealer(settings.SEALING_KEY_FILE)
    return {
        Bearer(
            row.area_code, person=row.person_id, household=row.household_id, holder=row.holder, plate=row.plate,
            phone=keys.open(row.phone_sealed) if row.phone_sealed else "",
        ).mark
        for row in rows
    }  # fmt: skip


def _row(terms: Terms, one: Bearer, by: User | None, at: datetime) -> Pass:
    sealed = sealer(settings.SEALING_KEY_FILE).seal(one.phone) if one.phone else b""
    return Pass(
        id=uuid7(at), area_code=one.area_code, kind=terms.kind, number=_number(), person_id=one.person,
        household_id=one.household, host_id=one.host, holder=one.holder.strip()[:64], phone_sealed=sealed,
        phone_mask=mask_phone(one.phone) if one.phone else "", plate=one.plate, gates=list(terms.gates),
        from_at=terms.from_at, until=terms.until, reason=terms.reason[:100], issued_at=at, issued_by=by,
    )  # fmt: skip


def _number() -> str:
    """A number that nobody can guess from another one, with a digit by which a wrong one is noticed."""
    digits = f"{secrets.randbelow(9 * 10 ** (DIGITS - 1)) + 10 ** (DIGITS - 1)}"
    return digits + luhn.calc_check_digit(digits)


def _store(rows: Iterable[Pass]) -> None:
    """All of them; a number that another community already has is drawn again."""
    waiting = list(rows)
    while waiting:
        Pass.objects.bulk_create(waiting, ignore_conflicts=True, batch_size=1000)
        there = set(Pass.objects.filter(pk__in=[row.pk for row in waiting]).values_list("pk", flat=True))
        waiting = [row for row in waiting if row.pk not in there]
        for row in waiting:
            row.number = _number()


def _still(card: Pass, at: datetime) -> QuerySet[Pass]:
    """The pass, where it is neither over nor replaced."""
    return open_at(at).filter(pk=card.pk)


def _note(action: str, rows: Sequence[Pass], *, by: User | None, at: datetime, **about: object) -> None:
    """One line for each community: how many, and why."""
    said = {
        key: f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
        for key, value in about.items()
    }
    for community, mine in groupby(
        sorted(rows, key=lambda row: row.area_code), key=lambda row: community_of(row.area_code)
    ):
        audit(action, at=at, by=by, area=community, passes=len(list(mine)), **said)  # type: ignore[arg-type]
