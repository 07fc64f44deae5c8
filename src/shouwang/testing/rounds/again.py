"""Somebody was not at home: the ways of the teams are laid out again by themselves.

A few minutes are waited for more reports, so that several of them are one change. Doors where a team has been stay where they were,
and so do the next few of each team, so that nobody is sent running; the door where nobody was comes again at an hour when people are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, QuerySet

from shouwang.access.audit import record as audit
from shouwang.duties.models import Attempt
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.register.models import Household
from shouwang.testing.rounds.doors import (
    AT_THE_DOOR,
    AtDoor,
    base_of,
    door_of,
    due_at_doors,
    floor_of,
    load_of,
    tours_of,
)
from shouwang.testing.rounds.models import Round, Stop, Tour
from shouwang.testing.rounds.on_phones import IN_VAIN
from shouwang.testing.rounds.routes import SECONDS, Load, Team, onward
from shouwang.testing.rounds.routes import Tour as Way

GATHER = timedelta(minutes=3)
"""So long more reports are waited for."""
STAYS = 3
"""So many of a team's next doors are not touched."""


@dataclass(frozen=True)
class UnderWay:
    """The teams of a community as they stand, and the doors that are still to be shared among them.

    Shape: `been` holds the stops of each tour that stay before everything, in the order of `tours`; `due` what is owed, by household.
    """

    round: Round
    area: str
    at: datetime
    tours: list[Tour]
    been: list[list[Stop]]
    teams: list[Team]
    due: Mapping[int, AtDoor]
    base: str
    load: Load

    def laid_out(self, *, seconds: float = SECONDS) -> list[Way]:
        """The ways from now on; nothing is read or written. Cost: `seconds`."""
        staying = {door.key for team in self.teams for door in team.stays}
        doors = [door_of(one, self.at) for key, one in self.due.items() if key not in staying]
        return onward(self.teams, doors, base=self.base, load=self.load, seconds=seconds)


def ways_to_change(*, now: datetime) -> list[tuple[UUID, str]]:
    """The rounds and communities in which a team stood before a closed door some minutes ago and goes on as if it had not."""
    long_ago = IN_VAIN.filter(recorded_at__lte=now - GATHER)
    held = Stop.objects.filter(
        Exists(long_ago), tour__replaced_at=None, tour__round__ended_at=None, tour__round__due_at__gt=now
    )
    return sorted(set(held.values_list("tour__round", "tour__area_code")))


def under_way(round_id: UUID, area: str, *, now: datetime) -> UnderWay | None:
    """The teams as they stand now; nothing where the round or its tours have ended meanwhile. Cost: nine queries."""
    row = Round.objects.filter(pk=round_id, ended_at=None, due_at__gt=now).first()
    tours = tours_of(row, area) if row else []
    if row is None or not tours:
        return None
    plan = plan_of(area, now=now)
    load, base = load_of(plan.testing if plan else None), base_of(area)
    due = {one.household.pk: one for one in due_at_doors(area, now=max(now, row.opens_at))}
    stops = _stops(tours)
    tried = set(looked_for(tours, until=now).values_list("person__household", flat=True))
    been = [[stop for stop in stops[tour.pk] if stop.household_id not in due] for tour in tours]
    teams = [_team(tour, stops[tour.pk], due, tried, base=base, load=load, now=now) for tour in tours]
    return UnderWay(row, area, now, tours, been, teams, due, base, load)


def put_in_place(found: UnderWay, ways: Sequence[Way]) -> list[Tour]:
    """The new ways take the place of those that held; none where somebody else laid them out meanwhile.

    A team keeps its number and the doors where it has been.
    """
    held = Tour.objects.select_for_update().filter(pk__in=[one.pk for one in found.tours], replaced_at=None)
    if len(held) != len(found.tours):
        return []
    Tour.objects.filter(pk__in=[one.pk for one in found.tours]).update(replaced_at=found.at)
    numbers = _numbers(found, len(ways))
    before = zip_longest(found.tours, found.been, ways, numbers)
    new = [
        (_kept(found, way, number, old.leaves_at if old else None), been or [], way)
        for old, been, way, number in before
    ]
    Tour.objects.bulk_create(tour for tour, _been, _way in new)
    Stop.objects.bulk_create(stop for one in new for stop in _places(found, *one))
    audit("testing.change_tours", at=found.at, area=found.area, round=found.round.pk, tours=len(new))
    return [tour for tour, _been, _way in new]


def looked_for(tours: Sequence[Tour], *, until: datetime) -> QuerySet[Attempt]:
    """Who was looked for in vain at the doors of these tours since they were laid out."""
    since = max(one.made_at for one in tours)
    return Attempt.objects.filter(
        kind__in=AT_THE_DOOR, person__household__in=Stop.objects.filter(tour__in=tours).values("household"),
        recorded_at__gt=since, recorded_at__lte=until,
    )  # fmt: skip


def because_of(tours: Sequence[Tour]) -> list[Household]:
    """The doors at which nobody was, for which these tours were laid out again; none where somebody wished it so."""
    first = tours[0]
    if first.made_by_id:
        return []
    held = Tour.objects.filter(round=first.round_id, area_code=first.area_code, replaced_at=first.made_at)
    before = list(held)
    if not before:
        return []
    doors = looked_for(before, until=first.made_at).values("person__household")
    return list(Household.objects.filter(pk__in=doors).order_by("area_code"))


def _stops(tours: Sequence[Tour]) -> dict[Any, list[Stop]]:
    stops: defaultdict[Any, list[Stop]] = defaultdict(list)
    for stop in Stop.objects.filter(tour__in=tours).select_related("household").order_by("tour", "place"):
        stops[stop.tour_id].append(stop)
    return stops


def _team(
    tour: Tour, stops: Sequence[Stop], due: Mapping[int, AtDoor], tried: set[int], *, base: str, load: Load, now: datetime
) -> Team:  # fmt: skip
    """Where a team stands, where it goes next, and what it can still take on."""
    gone = [stop for stop in stops if stop.household_id not in due or stop.household_id in tried]
    ahead = [due[stop.household_id] for stop in stops if stop.household_id in due and stop not in gone]
    stays = tuple(door_of(one, now) for one in [one for one in ahead if not one.again_at][:STAYS])
    home = gone[-1].household if gone else None
    done = [stop.people for stop in gone if stop.household_id not in due]
    room = Load(
        max(load.households - len(done) - len(stays), 0),
        max(load.people - sum(done) - sum(one.people for one in stays), 0),
    )
    ready = max(int((tour.leaves_at - now).total_seconds()), 0)
    return Team(home.area_code if home else base, floor_of(home) if home else 1, ready, stays, room)


def _numbers(found: UnderWay, many: int) -> list[int]:
    """A team keeps its number; further teams come after all others of the round."""
    last = Tour.objects.filter(round=found.round).aggregate(last=Max("number"))["last"]
    further = many - len(found.tours)
    return [*(one.number for one in found.tours), *range(last + 1, last + 1 + further)]


def _kept(found: UnderWay, way: Way, number: int, leaves: datetime | None) -> Tour:
    return Tour(
        id=uuid7(found.at), area_code=found.area, round=found.round, number=number, made_at=found.at,
        leaves_at=leaves or found.at + timedelta(seconds=way.leaves), back_at=found.at + timedelta(seconds=way.back),
    )  # fmt: skip


def _places(found: UnderWay, tour: Tour, been: Sequence[Stop], way: Way) -> list[Stop]:
    """First where the team has been, then where it goes from now on."""
    before = [(one.household, one.arrives_at, one.people, one.rank) for one in been]
    ahead = [
        (found.due[door.key].household, found.at + timedelta(seconds=visit.arrives), door.people, door.rank)
        for visit in way.visits
        if (door := visit.door)
    ]
    return [
        Stop(
            tour=tour, area_code=home.area_code, household=home, place=place, arrives_at=arrives, people=people, rank=rank
        )
        for place, (home, arrives, people, rank) in enumerate([*before, *ahead], 1)
    ]  # fmt: skip
