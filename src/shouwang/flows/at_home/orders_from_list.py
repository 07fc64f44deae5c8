"""A pushed list becomes requests: everybody on it whom the register knows, counted from the day that stands in the row.

Nothing is typed. Whoever cannot be asked (moved, died, asked already, no day from which it counts) is named with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shouwang.access.models import User
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import Proposal, foresee, hindrances, propose
from shouwang.isolation.schedule import Moment
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import in_force
from shouwang.plans.actions import read as read_plan
from shouwang.plans.models import PlanVersion
from shouwang.plans.schema import Plan
from shouwang.register.models import Person
from shouwang.screening.lists.models import FOUND, ListRow, PushedList


@dataclass
class Listed:
    """Who of a list can be asked, as what, and who cannot and why."""

    listed: PushedList
    version: PlanVersion
    proposals: list[Proposal] = field(default_factory=list)
    left_out: list[tuple[ListRow, Refusal]] = field(default_factory=list)


def ask_the_listed(listed: UUID, *, by: User, at: datetime) -> list[Order]:
    """Everybody on this list who can be asked is asked. Sent twice, nobody is asked twice. Raises: NotInScope, NoRegime."""
    found = who_can_be_asked(listed, at=at)
    return propose(found.proposals, version=found.version, by=by, at=at) if found.proposals else []


def who_can_be_asked(listed: UUID, *, at: datetime) -> Listed:
    """What would be asked of whom, before anybody is. Raises: NotInScope where there is no such list or no plan."""
    row = PushedList.objects.filter(pk=listed).first()
    held = in_force(row.area_code, now=at) if row else None
    if row is None or held is None:
        raise NotInScope()
    found, rules = Listed(row, held.plan), read_plan(held.plan)
    rows = ListRow.objects.filter(
        list=listed, outcome=FOUND, withdrawn_at=None, inquiry__person__isnull=False
    )
    lines = list(rows.select_related("inquiry__person__kept").order_by("number"))
    hindered = hindrances([_person(line) for line in lines], at=at)
    seen: set[int] = set()
    for line in lines:
        person = _person(line)
        if person.pk in hindered:
            found.left_out.append((line, hindered[person.pk]))
        elif person.pk not in seen:
            seen.add(person.pk)
            _sort(line, row, rules, found, at)
    return found


def orders_of(listed: UUID) -> QuerySet[Order]:
    """The orders that came from this list."""
    rows = ListRow.objects.filter(list=listed).values("pk")
    return Order.objects.filter(origin_row__in=rows, withdrawn_at=None)


def _sort(line: ListRow, listed: PushedList, rules: Plan, found: Listed, at: datetime) -> None:
    """Among those who can be asked, or among those for whom nothing can be counted."""
    category, source = listed.category, "case" if listed.source == "case" else "list"
    known = (
        {clock: Moment(line.happened_on) for clock in _clocks(category, rules)} if line.happened_on else {}
    )
    wanted = Proposal(_person(line).pk, category, known, source=source, origin_row=line.pk)
    try:
        foresee(wanted, rules=rules, at=at)
    except Refusal as refusal:
        found.left_out.append((line, refusal))
    else:
        found.proposals.append(wanted)


def _clocks(category: str, rules: Plan) -> Sequence[str]:
    """What the day in the row may mean: the clocks of the category's regime, save the day on which it is first asked."""
    known = rules.categories.get(category)
    regime = rules.regimes.get(known.regime or "") if known else None
    return [clock for clock in regime.counts_from if clock != "first_observation_day"] if regime else []


def _person(line: ListRow) -> Person:
    """Whoever stands for this row now."""
    kept = line.inquiry.person.kept if line.inquiry.person else None
    assert isinstance(kept, Person)
    return kept
