"""What screening and the register know of somebody's days: who lives behind the door, who travelled along, who came by."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import cast

from shouwang.lib.characters import plain
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.traces import Trace, Traced, Tracer
from shouwang.register.models import Person
from shouwang.screening.lists.models import ListRow
from shouwang.screening.models import Visit

MOST_ROWS = 2000


def who_lives_there(traced: Traced) -> Iterator[Trace]:
    """Those who share the door, on the last day: they were together all the time."""
    same = Person.objects.filter(household=traced.household, left_at=None).exclude(kept_id=traced.person)
    for one in same.order_by("id"):
        yield Trace("household", traced.last_on, traced.door, one.relation, person=one.pk, name=one.name)


def who_travelled_along(traced: Traced) -> Iterator[Trace]:
    """Lists say by what the person travelled on a day; whoever stands there with the same on that day was in it too."""
    days = {"happened_on__gte": traced.from_on, "happened_on__lte": traced.last_on}
    own = ListRow.objects.filter(inquiry__person__kept_id=traced.person, **days)
    journeys: dict[tuple[date, str], ListRow] = {}
    for row in own.order_by("happened_on", "list__arrived_at"):
        yield Trace("list", _day(row), row.from_place or row.reason, row.transport or row.happened)
        if row.transport:
            journeys[(_day(row), _same(row.transport))] = row
    if journeys:
        yield from _companions(journeys, traced)


def who_came_by(traced: Traced) -> Iterator[Trace]:
    """Who of the workers met somebody at this door."""
    since, until = _bounds(traced)
    met = Visit.objects.filter(household__kept_id=traced.household, void_at=None, at__gte=since, at__lt=until)
    for visit in met.select_related("by").order_by("at"):
        name = visit.by.name if visit.by else ""
        yield Trace("visit", day_of(visit.at), traced.door, visit.met, visit.at, visit.at, name=name)


def _companions(journeys: dict[tuple[date, str], ListRow], traced: Traced) -> Iterator[Trace]:
    rows = ListRow.objects.filter(happened_on__in={day for day, _ in journeys}).exclude(transport="")
    rows = rows.select_related("inquiry__person").order_by("happened_on", "id")
    seen: defaultdict[tuple[date, str], set[object]] = defaultdict(set)
    for row in rows[:MOST_ROWS]:
        journey, who = (_day(row), _same(row.transport)), row.inquiry.person
        key = who.kept_id if who else row.inquiry_id
        if journey not in journeys or key == traced.person or key in seen[journey]:
            continue
        seen[journey].add(key)
        name = who.name if who else row.name
        yield Trace(
            "list", _day(row), row.from_place, row.transport, person=who.kept_id if who else None, name=name
        )


def _same(transport: str) -> str:
    return "".join(plain(transport).upper().split())


def _day(row: ListRow) -> date:
    return cast(date, row.happened_on)  # rows without a day are not asked for


def _bounds(traced: Traced) -> tuple[datetime, datetime]:
    return midnight(traced.from_on), midnight(traced.last_on + timedelta(days=1))


TRACERS: tuple[Tracer, ...] = (who_lives_there, who_travelled_along, who_came_by)
