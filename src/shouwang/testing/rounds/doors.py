"""Door rounds: who is to be swabbed at which door, laid out as tours of teams, kept, printed, taken along by phones.

The doors are those behind which a swab at the door is owed now, whatever asked for it; what else is due there is done on
the same visit. Laid out again, the tours that hold are replaced: done doors drop out, and where nobody was home the team comes back
at the next hour when people are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.attempts import last_attempts
from shouwang.duties.models import OWED, Duty
from shouwang.lib.clock import ZONE, day_end, day_of
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.form.fieldwork import Testing
from shouwang.register.models import Household
from shouwang.standing.queries import held
from shouwang.testing.duties import DOOR_SWAB, SWABBED, URGENT
from shouwang.testing.rounds import routes
from shouwang.testing.rounds.models import Round, Stop, Tour
from shouwang.testing.rounds.ordering import HasEnded
from shouwang.testing.rounds.planning import points_in

AT_THE_DOOR = (DOOR_SWAB.name, URGENT.name)
SWABS = tuple(kind.name for kind in SWABBED)
OTHER_MINUTES = 2.0
"""So long what else is due at a door takes, each thing: medicine, a parcel, a reading."""


class NobodyAtDoors(Refusal):
    code = "testing.nobody_at_doors"
    sentence = "现在没有要上门采样的人。"


@dataclass
class AtDoor:
    """A door: who is to be swabbed there, and what else is due."""

    household: Household
    people: set[int] = field(default_factory=set)
    urgent: bool = False
    held: bool = False
    others: list[Duty] = field(default_factory=list)
    again_at: datetime | None = None

    @property
    def rank(self) -> int:
        """The urgent first, those who may carry the infection last."""
        return routes.URGENT if self.urgent else routes.LAST if self.held else routes.USUAL


def due_at_doors(area: str, *, now: datetime) -> list[AtDoor]:
    """Every door behind which somebody owes a swab at the door by tonight. Cost: four queries."""
    low, high = subtree(area)
    still = Q(lapses_at=None) | Q(lapses_at__gt=now)
    rows = Duty.objects.filter(
        still,
        kind__in=AT_THE_DOOR,
        fact=OWED,
        area_code__gte=low,
        area_code__lt=high,
        opens_at__lt=day_end(now),
    )
    duties = list(rows.select_related("person__household").order_by("area_code", "id"))
    doors: dict[int, AtDoor] = {}
    for duty in duties:
        door = doors.setdefault(duty.person.household_id, AtDoor(duty.person.household))
        door.people.add(duty.person.pk)
        door.urgent |= duty.kind == URGENT.name
    _come_again(doors, duties, now)
    everybody = held({pk for door in doors.values() for pk in door.people}, now=now)
    for door in doors.values():
        door.held = bool(door.people & everybody.keys())
    for duty in _others(doors, now):
        doors[duty.household_id or duty.person.household_id].others.append(duty)
    return list(doors.values())


def lay_out(
    row: Round, area: str, rules: Testing | None, *, by: User | None, at: datetime, seconds: float = 6.0
) -> list[Tour]:
    """Tours for every door that is due now; they take the place of those that held before. Raises: NobodyAtDoors, HasEnded."""
    if row.ended_at or row.due_at <= at:
        raise HasEnded(name=row.name)
    found = due_at_doors(area, now=max(at, row.opens_at))
    if not found:
        raise NobodyAtDoors()
    leaves = leaves_at(row, rules, at)
    doors = [door_of(one, leaves) for one in found]
    made = routes.tours(doors, base=base_of(area), load=load_of(rules), seconds=seconds)
    low, high = subtree(area)
    Tour.objects.filter(round=row, area_code__gte=low, area_code__lt=high, replaced_at=None).update(
        replaced_at=at
    )
    first = (
        Tour.objects.filter(round=row, replaced_at=None)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
        or 0
    )
    by_key = {one.household.pk: one for one in found}
    kept = [_kept(row, area, tour, first + place, leaves, by, at) for place, tour in enumerate(made.tours, 1)]
    Tour.objects.bulk_create(kept)
    Stop.objects.bulk_create(
        Stop(
            tour=tour, area_code=by_key[visit.door.key].household.area_code, household_id=visit.door.key, place=place,
            arrives_at=leaves + timedelta(seconds=visit.arrives), people=visit.door.people, rank=visit.door.rank,
        )
        for tour, laid in zip(kept, made.tours, strict=True) for place, visit in enumerate(laid.visits, 1)
    )  # fmt: skip
    audit("testing.lay_out_tours", at=at, by=by, area=area, round=row.pk, tours=len(kept), doors=len(found))
    return kept


def leaves_at(row: Round, rules: Testing | None, at: datetime) -> datetime:
    """When the teams set out: at the plan's hour of the day on which the round opens, or now where that is over."""
    hour = rules.door_team_from if rules else None
    opens = row.opens_at
    if hour:
        opens = max(opens, datetime.combine(day_of(opens), hour, tzinfo=ZONE))
    return max(opens, at)


def tours_of(row: Round, area: str) -> list[Tour]:
    """The tours that hold, with their stops."""
    low, high = subtree(area)
    rows = Tour.objects.filter(round=row, area_code__gte=low, area_code__lt=high, replaced_at=None)
    return list(rows.order_by("number"))


def stops_of(tours: Sequence[Tour], *, now: datetime) -> dict[Any, list[tuple[Stop, AtDoor | None]]]:
    """The stops of each tour, with what is still due there; nothing where the door is done."""
    if not tours:
        return {}
    due = {one.household.pk: one for one in due_at_doors(_common(tours), now=now)}
    stops: defaultdict[Any, list[tuple[Stop, AtDoor | None]]] = defaultdict(list)
    rows = Stop.objects.filter(tour__in=tours).select_related("household").order_by("tour", "place")
    for stop in rows:
        stops[stop.tour_id].append((stop, due.get(stop.household_id)))
    return stops


def base_of(area: str) -> str:
    """Where teams set out and come back to: the first point of the community."""
    points = points_in(area)
    return points[0].area_code if points else area


def door_of(one: AtDoor, leaves: datetime) -> routes.Door:
    """The door as it is looked at when ways are laid out; where nobody was home not before the time to come again."""
    again = max(int((one.again_at - leaves).total_seconds()), 0) if one.again_at else 0
    home = one.household
    others = OTHER_MINUTES * len(one.others)
    return routes.Door(home.pk, home.area_code, floor_of(home), len(one.people), one.rank, others, again)


def floor_of(home: Household) -> int:
    """On which floor a door is, the first where nobody knows."""
    digits = home.floor.lstrip("-")
    floor = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 1
    return -floor if home.floor.startswith("-") else floor


def load_of(rules: Testing | None) -> routes.Load:
    """What a team takes on, as the plan says."""
    usual = routes.Load()
    if rules is None:
        return usual
    return routes.Load(
        rules.door_team_households or usual.households, rules.door_team_persons or usual.people
    )


def _kept(
    row: Round, area: str, tour: routes.Tour, number: int, leaves: datetime, by: User | None, at: datetime
) -> Tour:
    return Tour(
        id=uuid7(at), area_code=community_of(area), round=row, number=number, leaves_at=leaves + timedelta(seconds=tour.leaves),
        back_at=leaves + timedelta(seconds=tour.back), made_at=at, made_by=by,
    )  # fmt: skip


def _come_again(doors: Mapping[int, AtDoor], duties: Sequence[Duty], now: datetime) -> None:
    """Where nobody was home the team comes at the time that was proposed or agreed."""
    tried = last_attempts(duties)
    for duty in duties:
        last, door = tried.get(duty.pk), doors[duty.person.household_id]
        if last and last.next_try_at and last.next_try_at > now:
            door.again_at = max(door.again_at or last.next_try_at, last.next_try_at)


def _others(doors: Mapping[int, AtDoor], now: datetime) -> list[Duty]:
    """What else is due at these doors by tonight."""
    at_home = Q(household__in=doors) | Q(person__household__in=doors)
    rows = Duty.objects.filter(at_home, fact=OWED, opens_at__lte=now, due_at__lte=day_end(now)).exclude(
        kind__in=SWABS
    )
    still = rows.filter(Q(lapses_at=None) | Q(lapses_at__gt=now))
    return list(still.select_related("person").order_by("id"))


def _common(tours: Sequence[Tour]) -> str:
    """The area in which all tours lie."""
    codes = {tour.area_code for tour in tours}
    first, last = min(codes), max(codes)
    return (
        first
        if len(codes) == 1
        else first[: next(i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)]
    )
