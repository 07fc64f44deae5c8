"""What isolated people ask for, and what they object to: each a promise with a time and a name."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import F, Value
from django.db.models.expressions import RawSQL

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.duties.windows import Window
from shouwang.isolation.caring import Taken, release
from shouwang.isolation.changing import propose_category
from shouwang.isolation.duties import NEED, NEED_UNANSWERED, OBJECTION, OF_NEED
from shouwang.isolation.models import CATEGORY, ORDER, Need, Objection, Order, Reading
from shouwang.isolation.ordering import withdraw
from shouwang.lib.clock import ZONE, day_end
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import clocks_of
from shouwang.plans.actions import read as read_plan
from shouwang.plans.fever import is_ill
from shouwang.plans.models import PlanVersion
from shouwang.plans.schema import Plan
from shouwang.register.intake.files import keep
from shouwang.register.intake.pictures import without_traces
from shouwang.register.models import Household, Person
from shouwang.register.uploads import Upload

BAGS = 10**6
AT_THE_DOOR = "at_the_door"


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


class OnlyOnce(Refusal):
    code = "isolation.only_once"
    sentence = "还没有答复，或者已经向上一级提过了。"


class AnsweredAbove(Refusal):
    code = "isolation.answered_above"
    sentence = "这是向上一级提的异议，要由上一级答复。"


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


def who_is_ill(readings: Sequence[Taken]) -> list[Taken]:
    """Whoever of these is to see a doctor: a symptom, or a fever by the plan under which the person is held."""
    # Hundreds of people as one parameter.
    people = RawSQL("SELECT unnest(%s::bigint[])", [[one.person for one in readings]])
    held = Order.objects.filter(person__in=people, withdrawn_at=None)
    plans = [read_plan(plan) for plan in PlanVersion.objects.filter(pk__in=held.values("plan"))]
    alarming = [one for one in readings if any(_ill(one, rules) for rules in plans)]
    if not alarming:
        return []
    orders = held.filter(person__in=[one.person for one in alarming]).select_related("plan")
    last = {order.person_id: order for order in orders.order_by("proposed_at")}
    return [one for one in alarming if one.person in last and tells_of_illness(one, last[one.person])]


def tells_of_illness(reading: Taken | Reading, order: Order) -> bool:
    """Whether somebody who is held so is to see a doctor, by this reading."""
    return _ill(reading, read_plan(order.plan))


def _ill(reading: Taken | Reading, rules: Plan) -> bool:
    return is_ill(reading.symptoms, reading.temperature_c, rules.temperature)


def take_on(need: UUID, *, way: str, by: User, at: datetime) -> None:
    """Somebody says: I bring it; whoever was to find somebody has done so. Medicine gets the number of its sealed bag.

    Raises: NotInScope, Settled.
    """
    row = _need(need)
    bag = row.bag or (f"{row.pk.int % BAGS:06d}" if row.what == "medicine" else "")
    waiting = Need.objects.filter(pk=need, at=None, void_at=None)
    if not waiting.update(taken_at=at, taken_by=by, way=way[:12], bag=bag):
        raise Settled()
    void(
        Duty.objects.filter(kind=NEED_UNANSWERED.name, about=need, fact="owed"), reason="taken", by=by, at=at
    )


def bring(
    need: UUID,
    *,
    brought_at: datetime,
    by: User | None,
    at: datetime,
    amount: Decimal | None = None,
    bag: str = "",
    photo: bytes = b"",
) -> Need:
    """It reached the door; what was paid is owed until it is settled. What recurs is asked for again.

    Shape: `photo` shows what stands at the door; where and when it was taken is thrown away.
    Raises: NotInScope, Settled, NotAPhoto, PhotoTooBig.
    """
    row = _need(need)
    waiting = Need.objects.filter(pk=need, at=None, void_at=None)
    kept = _photo(photo, row.area_code, by, at) if photo else None
    if not waiting.update(
        at=brought_at, recorded_at=at, brought_by=by, amount=amount, bag=bag[:24] or row.bag, photo=kept
    ):
        raise Settled()
    for kind in OF_NEED:
        settle_about(kind, [need], communities=sorted(communities_of([row.area_code])), at=at)
    if row.every_days:
        words = sealer(settings.SEALING_KEY_FILE).open(row.words_sealed)
        ask(
            row.household_id, what=row.what, words=words, how=row.asked_how, by=by, at=at, person=row.person_id,
            due_at=row.due_at + timedelta(days=row.every_days), private=row.private, every_days=row.every_days,
        )  # fmt: skip
    return _need(need)


def _photo(photo: bytes, area: str, by: User | None, at: datetime) -> Upload:
    return keep(
        without_traces(photo), "door.jpg", community=community_of(area), by=by, at=at, kind=AT_THE_DOOR
    )


def drop(need: UUID, *, reason: str, by: User | None, at: datetime) -> None:
    """It is no longer wanted. Raises: NotInScope, Settled."""
    row = _need(need)
    if not Need.objects.filter(pk=need, at=None, void_at=None).update(void_at=at, void_reason=reason[:100]):
        raise Settled()
    owed = Duty.objects.filter(kind__in=[kind.name for kind in OF_NEED], about=need, fact="owed")
    void(owed, reason=reason[:100], by=by, at=at)
    audit("isolation.drop_need", at=at, by=by, area=row.area_code, reason=reason, need=need)


def object_to(
    order: UUID, *, words: str, at: datetime, id: UUID | None = None, after: UUID | None = None, against: str = ORDER
) -> Objection:  # fmt: skip
    """Somebody says that the decision is wrong, or their category; an answer is owed within the plan's hours for either.

    Shape: `after` is the answer with which they are not content: then the level above answers, once.
    Raises: NotInScope, NothingAsked, OnlyOnce.
    """
    row = one_in_scope(Order.objects.filter(pk=order))
    first = Objection.objects.filter(pk=after, order=order).first() if after else None
    if after and (first is None or first.upheld is not False or first.after_id or _went_further(first, id)):
        raise OnlyOnce()
    if not words.strip():
        raise NothingAsked()
    against, clocks = first.against if first else against, clocks_of(row.area_code, now=at)
    hours = clocks.objection_code_hours if against == CATEGORY else clocks.objection_order_hours
    due = at + timedelta(hours=float(hours)) if hours else day_end(at)
    objection, made = Objection.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": row.area_code,
            "order": row,
            "against": against,
            "words": words[:4000],
            "asked_at": at,
            "due_at": due,
            "after": first,
        },
    )
    if made:
        who = Objection.objects.filter(pk=objection.pk)
        who = who.annotate(subject=Value(community_of(row.area_code)), about=F("id"))
        plan(OBJECTION, who, Window(at, due), at=at)
    return objection


def answer(
    objection: UUID, *, upheld: bool, words: str, by: User, at: datetime, above: bool = False, category: str = ""
) -> Objection:  # fmt: skip
    """Somebody who did not decide says whether the decision stands, and why; upheld, the hold ends now.

    Shape: `above` says that whoever answers does so for the level above; `category` is the right one, where only the category
    was wrong: it holds when yet another person has approved it.
    Raises: NotInScope, OwnDecision, AnsweredAbove, NoAnswer, Settled, and with a category as `propose_category`.
    """
    row = one_in_scope(Objection.objects.filter(pk=objection).select_related("order__plan", "after"))
    if by.pk in (row.order.proposed_by_id, row.order.decided_by_id, row.after and row.after.answered_by_id):
        raise OwnDecision()
    if row.after_id and not above:
        raise AnsweredAbove()
    if not words.strip():
        raise NoAnswer()
    waiting = Objection.objects.filter(pk=objection, at=None)
    if not waiting.update(at=at, recorded_at=at, answered_by=by, upheld=upheld, answer=words[:4000]):
        raise Settled()
    settle_about(OBJECTION, [objection], communities=sorted(communities_of([row.area_code])), at=at)
    if upheld:
        _follow(row, f"异议成立：{words[:100]}", category, by, at)
    audit("isolation.answer_objection", at=at, by=by, area=row.area_code, objection=objection, upheld=upheld)
    return Objection.objects.get(pk=objection)


def _follow(row: Objection, reason: str, category: str, by: User, at: datetime) -> None:
    """What an upheld objection leads to: the right category, or the end of what is decided or only asked for."""
    order = row.order
    if category and row.against == CATEGORY:
        document = f"异议复核 {at.astimezone(ZONE):%Y-%m-%d}"
        propose_category(
            order.pk, category, reason=reason, document=document, by=by, at=at, version=order.plan
        )
    elif order.decided_at and not order.released_at and order.until > at:
        release([order.pk], by=by, at=at, reason=reason)
    elif order.decided_at is None and not order.withdrawn_at and order.lapses_at > at:
        withdraw(order.pk, reason=reason, by=by, at=at)


def _went_further(first: Objection, id: UUID | None) -> bool:
    """Whether the level above was asked already; the same once more is no second time."""
    others = Objection.objects.filter(after=first)
    return (others.exclude(pk=id) if id else others).exists()


def words_of(needs: Sequence[Need]) -> dict[UUID, str]:
    """What was asked for, in the words of whoever asked; what is private, and medicine, is opened one by one."""
    keys = sealer(settings.SEALING_KEY_FILE)
    return {
        need.pk: keys.open(need.words_sealed)
        for need in needs
        if not (need.private or need.what == "medicine")
    }


def private_words(need: Need, *, by: User, at: datetime) -> str:
    """What was asked for in private, for whoever may decide, and medicine for whoever fetches it; that it was read is written down."""
    audit("isolation.read_private", at=at, by=by, area=need.area_code, need=need.pk)
    return sealer(settings.SEALING_KEY_FILE).open(need.words_sealed)


def _need(pk: UUID) -> Need:
    return one_in_scope(Need.objects.filter(pk=pk))
