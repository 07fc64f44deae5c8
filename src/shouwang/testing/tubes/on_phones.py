"""What phones at a table, on the road and at the hub take along: rounds, points, who was swabbed, tubes, boxes, lots that are over.

rounds       by id: name, opens, due (times), pools (people to a tube by group), sizes (by sealed area), allowed (sizes that the plan
             knows), hours (that a tube may stand), measured (hours after which the inside of a box is measured).
points       by id: name, where, area, doors (a team that goes from door to door).
swab_people  by person: swabbed [round, tube, at] of the latest round going on, kept (at home now), exempt. Who has nothing to say is
             not there. A number read from an identity card is compared with the mask and the year of `people`: no digest of it
             leaves the house.
tubes_seen   by code, of the last three days: round, capacity, people, opened, closed.
boxes        by code, of those on their way: state, station, count (tubes inside), tubes and received (codes), sealed, due.
lots         by code or number: the last good day of lots that are over.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count

from shouwang.devices.day import in_areas, minute, plain_row
from shouwang.duties.models import Duty
from shouwang.lib.clock import day_of
from shouwang.lib.kinds import Asking, Part
from shouwang.plans.actions import read
from shouwang.standing.queries import in_force
from shouwang.testing.rounds.models import Exemption, Point, Round
from shouwang.testing.tubes.accounts import Facts, facts_of
from shouwang.testing.tubes.around import rounds_around, size_of
from shouwang.testing.tubes.boxes import BOX
from shouwang.testing.tubes.models import Box, Swab, Tube
from shouwang.testing.tubes.rules import RECONCILED

SWAB, CARRY = "swab.record", "sample.carry"
REMEMBERED = timedelta(days=3)
OVER = (RECONCILED,)


def points(asking: Asking) -> Mapping[str, Any]:
    """The points of these areas that are open."""
    rows = Point.objects.filter(in_areas(asking.codes), closed_at=None).order_by("id")
    return {
        str(one.pk): plain_row(name=one.name, where=one.where, area=one.area_code, doors=one.at_doors)
        for one in rows
    }


def swab_people(asking: Asking) -> Mapping[str, Any]:
    """Who was swabbed in the rounds that go on, who is kept at home, who is exempt."""
    ids = [one.pk for one in _going_on(asking)]
    found: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    swabs = Swab.objects.filter(in_areas(asking.codes), round__in=ids, void_at=None, person__isnull=False)
    for person, of_round, tube, at in swabs.order_by("at").values_list(
        "person_id", "round_id", "tube__code", "at"
    ):
        found[str(person)]["swabbed"] = [str(of_round), tube, _time(at)]
    for person in in_force(now=asking.now).filter(in_areas(asking.codes)).values_list("person_id", flat=True):
        found[str(person)]["kept"] = True
    spared = Exemption.objects.filter(in_areas(asking.codes), round__in=ids, void_at=None)
    for person in spared.values_list("person_id", flat=True):
        found[str(person)]["exempt"] = True
    return found


def tubes_seen(asking: Asking) -> Mapping[str, Any]:
    """The tubes of the last days: a code that was used is known again without a network."""
    rows = Tube.objects.filter(in_areas(asking.codes), opened_at__gte=asking.now - REMEMBERED).order_by(
        "code"
    )
    people = _people_in([row.pk for row in rows])
    return {
        row.code: plain_row(
            round=str(row.round_id) if row.round_id else None, capacity=row.capacity, people=people.get(row.pk, 0),
            opened=_time(row.opened_at), closed=_time(row.closed_at),
        )
        for row in rows
    }  # fmt: skip


def boxes(asking: Asking) -> Mapping[str, Any]:
    """The boxes on their way, with what is inside, to be counted without a network."""
    rows = list(
        Box.objects.filter(in_areas(asking.codes), seen_at__gte=asking.now - REMEMBERED).order_by("code")
    )
    facts = facts_of([row.pk for row in rows])
    due = dict(
        Duty.objects.filter(kind=BOX.name, about__in=facts, void_at=None).values_list("about", "due_at")
    )
    inside = {tube for one in facts.values() for tube in one.account().contents}
    codes = dict(Tube.objects.filter(pk__in=inside).values_list("id", "code"))
    told = {row.code: _box(facts[row.pk], codes, due.get(row.pk)) for row in rows}
    return {code: row for code, row in told.items() if row["state"] not in OVER}


def parts(
    *, last_good_days: Callable[[], Mapping[str, date]], zones: Callable[[datetime], Mapping[str, str]]
) -> tuple[Part, ...]:
    """What phones take along of testing.

    Shape: `last_good_days()` says it of every lot by its code and its number, `zones(now)` the zone of each sealed area.
    """

    def rounds(asking: Asking) -> Mapping[str, Any]:
        going_on = _going_on(asking)
        sealed = zones(asking.now) if going_on else {}
        return {str(one.pk): _round(one, sealed) for one in going_on}

    def lots(asking: Asking) -> Mapping[str, Any]:
        today = day_of(asking.now)
        return {name: until.isoformat() for name, until in last_good_days().items() if until < today}

    return (
        Part("rounds", rounds, frozenset({SWAB})),
        Part("points", points, frozenset({CARRY})),
        Part("swab_people", swab_people, frozenset({SWAB})),
        Part("tubes_seen", tubes_seen, frozenset({CARRY})),
        Part("boxes", boxes, frozenset({CARRY})),
        Part("lots", lots, frozenset({SWAB})),
    )


def _going_on(asking: Asking) -> Sequence[Round]:
    def find() -> Sequence[Round]:
        return rounds_around(asking.codes, since=asking.now, until=asking.now).rows

    rows: Sequence[Round] = asking.once("rounds", find)
    return rows


def _round(one: Round, sealed: Mapping[str, str]) -> dict[str, Any]:
    testing = read(one.plan).testing
    sizes = {area: size for area, zone in sealed.items() if (size := size_of(one, zone))}
    return plain_row(
        name=one.name, opens=_time(one.opens_at), due=_time(one.due_at), pools=one.pool_sizes, sizes=sizes or None,
        allowed=list(testing.pool_sizes_allowed) if testing else [],
        hours=testing.room_temperature_hours if testing else None,
        measured=testing.log_temperature_over_hours if testing else None,
    )  # fmt: skip


def _people_in(tubes: Sequence[UUID]) -> dict[UUID, int]:
    rows = Swab.objects.filter(tube__in=tubes, void_at=None).order_by()
    return dict(rows.values("tube").annotate(people=Count("pk")).values_list("tube", "people"))


def _box(facts: Facts, codes: Mapping[UUID, str], due: datetime | None) -> dict[str, Any]:
    account = facts.account()
    return plain_row(
        state=account.state, station=account.station, count=len(account.contents),
        tubes=sorted(codes[tube] for tube in account.contents if tube in codes),
        received=sorted(codes[tube] for tube in account.received if tube in codes),
        sealed=_time(facts.sealed_at), due=_time(due),
    )  # fmt: skip


def _time(at: datetime | None) -> str | None:
    return minute(at) if at else None
