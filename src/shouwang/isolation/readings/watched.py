"""Readings that are too good to be true (RP17), found in the database and settled with a word."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.functions import TruncDate

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.isolation.models import OddityWord, Reading
from shouwang.isolation.readings.oddities import Read, always_the_same, too_quick
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.lib.codes import community_of
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.form.people import Temperature
from shouwang.register.models import Person


class NoWord(Refusal):
    code = "isolation.no_word"
    sentence = "请写一下看过以后是怎么回事。"


@dataclass(frozen=True)
class Odd:
    """One oddity: of a person the value that never moved, of a worker the doors within a minute."""

    what: str
    on: date
    readings: tuple[Reading, ...]
    person: Person | None = None
    worker: User | None = None

    @property
    def doors(self) -> int:
        """How many doors it is about."""
        return len({one.person.household_id for one in self.readings})


def oddities(rules: Temperature | None, *, now: datetime) -> list[Odd]:
    """What the plan calls odd and nobody has settled yet. Nothing where the plan names no limits."""
    same_days, doors = (rules.same_reading_days, rules.doors_in_a_minute) if rules else (None, None)
    found: list[Odd] = []
    if same_days:
        found += _same(same_days, now)
    if doors:
        found += _quick(doors, now)
    return found


def settle_oddity(
    what: str, on: date, *, person: int | None, worker: int | None, words: str, by: User, at: datetime
) -> None:
    """Somebody looked, and says what it was. Raises: NoWord, NotInScope."""
    if not words.strip():
        raise NoWord()
    reading = one_in_scope(Reading.objects.filter(**({"person": person} if person else {"by": worker})))
    area = community_of(reading.area_code) if worker else reading.area_code
    OddityWord.objects.create(
        id=uuid7(at),
        area_code=area,
        what=what,
        person_id=person,
        worker_id=worker,
        on=on,
        words=words[:200],
        at=at,
        by=by,
    )
    audit("isolation.settle_oddity", at=at, by=by, area=area, reason=words, what=what)


def settled(*, now: datetime, days: int) -> QuerySet[OddityWord]:
    """What was settled in these days, the latest first."""
    rows = OddityWord.objects.filter(at__gte=now - timedelta(days=days))
    return rows.select_related("person", "worker", "by").order_by("-at")


def _same(days: int, now: datetime) -> list[Odd]:
    since = midnight(day_of(now)) - timedelta(days=days - 1)
    read = Reading.objects.filter(at__gte=since, temperature_c__isnull=False, void_at=None)
    stiff = read.values("person").annotate(
        low=Min("temperature_c"), high=Max("temperature_c"), days=Count(TruncDate("at", tzinfo=ZONE), distinct=True)
    ).filter(low=F("high"), days__gte=days)  # fmt: skip
    known = OddityWord.objects.filter(what="same", on__gte=day_of(since)).values("person")
    rows = list(_with_all(read.filter(person__in=stiff.values("person")).exclude(person__in=known)))
    people = always_the_same(map(_read, rows), days=days)
    by_person = defaultdict(list)
    for row in rows:
        by_person[row.person_id].append(row)
    return [
        Odd("same", day_of(now), tuple(by_person[pk]), person=by_person[pk][0].person)
        for pk in sorted(people)
    ]


def _quick(doors: int, now: datetime) -> list[Odd]:
    today = midnight(day_of(now))
    read = Reading.objects.filter(at__gte=today, how="door", void_at=None, by__isnull=False)
    known = OddityWord.objects.filter(what="quick", on=day_of(now)).values("worker")
    rows = list(_with_all(read.filter(temperature_c__isnull=False).exclude(by__in=known)))
    by_id = {row.pk: row for row in rows}
    found = too_quick((_read(row) for row in rows), doors=doors)
    return [
        Odd("quick", day_of(now), tuple(by_id[one.id] for one in those if one.id), worker=by_id[those[0].id].by)
        for _worker, those in sorted(found.items()) if those[0].id
    ]  # fmt: skip


def _with_all(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    return rows.select_related("person__household", "by").order_by("at", "pk")


def _read(row: Reading) -> Read:
    degrees = row.temperature_c
    assert degrees is not None
    return Read(
        row.person_id,
        row.person.household_id,
        row.at.astimezone(ZONE),
        degrees,
        row.by_id,
        row.how,
        id=row.pk,
    )
