"""A case day by day: where and with whom, from everything that is known, beside what the person says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from shouwang.lib.clock import day_of, midnight
from shouwang.lib.traces import Trace, Traced, Tracer
from shouwang.screening.cases.models import Case, Contact, Statement

DAY, LAST_MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass
class Day:
    """One day: what is known of it, what was said of it, corrections included."""

    on: date
    traces: list[Trace] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


def first_day(case: Case) -> date:
    """The first day that is looked at."""
    return case.counts_on - timedelta(days=case.lookback_days)


def day_by_day(case: Case, tracers: Iterable[Tracer]) -> list[Day]:
    """Every day of the case, the first one first; days of which nothing is known too: they are what is left to ask."""
    first = first_day(case)
    days = {on: Day(on) for on in _days(first, case.last_on)}
    home = case.person.household
    traced = Traced(case.person_id, home.pk, f"{home.compound} {home.door}", first, case.last_on)
    for trace in (one for tracer in tracers for one in tracer(traced)):
        if trace.on in days:
            days[trace.on].traces.append(trace)
    said = Statement.objects.filter(case=case).select_related("by").prefetch_related("contacts")
    for statement in said.order_by("at", "recorded_at"):
        for on in _days(day_of(statement.at), day_of(statement.until)):
            if on in days:
                days[on].statements.append(statement)
    for day in days.values():
        day.traces.sort(key=lambda one: (one.from_at or midnight(day.on), one.source, one.name))
    return list(days.values())


def contacts_of(case: Case, *, struck: bool = False) -> list[Contact]:
    """The contacts, latest exposure first; `struck` brings what was corrected too."""
    rows = Contact.objects.filter(case=case).select_related(
        "person__household", "through", "letter", "row__list"
    )
    return list((rows if struck else rows.filter(void_at=None)).order_by("-at", "id"))


def exposed_at(trace: Trace, case: Case, *, now: datetime) -> datetime:
    """Until when somebody of this trace was exposed: the hour that is known, else the last minute of that day, or now."""
    return min(trace.until or midnight(trace.on + DAY) - LAST_MINUTE, now)


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += DAY
