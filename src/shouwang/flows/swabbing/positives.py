"""Somebody's own test is positive: what the plan says of them, and of whoever lives with them, is asked for.

Whoever of them is held already is exposed anew: that their days count again, where the plan says so, is proposed.
Nobody is kept anywhere by a result: it is a request with the result as its evidence, it lapses by itself, a person looks at it,
and approves it or not. Whoever answers for the place is told at once, in a message without a name or a health word.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from shouwang.access.actions import by_itself
from shouwang.flows.at_home.ill import PURPOSE, nearest_of
from shouwang.flows.swabbing.followers import ask_to_change, ask_to_count_again
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import HasOrder, Proposal, foresee, hindrances, open_orders, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.errors import Refusal
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Wanted, send
from shouwang.plans.actions import in_force
from shouwang.plans.actions import read as read_plan
from shouwang.plans.form.fieldwork import Testing
from shouwang.plans.schema import Plan
from shouwang.register.models import Person
from shouwang.screening.cases.models import Case
from shouwang.testing.results.known import own_positives

DECIDERS = ("leader", "cadre", "grid_lead")
REASON, AGAIN = "检测阳性，按预案改变类别", "同住的人检测阳性，按预案重新计算"


def ask_for_orders(results: Sequence[UUID], *, at: datetime) -> list[Order]:
    """What these results ask for: each request waits for a person. Whoever is under an order already has a change asked for."""
    made, positive = [], dict[int, Person]()
    for swab, said in own_positives(results):
        person = swab.person.kept if swab.person else None
        if person:
            positive[person.pk] = person
            made += _ask(person, said.pk, Moment(day_of(swab.at), swab.at), at)
    for person in positive.values():
        _count_again(person, positive.keys(), at)
    return made


def orders_from(results: Sequence[UUID]) -> dict[UUID | None, list[Order]]:
    """What these results led to: the requests and what became of them, by result."""
    found: dict[UUID | None, list[Order]] = {}
    rows = Order.objects.filter(source="test", origin_row__in=results, withdrawn_at=None)
    for order in rows.select_related("person", "plan").order_by("proposed_at", "person_id"):
        found.setdefault(order.origin_row, []).append(order)
    return found


def investigated(people: Sequence[int]) -> set[int]:
    """Those of these people whose case is being investigated."""
    cases = Case.objects.filter(person__kept__in=people, closed_at=None)
    return {pk for pk in cases.values_list("person__kept", flat=True) if pk}


def _ask(person: Person, result: UUID, sampled: Moment, at: datetime) -> list[Order]:
    held = in_force(person.area_code, now=at)
    rules = read_plan(held.plan) if held else None
    if held is None or rules is None or rules.testing is None:
        return []
    who = _who(person, rules.testing, sampled, Moment(day_of(at), at))
    hindered = hindrances([one for one, _category, _evidence in who], at=at)
    if isinstance(hindered.get(person.pk), HasOrder) and rules.testing.positive_category:
        _change(person, rules.testing.positive_category, at)
    wanted = [
        Proposal(one.pk, category, evidence, source="test", origin_row=result)
        for one, category, evidence in who
        if one.pk not in hindered
    ]
    asked = [one for one in wanted if _leads_somewhere(one, rules, at)]
    if not asked:
        return []
    made = propose(asked, version=held.plan, by=by_itself(at=at), at=at)
    _tell(made[0], at)
    return made


def _who(
    person: Person, rules: Testing, sampled: Moment, today: Moment
) -> list[tuple[Person, str, Mapping[str, Moment]]]:
    """Whoever is positive, counted from the swab, and who shares the door, counted from the hour in which it is known."""
    found: list[tuple[Person, str, Mapping[str, Moment]]] = []
    if rules.positive_category:
        found.append((person, rules.positive_category, {"sampling": sampled}))
    if rules.household_category:
        home = Person.objects.filter(household__kept=person.household.kept_id, left_at=None)
        others = [one for one in home.order_by("id") if one.kept_id == one.pk and one.pk != person.pk]
        found += [(one, rules.household_category, {"last_exposure": today}) for one in others]
    return found


def _leads_somewhere(one: Proposal, rules: Plan, at: datetime) -> bool:
    """Whether the plan keeps somebody of this category anywhere; whoever goes to hospital is under no order."""
    try:
        foresee(one, rules=rules, at=at)
    except Refusal:
        return False
    return True


def _change(person: Person, category: str, at: datetime) -> None:
    for order in open_orders().filter(person__kept=person, decided_at__isnull=False, until__gt=at):
        if order.category != category:
            ask_to_change(order.pk, category, reason=REASON, by=by_itself(at=at), at=at)


def _count_again(person: Person, positive: Collection[int], at: datetime) -> None:
    """Whoever else is held behind this door was exposed until now, when it became known."""
    held = open_orders().filter(person__kept__household__kept=person.household.kept_id, until__gt=at)
    for order in held.exclude(person__kept__in=positive).order_by("person_id"):
        ask_to_count_again(order.pk, Moment(day_of(at), at), reason=AGAIN, by=by_itself(at=at), at=at)


def _tell(order: Order, at: datetime) -> None:
    """The nearest who can decide, or have it decided."""
    keys = sealer(settings.SEALING_KEY_FILE)
    chain = nearest_of(DECIDERS, order.area_code, now=at)
    params = {"due": f"{order.lapses_at.astimezone(ZONE):%H:%M}", "path": f"/isolation/{order.pk}/"}
    wanted = [
        Wanted(
            phone=keys.open(helper.phone_sealed), purpose=PURPOSE, once=f"{order.pk} {helper.pk}", area_code=order.area_code,
            about=order.pk, urgent=True, params=params,
        )
        for _role, helper in chain[:1] if helper.phone_sealed
    ]  # fmt: skip
    if wanted:
        send(wanted, by=None, at=at)
