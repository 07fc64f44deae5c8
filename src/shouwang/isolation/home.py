"""What an isolated household may know of itself: why, until when, the days with what is done and due, what it asked for.

Read inside a scope of exactly this door. A private part belongs to one person alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from shouwang.access.audit import record as audit
from shouwang.access.links import token
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.isolation.daily import temperature_windows
from shouwang.isolation.models import Need, Objection, Order, Reading, Relative
from shouwang.isolation.ordering import schedule
from shouwang.isolation.schedule import Schedule
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import read as read_plan
from shouwang.plans.form.vocabulary import Words
from shouwang.plans.schema import Plan
from shouwang.register.models import Household, Person
from shouwang.standing.models import Hold

KEPT_DAYS = timedelta(days=2)  # so long after the end the page still says that it is over
ASKED, HELD, OVER = "asked", "held", "over"
PHONE_TAIL = 4
HOME, KIN = "home", "kin"


class NoDigits(Refusal):
    code = "isolation.no_digits"
    sentence = "请写亲属的称呼，和他手机号的后四位。"


@dataclass(frozen=True)
class Day:
    """One day of the strip: its readings, whether a test falls on it, and where it stands against today."""

    on: date
    number: int
    when: str
    readings: tuple[Reading, ...]
    test: bool


@dataclass
class Part:
    """One person of the household."""

    order: Order
    person: Person
    state: str
    plan: Plan
    schedule: Schedule
    hold: Hold | None
    days: list[Day] = field(default_factory=list)
    due: bool = False
    objections: list[Objection] = field(default_factory=list)

    @property
    def words(self) -> Words | None:
        """The category under which this person is held, in the plan's words; none outside the plan."""
        known = self.plan.categories.get(self.order.category)
        return known.words if known else None

    @property
    def tests(self) -> list[date]:
        """The days on which a test is due."""
        return [day.on for day in self.days if day.test]

    @property
    def further(self) -> Objection | None:
        """The answer with which somebody may go to the level above: once."""
        refused = [one for one in self.objections if one.upheld is False and one.after_id is None]
        above = {one.after_id for one in self.objections}
        return next((one for one in refused if one.pk not in above), None)

    @property
    def left(self) -> int:
        """How many days there are still to go, today not counted."""
        return sum(1 for day in self.days if day.when == "ahead")


@dataclass
class Home:
    """The household, its people under an order, and what it asked for (without what is private)."""

    household: Household
    parts: list[Part]
    needs: list[tuple[Need, str, str]]


def path_of(order: Order) -> str:
    """The address of the household's own page, for the notice and the message."""
    return f"/h/{token(HOME, order.pk, order.area_code)}/"


def home_of(household: Household, *, now: datetime) -> Home | None:
    """All that the household's page shows; nothing where nobody is or was lately held here."""
    orders = _orders(household, now)
    if not orders:
        return None
    parts = parts_of(orders, now=now)
    keys = sealer(settings.SEALING_KEY_FILE)
    asked = Need.objects.filter(household=household, void_at=None, private=False).order_by("-asked_at")[:20]
    told = [(need, keys.open(need.words_sealed), keys.open(need.answer_sealed)) for need in asked]
    return Home(household, parts, told)


def told_alone(person: Person) -> list[tuple[Need, str, str]]:
    """What somebody asked for in private, with what was answered: for this person's eyes."""
    keys = sealer(settings.SEALING_KEY_FILE)
    asked = Need.objects.filter(person__kept_id=person.kept_id, private=True, void_at=None).order_by(
        "-asked_at"
    )
    return [(need, keys.open(need.words_sealed), keys.open(need.answer_sealed)) for need in asked[:20]]


def give_link(order: Order, *, name: str, tail: str, by: User, at: datetime) -> Relative:
    """A relative gets a link of their own to the household's page, opened with four digits of their own phone."""
    digits = "".join(sign for sign in tail if sign.isdecimal())
    if len(digits) != PHONE_TAIL or not name.strip():
        raise NoDigits()
    home = order.household
    row = Relative.objects.create(
        id=uuid7(at), area_code=home.area_code, household=home, name=name.strip()[:40],
        tail_digest=kin_digest(home, digits), given_at=at, given_by=by,
    )  # fmt: skip
    audit("isolation.give_link", at=at, by=by, area=home.area_code, order=order.pk, relative=row.pk)
    return row


def end_link(relative: UUID, *, by: User, at: datetime) -> Relative:
    """The link opens nothing any more. Raises: NotInScope."""
    row = one_in_scope(Relative.objects.filter(pk=relative))
    Relative.objects.filter(pk=relative, ended_at=None).update(ended_at=at)
    audit("isolation.end_link", at=at, by=by, area=row.area_code, relative=relative)
    return row


def relatives(household: Household) -> list[tuple[Relative, str]]:
    """Who else looks after this household, each with the own link."""
    rows = Relative.objects.filter(household=household, ended_at=None).order_by("given_at")
    return [(row, f"/h/{token(KIN, row.pk, row.area_code)}/") for row in rows]


def kin_digest(household: Household, tail: str) -> bytes:
    """Of a relative's phone nothing else is kept."""
    return sealer(settings.SEALING_KEY_FILE).digest("kin", str(household.pk), tail)


def parts_of(orders: Sequence[Order], *, now: datetime) -> list[Part]:
    """What each of these orders means for its person: the days, the readings, the hold, the objections."""
    readings = _readings(orders)
    holds = {hold.about: hold for hold in Hold.objects.filter(about__in=[order.pk for order in orders])}
    parts = [_part(order, holds.get(order.pk), readings[order.person_id], now) for order in orders]
    for objection in Objection.objects.filter(order__in=orders).order_by("asked_at"):
        next(part for part in parts if part.order.pk == objection.order_id).objections.append(objection)
    return parts


def phone_tails(people: Sequence[Person]) -> set[str]:
    """The last four digits of the phones of these people: who knows one of them may open the page on a new phone."""
    keys = sealer(settings.SEALING_KEY_FILE)
    numbers = (keys.open(sealed) for person in people for sealed in person.phones_sealed)
    return {number[-PHONE_TAIL:] for number in numbers if len(number) >= PHONE_TAIL}


def _orders(household: Household, now: datetime) -> list[Order]:
    """Those that run or ended lately; of one person the last."""
    lately = Q(until__gt=now - KEPT_DAYS) & (Q(decided_at__isnull=False) | Q(lapses_at__gt=now))
    rows = Order.objects.filter(lately, household__kept_id=household.kept_id, withdrawn_at=None)
    last = {row.person_id: row for row in rows.select_related("person", "plan").order_by("proposed_at")}
    return sorted(last.values(), key=lambda row: row.person_id)


def _readings(orders: Sequence[Order]) -> defaultdict[int, list[Reading]]:
    found: defaultdict[int, list[Reading]] = defaultdict(list)
    people = {order.person_id for order in orders}
    since = min(midnight(order.origin_on) for order in orders)
    for reading in Reading.objects.filter(person__in=people, at__gte=since, void_at=None).order_by("at"):
        found[reading.person_id].append(reading)
    return found


def _part(order: Order, hold: Hold | None, readings: Sequence[Reading], now: datetime) -> Part:
    days, plan = schedule(order), read_plan(order.plan)
    ended = order.released_at or (hold.ended_at if hold else None)
    over = bool(ended) or order.until <= now
    state = OVER if over else HELD if order.decided_at else ASKED
    part = Part(order, order.person, state, plan, days, hold)
    begins = day_of(order.decided_at or order.proposed_at)
    tests = {test.on for test in days.tests}
    today, last = day_of(now), day_of(order.until - timedelta(microseconds=1))
    for number in range((last - begins).days + 1):
        on = begins + timedelta(days=number)
        when = "today" if on == today else "past" if on < today else "ahead"
        taken = tuple(reading for reading in readings if day_of(reading.at) == on)
        part.days.append(Day(on, number + 1, when, taken, on in tests))
    part.due = state == HELD and _is_due(plan, readings, now)
    return part


def _is_due(plan: Plan, readings: Sequence[Reading], now: datetime) -> bool:
    """Whether a reading is asked for at this hour and not there yet."""
    open_now = [one for one in temperature_windows(plan.temperature, day_of(now)) if one.holds(now)]
    return any(not any(window.holds(reading.at) for reading in readings) for window in open_now)
