"""Dialysis and visits before a birth: the days are known, so the car is asked for days ahead and nobody has to remember."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db.models import F, QuerySet

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.isolation.asking import ask, drop
from shouwang.isolation.models import Need, Regular
from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Person

AHEAD = timedelta(days=2)  # so long before, the request stands on the list


class NoDays(Refusal):
    code = "isolation.no_days"
    sentence = "请勾星期几，或者写哪几天；写的日子要在今天以后。"


@dataclass(frozen=True)
class Days:
    """When somebody must be there. Shape: `weekdays` from 1 (Monday); `dates` single days; `until` the last one."""

    leaves_at: time
    weekdays: Sequence[int] = ()
    dates: Sequence[date] = ()
    until: date | None = None

    def between(self, first: date, last: date) -> Iterator[date]:
        """The days from the first to the last, both included."""
        last = min(last, self.until or last)
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day.isoweekday() in self.weekdays or day in self.dates:
                yield day


def keep(
    person: int, days: Days, *, what: str, hospital: str, way: str, by: User, at: datetime, id: UUID | None = None
) -> Regular:  # fmt: skip
    """Writes down the days on which somebody must be at a hospital. Raises: NotInScope, NoDays. Sent twice it is one."""
    who = one_in_scope(Person.objects.filter(pk=person, left_at=None, kept=F("id")))
    if not _ahead(days, at) and not days.weekdays:
        raise NoDays()
    row, made = Regular.objects.get_or_create(
        id=id or uuid7(at),
        defaults={
            "area_code": who.area_code, "person": who, "what": what, "weekdays": sorted(set(days.weekdays)),
            "dates": sorted(set(days.dates)), "leaves_at": days.leaves_at, "until": days.until,
            "hospital": hospital.strip()[:80], "way": way, "made_at": at, "made_by": by,
        },
    )  # fmt: skip
    if made:
        audit("isolation.keep_regular", at=at, by=by, area=row.area_code, regular=row.pk)
        _make(row, at)
    return row


def end(regular: UUID, *, reason: str, by: User, at: datetime) -> None:
    """It is no longer needed; what was asked for ahead is not either. Raises: NotInScope. Twice is once."""
    row = one_in_scope(Regular.objects.filter(pk=regular))
    if Regular.objects.filter(pk=regular, ended_at=None).update(
        ended_at=at, ended_by=by, ended_reason=reason[:100]
    ):
        ahead = [_id(row, day) for day in _days(row).between(day_of(at), day_of(at + AHEAD))]
        for need in Need.objects.filter(pk__in=ahead, at=None, void_at=None, due_at__gt=at):
            drop(need.pk, reason=reason, by=by, at=at)
        audit("isolation.end_regular", at=at, by=by, area=row.area_code, regular=regular, reason=reason)


def running() -> QuerySet[Regular]:
    """What goes on, of people who still live here."""
    rows = Regular.objects.filter(ended_at=None, person__left_at=None)
    return rows.select_related("person__household").order_by("area_code", "person_id")


def make_ahead(*, now: datetime) -> list[Need]:
    """The requests of the coming days; told again, nothing is asked for twice. Those that are new."""
    return [need for row in running() for need in _make(row, now)]


def leaving_between(since: datetime, until: datetime) -> list[Need]:
    """The requests made ahead of whoever leaves home between these moments."""
    first, last = day_of(since), day_of(until)
    mine = [_id(row, day) for row in running() for day in _days(row).between(first, last)]
    rows = Need.objects.filter(pk__in=mine, at=None, void_at=None, due_at__gt=since, due_at__lte=until)
    return list(rows.select_related("person"))


def next_days(row: Regular, *, now: datetime, most: int = 3) -> list[datetime]:
    """When somebody leaves next."""
    last = day_of(now) + timedelta(days=366)
    leaving = (_leaves(row, day) for day in _days(row).between(day_of(now), last))
    return [
        moment for moment, _number in zip((one for one in leaving if one > now), range(most), strict=False)
    ]


def _make(row: Regular, now: datetime) -> list[Need]:
    wanted = {
        _id(row, day): _leaves(row, day) for day in _days(row).between(day_of(now), day_of(now + AHEAD))
    }
    known = set(Need.objects.filter(pk__in=list(wanted)).values_list("pk", flat=True))
    home = row.person.household_id
    return [
        ask(
            home, what=row.what, words=f"{row.hospital}，{row.get_way_display()}", how="phone", by=row.made_by, at=now,
            person=row.person_id, due_at=leaves, id=pk,
        )
        for pk, leaves in wanted.items()
        if leaves > now and pk not in known
    ]  # fmt: skip


def _ahead(days: Days, at: datetime) -> bool:
    return any(day >= day_of(at) for day in days.dates)


def _days(row: Regular) -> Days:
    return Days(row.leaves_at, row.weekdays, row.dates, row.until)


def _leaves(row: Regular, day: date) -> datetime:
    return datetime.combine(day, row.leaves_at, tzinfo=ZONE)


def _id(row: Regular, day: date) -> UUID:
    """One request for each day."""
    return uuid5(row.pk, day.isoformat())
