"""From a reason to a decision: proposed, the home looked at, the address confirmed, decided by somebody else.

A community cannot confine. Until the decision is there an order is a request, and lapses by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan, void
from shouwang.duties.windows import Window
from shouwang.isolation.duties import BEGIN, RELEASE, TRANSFER
from shouwang.isolation.models import Order
from shouwang.isolation.schedule import Moment, Origin, Schedule, origin_of, schedule_of
from shouwang.lib.clock import ZONE, day_end, day_of
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import read as read_plan
from shouwang.plans.form.people import Regime, Step
from shouwang.plans.form.vocabulary import Mode, Words
from shouwang.plans.models import PlanVersion
from shouwang.plans.schema import Plan
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds, SecondPerson, Wanted, put
from shouwang.standing.models import Hold

AT_ONCE = timedelta(hours=1)
RELEASED_WITHIN = timedelta(minutes=10)
ELSEWHERE = ("central", "hospital")


class NoRegime(Refusal):
    code = "isolation.no_regime"
    sentence = "预案里“{category}”不用隔离。不在预案里的原因，要由上一级决定。"


class NoCategory(Refusal):
    code = "isolation.no_category"
    sentence = "名单上没写是哪一类人。先核查，问清楚了再提出。"


class NotLivingHere(Refusal):
    code = "isolation.not_living_here"
    sentence = "{name}{why}，不能再下隔离通知。"


class FollowsNobody(Refusal):
    code = "isolation.follows_nobody"
    sentence = "预案里“{category}”不跟着别人的检测结果走。请把这一栏空着。"


class HasOrder(Refusal):
    code = "isolation.has_order"
    sentence = "{name}已经有一份隔离通知（到 {until}）。请在那一份上延长或更改。"


class AddressFirst(Refusal):
    code = "isolation.address_first"
    sentence = "{name}的住址还没有第二个人核对到门牌，不能决定。"


class LevelAbove(Refusal):
    code = "isolation.level_above"
    sentence = "一次隔离 {count} 人，超过预案写的 {most} 人，要由上一级决定。"


class OutsideThePlan(Refusal):
    code = "isolation.outside_the_plan"
    sentence = "“{reason}”不在预案写的原因里，要由上一级决定。"


class Lapsed(Refusal):
    code = "isolation.lapsed"
    sentence = "{name}的请求在 {at} 已经失效。请重新提出。"


class NothingToWithdraw(Refusal):
    code = "isolation.nothing_to_withdraw"
    sentence = "这份通知已经决定、撤回或者解除了。"


@dataclass(frozen=True)
class Outside:
    """A reason that is none of the plan's, where somebody is to stay for it, and for how many days from now."""

    reason: str
    mode: Mode
    days: int


@dataclass(frozen=True)
class Proposal:
    """Why one person should stay where they are.

    Shape: `evidence` are days by clock; `unmet` what the home lacks; `outside` a reason of the level above, without category.
    """

    person: int
    category: str
    evidence: Mapping[str, Moment]
    unmet: Sequence[str] = ()
    source: str = "hand"
    origin_row: UUID | None = None
    primary: UUID | None = None
    outside: Outside | None = None


def open_orders() -> QuerySet[Order]:
    """Orders that were not withdrawn, released or left to lapse."""
    return Order.objects.filter(withdrawn_at=None, released_at=None)


def propose(proposals: Sequence[Proposal], *, version: PlanVersion, by: User, at: datetime) -> list[Order]:
    """Asks these people to stay at home (or go where they must) until it is decided. All or none.

    Raises: NotInScope, NoRegime, NotLivingHere, HasOrder, FollowsNobody, and the refusals of `schedule`.
    """
    rules = read_plan(version)
    people = _people([one.person for one in proposals])
    for refusal in hindrances(list(people.values()), at=at).values():
        raise refusal
    _check_followed([one for one in proposals if one.primary], rules)
    orders = [_order(one, people[one.person], rules, version, by, at) for one in proposals]
    _bind(orders)
    Order.objects.bulk_create(orders)
    for community in sorted(communities_of(order.area_code for order in orders)):
        mine = sum(order.area_code.startswith(community) for order in orders)
        audit("isolation.propose", at=at, by=by, area=community, orders=mine)
    return orders


def hindrances(people: Sequence[Person], *, at: datetime) -> dict[int, Refusal]:
    """Who of these cannot be asked, and why: not living here any more, joined with another row, or asked already."""
    found: dict[int, Refusal] = {}
    for person in people:
        if person.left_at or person.kept_id != person.pk:
            found[person.pk] = NotLivingHere(name=person.name, why=_gone(person))
    kept = [person.kept_id for person in people]
    runs = (
        open_orders().filter(person__kept__in=kept, until__gt=at).exclude(decided_at=None, lapses_at__lte=at)
    )
    for taken in runs.select_related("person"):
        until = f"{taken.until.astimezone(ZONE):%m月%d日}"
        found.setdefault(taken.person.kept_id or 0, HasOrder(name=taken.person.name, until=until))
    return found


def foresee(one: Proposal, *, rules: Plan, at: datetime) -> tuple[str, Schedule]:
    """The regime that this proposal would lead to, and its days. Raises: NoCategory, NoRegime, and the refusals of `schedule`."""
    if one.outside:
        begun = Origin("first_observation_day", Moment(day_of(at), at))
        return "", schedule_of(_regime_outside(one.outside), begun, home_possible=not one.unmet)
    if not one.category:
        raise NoCategory()
    category = rules.categories.get(one.category)
    if category is None or category.regime is None:
        raise NoRegime(category=category.words if category else one.category)
    regime = rules.regimes[category.regime]
    evidence = {"first_observation_day": Moment(day_of(at), at), **one.evidence}
    origin = origin_of(regime, evidence, now=at)
    return category.regime, schedule_of(regime, origin, home_possible=not one.unmet)


def confirm_address(orders: Sequence[UUID], *, by: User, at: datetime) -> int:
    """A second person saw that these people live behind these doors (RP20). Raises: SecondPerson, NotInScope."""
    found = _orders(orders)
    if any(order.proposed_by_id == by.pk for order in found):
        raise SecondPerson()
    waiting = Order.objects.filter(pk__in=orders, address_confirmed_at=None)
    return waiting.update(address_confirmed_at=at, address_confirmed_by=by)


def decide(
    orders: Sequence[UUID], grounds: Grounds, *, by: User, at: datetime, above: bool = False
) -> list[Hold]:
    """The deciding authority's word is there: from now on it holds, and these people are owed what follows.

    Shape: `above` says that whoever approves does so for the level above. All or none.
    Raises: NotInScope, AddressFirst, Lapsed, LevelAbove, OutsideThePlan, and the refusals of `standing.put`.
    """
    found = _orders(orders)
    if not above:
        _check_level(found, at)
    for order in found:
        _check_decidable(order, at)
    holds = put([_wanted(order, at) for order in found], grounds, by=by, at=at)
    Order.objects.filter(pk__in=orders).update(decided_at=at, decided_by=by, above=above)
    _owe(found, at)
    for community in sorted(communities_of(order.area_code for order in found)):
        mine = sum(order.area_code.startswith(community) for order in found)
        audit("isolation.decide", at=at, by=by, area=community, orders=mine, document=grounds.document)
    return holds


def withdraw(order: UUID, *, reason: str, by: User, at: datetime) -> None:
    """The request is taken back before it was decided. Raises: NotInScope, NothingToWithdraw."""
    row = _orders([order])[0]
    waiting = Order.objects.filter(pk=order, decided_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=at, withdrawn_by=by, withdrawn_reason=reason[:200]):
        raise NothingToWithdraw()
    audit("isolation.withdraw", at=at, by=by, area=row.area_code, reason=reason, order=order)


def owe_transfers(orders: QuerySet[Order], *, at: datetime) -> int:
    """These go elsewhere: within their plan's hours they are in somebody's hands there. How many; none where it is silent."""
    elsewhere, made = orders.filter(mode__in=ELSEWHERE, until__gt=at), 0
    versions = PlanVersion.objects.in_bulk(
        list(elsewhere.order_by().values_list("plan", flat=True).distinct())
    )
    for version, until in elsewhere.order_by().values_list("plan", "until").distinct():
        clocks = read_plan(versions[version]).clocks
        if clocks and clocks.transfer_hours:
            due = min(at + timedelta(hours=clocks.transfer_hours), until)
            who = elsewhere.filter(plan=version, until=until).annotate(subject=F("person_id"), about=F("id"))
            made += plan(TRANSFER, who, Window(at, due, until), at=at)
    return made


def schedule(order: Order) -> Schedule:
    """The days of this order, by the version of the plan under which it began."""
    regime = regime_of(order)
    origin = Origin(order.origin_clock, Moment(order.origin_on, order.origin_at))
    return schedule_of(regime, origin, home_possible=order.home_fit)


def regime_of(order: Order) -> Regime:
    """The regime that this order follows."""
    if order.outside:
        days = (order.until - (order.origin_at or order.proposed_at)).days
        return _regime_outside(Outside(order.outside, order.mode, days))  # type: ignore[arg-type]
    return read_plan(order.plan).regimes[order.regime]


def void_what_is_left(orders: Sequence[UUID], *, reason: str, by: User | None, at: datetime) -> int:
    """What would still have been owed to people who are no longer held is struck. How much."""
    people = list(Order.objects.filter(pk__in=orders).values_list("person", flat=True))
    ahead = Duty.objects.filter(fact="owed", due_at__gt=at)
    about = Q(about__in=orders) | Q(person__in=people, kind="isolation.temperature")
    being_let_out = Q(kind=RELEASE.name, opens_at__lte=at)  # that is what is being done
    return void(ahead.filter(about).exclude(being_let_out), reason=reason, by=by, at=at)


def _order(one: Proposal, person: Person, rules: Plan, version: PlanVersion, by: User, at: datetime) -> Order:
    regime, days = foresee(one, rules=rules, at=at)
    origin = days.origin
    hours = rules.clocks.voluntary_lapse_hours if rules.clocks else None
    return Order(
        id=uuid7(at), area_code=person.area_code, person=person, household_id=person.household_id,
        category=one.category, regime=regime, outside=one.outside.reason[:200] if one.outside else "",
        plan=version, origin_clock=origin.clock, origin_on=origin.moment.on, origin_at=origin.moment.at,
        home_fit=not one.unmet, home_unmet=list(one.unmet), mode=days.stretches[0].mode, source=one.source,
        origin_row=one.origin_row, primary_id=one.primary, proposed_at=at, proposed_by=by, until=days.until,
        lapses_at=at + timedelta(hours=float(hours)) if hours else day_end(at),
    )  # fmt: skip


def _regime_outside(why: Outside) -> Regime:
    """One stretch of so many days, for a reason of its own."""
    return Regime(
        words=Words(zh_hans=why.reason, zh_hant=why.reason, en=why.reason), counts_from=("first_observation_day",),
        steps=(Step(mode=why.mode, days=why.days),), release=("period_full",),
    )  # fmt: skip


def _check_followed(proposals: Sequence[Proposal], rules: Plan) -> None:
    """Whoever follows does so by the plan, and follows an order that is there and about somebody else."""
    for one in proposals:
        category = rules.categories.get(one.category)
        if category is None or not category.regime or not rules.regimes[category.regime].follow:
            raise FollowsNobody(category=category.words if category else one.category)
    wanted = [(one.primary, one.person) for one in proposals if one.primary]
    there = dict(open_orders().filter(pk__in=[order for order, _ in wanted]).values_list("pk", "person"))
    if any(there.get(order) in (None, person) for order, person in wanted):
        raise NotInScope()


def _check_level(orders: Sequence[Order], at: datetime) -> None:
    """Many at once, or a reason of its own, is for the level above. At once: within an hour, in however many decisions."""
    outside = next((order.outside for order in orders if order.outside), "")
    if outside:
        raise OutsideThePlan(reason=outside)
    rules = read_plan(orders[0].plan).isolation
    most = rules.level_above_from_people if rules else None
    if most:
        low, high = subtree(community_of(orders[0].area_code))
        lately = Order.objects.filter(
            area_code__gte=low, area_code__lt=high, decided_at__gt=at - AT_ONCE, above=False
        )
        count = len(orders) + lately.count()
        if count >= most:
            raise LevelAbove(count=count, most=most)


def _bind(orders: Sequence[Order]) -> None:
    """People behind one door are bound together: the first is the one whom the others follow."""
    first: dict[int, Order] = {}
    for order in orders:
        leading = first.setdefault(order.household_id, order)
        order.bound_to = None if leading is order else leading


def _check_decidable(order: Order, at: datetime) -> None:
    if order.decided_at or order.withdrawn_at:
        raise NothingToWithdraw()
    if order.lapses_at <= at:
        raise Lapsed(name=order.person.name, at=f"{order.lapses_at.astimezone(ZONE):%H:%M}")
    if order.address_confirmed_at is None:
        raise AddressFirst(name=order.person.name)


def _wanted(order: Order, at: datetime) -> Wanted:
    return Wanted(
        person=order.person_id, area_code=order.area_code, about=order.pk, mode=order.mode, from_at=at,
        until=order.until, proposed_by=order.proposed_by,
    )  # fmt: skip


def _owe(orders: Sequence[Order], at: datetime) -> None:
    """Told at the door today; let out at the hour of the end."""
    rows = Order.objects.filter(pk__in=[order.pk for order in orders])
    who = rows.annotate(subject=F("person_id"), about=F("id"))
    plan(BEGIN, who, Window(at, day_end(at)), at=at)
    for until in sorted({order.until for order in orders}):
        owe_release(who.filter(until=until), until, at=at)


def owe_release(who: QuerySet, until: datetime, *, at: datetime) -> int:
    """These are owed their release within minutes of the hour at which it ends."""
    return plan(RELEASE, who, Window(max(at, until - timedelta(days=1)), until + RELEASED_WITHIN), at=at)


def _people(ids: Sequence[int]) -> dict[int, Person]:
    rows = Person.objects.filter(pk__in=ids).select_related("household")
    found = {row.pk: row for row in rows}
    if len(found) != len(set(ids)):
        raise NotInScope()
    return found


def _gone(person: Person) -> str:
    if person.left_at is None:
        return "的档案已经合并"
    return "已经去世" if person.left_reason == "died" else "已经搬走"


def _orders(ids: Sequence[UUID]) -> list[Order]:
    rows = list(Order.objects.filter(pk__in=ids).select_related("person", "proposed_by", "plan"))
    if not rows or len(rows) != len(set(ids)):
        raise NotInScope()
    return rows
