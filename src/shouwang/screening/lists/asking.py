"""Somebody calls or knocks: what was found out, or that nobody could be reached, or a mistake taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from django.db.models import F, Q, QuerySet, Value

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Attempt, Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.duties.windows import Window, next_try
from shouwang.lib.clock import ZONE, day_end, day_of, midnight
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Kind
from shouwang.plans.actions import clocks_of
from shouwang.plans.fever import is_ill
from shouwang.plans.schema import Plan
from shouwang.register.models import Person
from shouwang.register.queries import in_scope
from shouwang.screening.duties import FOLLOW_UP, LIST_ROW, REFERRAL
from shouwang.screening.lists.models import Check, Inquiry, ListRow, Referral, Settlement
from shouwang.screening.lists.rules import entails, follow_up_days
from shouwang.screening.lists.settling import ASKED, settle_again, settle_rows, unsettled

TAKEN_BACK = "核查记录撤销了"
FORGOTTEN_WITHIN = timedelta(hours=1)
NOT_KEPT = ("inquiry", "id", "told_to")


class AskedInTheFuture(Refusal):
    code = "screening.asked_in_the_future"
    sentence = "核实时间 {at} 还没到。请检查手机上的时间。"


class NothingToTakeBack(Refusal):
    code = "screening.nothing_to_take_back"
    sentence = "这条记录已经撤销过了。"


class ArrivedBeforeLeaving(Refusal):
    code = "screening.arrived_before_leaving"
    sentence = "到达日期早于离开日期，请核对。"


@dataclass(frozen=True)
class Ill:
    """Somebody was found ill by whoever looks after them. Shape: `found` says what, in words."""

    person: int
    at: datetime
    found: str


@dataclass(frozen=True)
class Told:
    """What somebody said, or was seen to be. Shape: `id` is made where it was captured, so that twice counts once."""

    inquiry: UUID
    at: datetime
    channel: str
    id: UUID | None = None
    follow_up: bool = False
    identity_seen: bool = False
    at_home: bool | None = None
    address: str = ""
    from_place: str = ""
    left_on: date | None = None
    arrived_on: date | None = None
    transport: str = ""
    health_code: str = ""
    travel_code: str = ""
    tested_on: date | None = None
    test_result: str = ""
    temperature_c: Decimal | None = None
    symptoms: Sequence[str] = field(default_factory=tuple)
    people_count: int | None = None
    category: str = ""
    told_to: str = ""
    note: str = ""


def record_checks(
    told: Sequence[Told], *, by: User | None, at: datetime, plan_now: Plan | None = None
) -> list[Check]:
    """Writes down what was found out; every list that these people are on is settled by it.

    Who is ill is referred, with a clock; who is to be asked again is owed. What was told twice counts once.
    Raises: NotInScope, AskedInTheFuture, ArrivedBeforeLeaving.
    """
    inquiries = _in_scope({one.inquiry for one in told})
    known = set(Check.objects.filter(pk__in=[one.id for one in told if one.id]).values_list("pk", flat=True))
    made = []
    for one in told:
        if one.id in known:
            continue
        check = _check(one, inquiries[one.inquiry], plan_now, by, at)
        _settle(check, by, at)
        _refer(check, one, at)
        _ask_again(check, plan_now, at)
        made.append(check)
    return made


def record_try(
    inquiry: UUID,
    *,
    outcome: str,
    tried_at: datetime,
    hours: Sequence[time],
    by: User | None,
    at: datetime,
    next_try_at: datetime | None = None,
    note: str = "",
    id: UUID | None = None,
) -> datetime | None:
    """Nobody could be reached: what happened, for every list and follow-up that waits; returns when to try again.

    Raises: NotInScope, AskedInTheFuture.
    """
    asked = _in_scope({inquiry})[inquiry]
    if tried_at > at:
        raise AskedInTheFuture(at=f"{tried_at.astimezone(ZONE):%H:%M}")
    again = next_try_at or next_try(tried_at.astimezone(ZONE), hours)
    first = id or uuid7(at)
    Attempt.objects.bulk_create(
        [
            Attempt(
                id=uuid5(first, str(about)), kind=kind.name, subject_area=community_of(code), about=about,
                area_code=code, at=tried_at, recorded_at=at, by=by, outcome=outcome, next_try_at=again,
                note=note[:200],
            )
            for kind, about, code in _tried_for(asked, tried_at)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return again


def forget_try(inquiry: UUID, *, by: User, at: datetime) -> None:
    """The last try that this person noted by mistake is forgotten; the audit says what stood there.

    Raises: NotInScope, NothingToTakeBack.
    """
    asked = _in_scope({inquiry})[inquiry]
    abouts = [inquiry, *asked.rows.values_list("pk", flat=True)]
    mine = Attempt.objects.filter(about__in=abouts, by=by, recorded_at__gt=at - FORGOTTEN_WITHIN)
    last = mine.order_by("-recorded_at").first()
    if last is None:
        raise NothingToTakeBack()
    mine.filter(recorded_at=last.recorded_at).delete()
    audit(
        "screening.forget_try", at=at, by=by, area=asked.area_code, inquiry=inquiry, outcome=last.outcome,
        tried_at=last.at,
    )  # fmt: skip


def take_back(check: UUID, *, reason: str, by: User | None, at: datetime) -> None:
    """Strikes out an answer that was entered by mistake; what it settled is owed again.

    Raises: NotInScope, NothingToTakeBack.
    """
    rows = Check.objects.filter(pk=check)
    found = one_in_scope(rows)
    if not rows.filter(void_at=None).update(void_at=at, void_by=by, void_reason=reason[:100]):
        raise NothingToTakeBack()
    settled = ListRow.objects.filter(settlements__check_made=check).select_related("list").distinct()
    settle_again(list(settled), at=at)
    settle_about(FOLLOW_UP, [found.inquiry_id], communities=_communities(found), at=at)
    void(Duty.objects.filter(batch=check, fact="owed"), reason=TAKEN_BACK, at=at, by=by)
    Referral.objects.filter(check_made=check, void_at=None).update(
        void_at=at, void_by=by, void_reason=reason[:100]
    )
    audit("screening.take_back_check", at=at, by=by, area=found.area_code, reason=reason, check=check)


def reclassify(
    check: UUID, category: str, *, reason: str, by: User, at: datetime, plan_now: Plan | None
) -> Check:
    """The same answers under another category, or none; what they settled stays settled, what the old one asked is struck.

    Raises: NothingToTakeBack.
    """
    old = Check.objects.filter(pk=check, void_at=None).first()
    if old is None:
        raise NothingToTakeBack()
    right = plan_now.categories.get(category) if plan_now else None
    ill = is_ill(old.symptoms, old.temperature_c, plan_now.temperature if plan_now else None)
    kept = {column.attname: getattr(old, column.attname) for column in Check._meta.concrete_fields}
    new = Check.objects.create(**{
        **kept, "id": uuid7(at), "recorded_at": at, "by_id": by.pk, "note": reason[:200], "category": category,
        "entails": list(entails(right, ill=ill)),
    })  # fmt: skip
    Check.objects.filter(pk=check).update(void_at=at, void_by=by, void_reason=reason[:100])
    Settlement.objects.filter(check_made=check, void_at=None).update(check_made=new)
    void(
        Duty.objects.filter(kind=FOLLOW_UP.name, batch=check, fact="owed"), reason=reason[:100], by=by, at=at
    )
    _ask_again(new, plan_now, at, since=day_of(at))
    audit("screening.reclassify", at=at, by=by, area=new.area_code, reason=reason, check=new.pk)
    return new


def refer(ill: Sequence[Ill], *, by: User | None, at: datetime) -> list[Referral]:
    """Whoever was found ill must be in a doctor's hands within the plan's hours; who waits for one already does so once.

    Raises: NotInScope. Returns those that are new.
    """
    areas = in_scope(Person, [one.person for one in ill])
    waiting = Q(person__in=areas) | Q(check_made__inquiry__person__in=areas)
    rows = Referral.objects.filter(waiting, at=None, void_at=None).select_related(
        "check_made__inquiry__person"
    )
    known = {row.whose.pk for row in rows if row.whose}
    first = {one.person: one for one in reversed(ill) if one.person not in known}
    found = [
        Referral(
            person_id=one.person, area_code=areas[one.person], found_at=one.at, note=one.found[:200], by=by
        )
        for one in first.values()
    ]
    _owe_doctor(found, at=at)
    return found


def told_of(referral: UUID, *, whom: str) -> None:
    """Who was told that somebody has to see a doctor."""
    Referral.objects.filter(pk=referral).update(told_to=whom[:160])


def see_doctor(referral: UUID, *, seen_at: datetime, hospital: str, by: User | None, at: datetime) -> None:
    """Somebody who was referred is in the hands of a doctor. Raises: NotInScope, AskedInTheFuture."""
    rows = Referral.objects.filter(pk=referral, void_at=None)
    found = one_in_scope(rows)
    if seen_at > at:
        raise AskedInTheFuture(at=f"{seen_at.astimezone(ZONE):%H:%M}")
    rows.filter(at=None).update(at=seen_at, recorded_at=at, by=by, hospital=hospital[:80])
    settle_about(REFERRAL, [referral], communities=_communities(found), at=at)


def _check(one: Told, inquiry: Inquiry, plan_now: Plan | None, by: User | None, at: datetime) -> Check:
    if one.at > at:
        raise AskedInTheFuture(at=f"{one.at.astimezone(ZONE):%H:%M}")
    if one.left_on and one.arrived_on and one.arrived_on < one.left_on:
        raise ArrivedBeforeLeaving()
    values = {name: getattr(one, name) for name in one.__dataclass_fields__ if name not in NOT_KEPT}
    category = plan_now.categories.get(one.category) if plan_now else None
    ill = is_ill(one.symptoms, one.temperature_c, plan_now.temperature if plan_now else None)
    return Check.objects.create(
        id=one.id or uuid7(at), area_code=inquiry.area_code, recorded_at=at, by=by, inquiry=inquiry,
        entails=list(entails(category, ill=ill)), **{**values, "symptoms": list(one.symptoms)},
    )  # fmt: skip


def _settle(check: Check, by: User | None, at: datetime) -> None:
    waiting = _waiting(check.inquiry)
    settle_rows(waiting, outcome=ASKED, happened_at=check.at, by=by, at=at, check=check)
    settle_about(FOLLOW_UP, [check.inquiry_id], communities=_communities(check), at=at)


def _refer(check: Check, one: Told, at: datetime) -> None:
    """Who is ill sees a doctor within the plan's hours; whom that was told to is written down."""
    if "referral" in check.entails:
        found = Referral(
            check_made=check, told_to=one.told_to[:160], found_at=check.at, area_code=check.area_code
        )
        _owe_doctor([found], at=at, batch=check.pk)


def _owe_doctor(found: Sequence[Referral], *, at: datetime, batch: UUID | None = None) -> None:
    """Each of these is owed a doctor, within the hours that hold where it was found."""
    for one in found:
        limit = clocks_of(one.area_code, now=at).referral_hours
        one.id = uuid7(at)
        one.due_at = one.found_at + timedelta(hours=float(limit)) if limit else day_end(one.found_at)
    for one in Referral.objects.bulk_create(found):
        owed = Referral.objects.filter(pk=one.pk)
        who = owed.annotate(subject=Value(community_of(one.area_code)), about=F("id"))
        plan(REFERRAL, who, Window(one.found_at, one.due_at), at=at, batch=batch)


def _ask_again(check: Check, plan_now: Plan | None, at: datetime, *, since: date = date.min) -> None:
    """Follow-ups are owed for each day that the plan asks for, once however many lists somebody is on."""
    category = plan_now.categories.get(check.category) if plan_now else None
    if check.follow_up:
        return
    asked = plan_now.screening if plan_now else None
    history = asked.travel_history_days if asked else None
    days = follow_up_days(category, asked_on=day_of(check.at), since=check.arrived_on, history_days=history)
    for day in (one for one in days if one >= since):
        window = Window(midnight(day), midnight(day + timedelta(days=1)))
        _plan(FOLLOW_UP, Inquiry.objects.filter(pk=check.inquiry_id), window, check, at)


def _plan(kind: Kind, rows: QuerySet, window: Window, check: Check, at: datetime) -> None:
    who = rows.annotate(subject=Value(community_of(check.area_code)), about=F("id"))
    plan(kind, who, window, at=at, batch=check.pk)


def _tried_for(inquiry: Inquiry, at: datetime) -> list[tuple[Kind, UUID, str]]:
    """What somebody was tried for: every row that waits, and the follow-up that is owed then."""
    rows = [(LIST_ROW, row.pk, row.area_code) for row in _waiting(inquiry)]
    owed = Duty.objects.filter(
        kind=FOLLOW_UP.name, about=inquiry.pk, fact="owed", opens_at__lte=at, due_at__gt=at
    )
    return [*rows, (FOLLOW_UP, inquiry.pk, inquiry.area_code)] if owed.exists() else rows


def _waiting(inquiry: Inquiry) -> list[ListRow]:
    return list(unsettled(ListRow.objects.filter(inquiry=inquiry)).select_related("list"))


def _communities(row: Check | Referral) -> list[str]:
    return sorted(communities_of([row.area_code]))


def _in_scope(ids: set[UUID]) -> dict[UUID, Inquiry]:
    rows = Inquiry.objects.in_bulk(ids)
    if len(rows) != len(ids):
        raise NotInScope()
    return rows
