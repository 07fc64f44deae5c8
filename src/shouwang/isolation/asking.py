"""What isolated people ask for, and what they object to: each a promise with a time and a name."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import F, Value

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.duties.windows import Window
from shouwang.isolation.caring import release
from shouwang.isolation.duties import NEED, OBJECTION
from shouwang.isolation.models import Need, Objection, Order, Reading
from shouwang.lib.clock import day_end
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import clocks_of
from shouwang.plans.actions import read as read_plan
from shouwang.plans.fever import is_ill
from shouwang.register.models import Household, Person


class NothingAsked(Refusal):
    code = "isolation.nothing_asked"
    sentence = "请写一下要什么。"


class PromisedInThePast(Refusal):
    code = "isolation.promised_in_the_past"
    sentence = "要送到的时间已经过了，请改一下。"


class Settled(Refusal):
    code = "isolation.settled"
    sentence = "这件事已经办完了。"


class OwnDecision(Refusal):
    code = "isolation.own_decision"
    sentence = "这份决定是您提出或批准的，异议要由别人复核。"


class NoAnswer(Refusal):
    code = "isolation.no_answer"
    sentence = "请写明复核的理由，会原样告诉本人。"


def ask(
    household: int, *, what: str, words: str, how: str, by: User | None, at: datetime, person: int | None = None,
    due_at: datetime | None = None, private: bool = False, every_days: int | None = None, id: UUID | None = None,
) -> Need:  # fmt: skip
    """Somebody asked for something; from now on it is owed, by tonight where nothing else was promised.

    Raises: NotInScope, NothingAsked, PromisedInThePast. Asked twice (one `id`), it is one request.
    """
    door = Household.objects.filter(pk=household).first()
    if door is None or (
        person and not Person.objects.filter(pk=person, household__kept_id=door.kept_id).exists()
    ):
        raise NotInScope()
    if not words.strip():
        raise NothingAsked()
    promised = due_at or day_end(at)
    if promised <= at:
        raise PromisedInThePast()
    need, made = Need.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": door.area_code, "household": door, "person_id": person, "what": what, "private": private,
            "words_sealed": sealer(settings.SEALING_KEY_FILE).seal(words.strip()[:500]), "asked_at": at,
            "asked_how": how, "recorded_by": by, "due_at": promised, "every_days": every_days,
        },
    )  # fmt: skip
    if made:
        who = Need.objects.filter(pk=need.pk).annotate(subject=F("household_id"), about=F("id"))
        plan(NEED, who, Window(at, promised), at=at)
    return need


def call_for_doctors(readings: Sequence[Reading], *, by: User | None, at: datetime) -> list[Need]:
    """A fever or a symptom: somebody is to bring them to a doctor within the plan's hours, if nobody is yet.

    Shape: a fever is what the plan says under which the person is held. Raises as `ask`.
    """
    people = [reading.person_id for reading in readings]
    orders = Order.objects.filter(person__in=people, withdrawn_at=None).select_related("plan", "person")
    last = {order.person_id: order for order in orders.order_by("proposed_at")}
    open_needs = Need.objects.filter(person__in=people, what="doctor", at=None, void_at=None)
    called = set(open_needs.values_list("person", flat=True))
    made = []
    for reading in readings:
        order = last.get(reading.person_id)
        if order and reading.person_id not in called and tells_of_illness(reading, order):
            called.add(reading.person_id)
            made.append(_doctor(order, by, at))
    return made


def tells_of_illness(reading: Reading, order: Order) -> bool:
    """Whether somebody who is held so is to see a doctor, by this reading."""
    return is_ill(reading.symptoms, reading.temperature_c, read_plan(order.plan).temperature)


def take_on(need: UUID, *, way: str, by: User, at: datetime) -> None:
    """Somebody says: I bring it. Raises: NotInScope, Settled."""
    _need(need)
    if not Need.objects.filter(pk=need, at=None, void_at=None).update(taken_at=at, taken_by=by, way=way[:12]):
        raise Settled()


def bring(
    need: UUID,
    *,
    brought_at: datetime,
    by: User | None,
    at: datetime,
    amount: Decimal | None = None,
    bag: str = "",
) -> Need:
    """It reached the door; what was paid is owed until it is settled. What recurs is asked for again.

    Raises: NotInScope, Settled.
    """
    row = _need(need)
    waiting = Need.objects.filter(pk=need, at=None, void_at=None)
    if not waiting.update(at=brought_at, recorded_at=at, brought_by=by, amount=amount, bag=bag[:24]):
        raise Settled()
    settle_about(NEED, [need], communities=sorted(communities_of([row.area_code])), at=at)
    if row.every_days:
        words = sealer(settings.SEALING_KEY_FILE).open(row.words_sealed)
        ask(
            row.household_id, what=row.what, words=words, how=row.asked_how, by=by, at=at, person=row.person_id,
            due_at=row.due_at + timedelta(days=row.every_days), private=row.private, every_days=row.every_days,
        )  # fmt: skip
    return _need(need)


def drop(need: UUID, *, reason: str, by: User | None, at: datetime) -> None:
    """It is no longer wanted. Raises: NotInScope, Settled."""
    row = _need(need)
    if not Need.objects.filter(pk=need, at=None, void_at=None).update(void_at=at, void_reason=reason[:100]):
        raise Settled()
    void(Duty.objects.filter(kind=NEED.name, about=need, fact="owed"), reason=reason[:100], by=by, at=at)
    audit("isolation.drop_need", at=at, by=by, area=row.area_code, reason=reason, need=need)


def object_to(order: UUID, *, words: str, at: datetime, id: UUID | None = None) -> Objection:
    """Somebody says that the decision is wrong; an answer is owed within the plan's hours. Raises: NotInScope, NothingAsked."""
    row = Order.objects.filter(pk=order).first()
    if row is None:
        raise NotInScope()
    if not words.strip():
        raise NothingAsked()
    hours = clocks_of(row.area_code, now=at).objection_order_hours
    due = at + timedelta(hours=float(hours)) if hours else day_end(at)
    objection, made = Objection.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": row.area_code,
            "order": row,
            "words": words[:4000],
            "asked_at": at,
            "due_at": due,
        },
    )
    if made:
        who = Objection.objects.filter(pk=objection.pk)
        who = who.annotate(subject=Value(community_of(row.area_code)), about=F("id"))
        plan(OBJECTION, who, Window(at, due), at=at)
    return objection


def answer(objection: UUID, *, upheld: bool, words: str, by: User, at: datetime) -> Objection:
    """Somebody who did not decide says whether the decision stands, and why; upheld, the hold ends now.

    Raises: NotInScope, OwnDecision, NoAnswer, Settled.
    """
    row = Objection.objects.filter(pk=objection).select_related("order").first()
    if row is None:
        raise NotInScope()
    if by.pk in (row.order.proposed_by_id, row.order.decided_by_id):
        raise OwnDecision()
    if not words.strip():
        raise NoAnswer()
    waiting = Objection.objects.filter(pk=objection, at=None)
    if not waiting.update(at=at, recorded_at=at, answered_by=by, upheld=upheld, answer=words[:4000]):
        raise Settled()
    settle_about(OBJECTION, [objection], communities=sorted(communities_of([row.area_code])), at=at)
    if upheld and row.order.decided_at and not row.order.released_at and row.order.until > at:
        release([row.order_id], by=by, at=at, reason=f"异议成立：{words[:100]}")
    audit("isolation.answer_objection", at=at, by=by, area=row.area_code, objection=objection, upheld=upheld)
    return Objection.objects.get(pk=objection)


def words_of(needs: Sequence[Need]) -> dict[UUID, str]:
    """What was asked for, in the words of whoever asked; private ones are opened by those who may alone."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return {need.pk: keys.open(need.words_sealed) for need in needs if not need.private}


def private_words(need: Need, *, by: User, at: datetime) -> str:
    """What was asked for in private, for whoever may decide; that it was read is written down."""
    audit("isolation.read_private", at=at, by=by, area=need.area_code, need=need.pk)
    return sealer(settings.SEALING_KEY_FILE).open(need.words_sealed)


def _doctor(order: Order, by: User | None, at: datetime) -> Need:
    hours = clocks_of(order.area_code, now=at).referral_hours
    due = at + timedelta(hours=float(hours)) if hours else None
    how, words = (
        ("door", "量到发热或不舒服，请联系送医。") if by else ("own", "本人报告发热或不舒服，请联系送医。")
    )
    return ask(
        order.person.household_id, what="doctor", words=words, how=how, by=by, at=at, person=order.person_id, due_at=due
    )  # fmt: skip


def _need(pk: UUID) -> Need:
    row = Need.objects.filter(pk=pk).first()
    if row is None:
        raise NotInScope()
    return row
