"""From door to door: which team goes to which doors in which order. Values in, values out; pyvrp does the searching.

A tour takes no more households and people than the plan says. Within it the urgent come first and those who may carry the
infection last: a step back to a more urgent door costs a day. What is made as small as can be is the working time of all teams,
with as few teams as will do. Of teams under way what each does next is not touched, so that nobody is sent running; the rest is
shared among all, each from where it will stand then, and what they have no room for goes to further teams from the base.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyvrp import (
    Client,
    Depot,
    IteratedLocalSearchParams,
    Location,
    ProblemData,
    Route,
    SolveParams,
    VehicleType,
    solve,
)
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria, StoppingCriterion

from shouwang.lib.codes import BUILDING, COMPOUND, UNIT

URGENT, USUAL, LAST = 0, 1, 2
A_DAY_S = 86_400
MOST_STEPS, SECONDS = 4000, 6.0
# In a few seconds there is no time for detours that only pay off in a minute.
GREEDY = SolveParams(ils=IteratedLocalSearchParams(history_length=100))


@dataclass(frozen=True)
class Door:
    """A door where somebody is swabbed. Units: `other_minutes` for what else is due there; `not_before` seconds after the teams set out."""

    key: int
    code: str
    floor: int
    people: int
    rank: int = USUAL
    other_minutes: float = 0
    not_before: int = 0


@dataclass(frozen=True)
class Pace:
    """How fast a team is. Units: seconds; a team of three in protective suits, stairs without a lift."""

    door: int = 60
    person: int = 90
    floor: int = 20
    unit: int = 60
    building: int = 180
    compound: int = 600


@dataclass(frozen=True)
class Load:
    """What a team takes on in one tour."""

    households: int = 30
    people: int = 50


@dataclass(frozen=True)
class Visit:
    """A stop of a tour. Units: seconds after the teams set out."""

    door: Door
    arrives: int


@dataclass(frozen=True)
class Tour:
    """One team's way. Units: seconds after the teams set out."""

    visits: tuple[Visit, ...]
    leaves: int
    back: int

    @property
    def people(self) -> int:
        """How many are swabbed."""
        return sum(visit.door.people for visit in self.visits)


@dataclass(frozen=True)
class Tours:
    """All tours. Units: `cost` in seconds of work, steps back included."""

    tours: tuple[Tour, ...]
    cost: int


@dataclass(frozen=True)
class Team:
    """A team under way. Units: `ready` seconds from now; `stays` are the doors it goes to next whatever happens."""

    code: str
    floor: int
    ready: int
    stays: tuple[Door, ...]
    room: Load


@dataclass(frozen=True)
class _Then:
    """Where a team stands once it has been where it goes next. Units: `free` seconds from now."""

    code: str
    floor: int
    visits: tuple[Visit, ...]
    free: int


def tours(
    doors: Sequence[Door], *, base: str, load: Load, pace: Pace | None = None, seconds: float = SECONDS,
    most_steps: int = MOST_STEPS, seed: int = 1,
) -> Tours:  # fmt: skip
    """The tours from `base` (an area code) and back. A door with more people than a team takes on fills a team.

    Cost: `seconds`, or less where `most_steps` are done before.
    """
    if not doors:
        return Tours((), 0)
    data = _problem(doors, base, load, pace or Pace(), _teams_for(doors, load))
    enough: list[StoppingCriterion] = [MaxRuntime(seconds), MaxIterations(most_steps)]
    found = solve(
        data, MultipleCriteria(enough), seed=seed, collect_stats=False, display=False, params=GREEDY
    )
    made = [_tour_of(route, doors) for route in found.best.routes()]
    return Tours(
        tuple(sorted(made, key=lambda one: (one.visits[0].door.rank, one.leaves, one.visits[0].door.code))),
        int(found.cost()),
    )


def onward(
    teams: Sequence[Team], doors: Sequence[Door], *, base: str, load: Load, pace: Pace | None = None, seconds: float = SECONDS,
    most_steps: int = MOST_STEPS, seed: int = 1,
) -> list[Tour]:  # fmt: skip
    """The way of each team from now on, in the order of the teams; what they have no room for follows as further tours.

    Cost: `seconds`, or less where `most_steps` are done before.
    """
    pace = pace or Pace()
    after = [_then(team, pace) for team in teams]
    found: dict[int, list[Tour]] = {}
    if doors:
        enough: list[StoppingCriterion] = [MaxRuntime(seconds), MaxIterations(most_steps)]
        data = _problem_onward(teams, after, doors, base, load, pace)
        best = solve(
            data, MultipleCriteria(enough), seed=seed, collect_stats=False, display=False, params=GREEDY
        ).best
        for route in best.routes():
            found.setdefault(route.vehicle_type(), []).append(_tour_of(route, doors))
    home = [Tour((), then.free, _home(then, base, pace)) for then in after]
    rest = [found.get(place, home[place : place + 1])[0] for place in range(len(teams))]
    mine = [
        Tour((*then.visits, *more.visits), team.ready, more.back)
        for team, then, more in zip(teams, after, rest, strict=True)
    ]
    return mine + found.get(len(teams), [])


def _teams_for(doors: Sequence[Door], load: Load) -> int:
    """So many teams can take all doors: the largest first, each into the first team with room."""
    teams: list[list[int]] = []
    for people in sorted((min(door.people, load.people) for door in doors), reverse=True):
        room = next(
            (one for one in teams if len(one) < load.households and sum(one) + people <= load.people), None
        )
        if room is None:
            teams.append(room := [])
        room.append(people)
    return len(teams)


def _problem(doors: Sequence[Door], base: str, load: Load, pace: Pace, teams: int) -> ProblemData:
    """The doors as pyvrp knows them: the base is location 0, each door one of its own."""
    clients = [_client(door, place, load, pace) for place, door in enumerate(doors, 1)]
    team = VehicleType(teams, [load.households, load.people], unit_distance_cost=1, unit_duration_cost=1)
    ways = _seconds_between(
        [base, *(door.code for door in doors)], [1, *(door.floor for door in doors)], pace
    )
    back = _steps_back([USUAL, *(door.rank for door in doors)])
    nowhere = [Location(0, 0)] * (len(doors) + 1)
    return ProblemData(nowhere, clients, [Depot(0)], [team], [back], [ways])  # type: ignore[list-item]


def _client(door: Door, place: int, load: Load, pace: Pace) -> Client:
    """A door as pyvrp knows it: one household, its people, how long it takes, from when on somebody is there."""
    people = min(door.people, load.people)
    return Client(
        place, delivery=[1, people], service_duration=_at_door(door, pace), tw_early=door.not_before
    )


def _at_door(door: Door, pace: Pace) -> int:
    """How long a team is busy at a door. Units: seconds."""
    return pace.door + door.people * pace.person + round(door.other_minutes * 60)


def _seconds_between(codes: Sequence[str], floors: Sequence[int], pace: Pace) -> NDArray[np.int64]:
    """How long it takes from each to each: within a unit by the stairs, otherwise down, across and up."""
    up = np.array([abs(floor - 1) for floor in floors]) * pace.floor
    level = np.array([abs(floor) for floor in floors]) * pace.floor
    apart = up[:, None] + up[None, :]
    compound, building, unit = (_same(codes, width) for width in (COMPOUND, BUILDING, UNIT))
    across = np.where(building, pace.unit, np.where(compound, pace.building, pace.compound))
    ways = np.where(unit, abs(level[:, None] - level[None, :]), apart + across)
    np.fill_diagonal(ways, 0)
    return ways.astype(np.int64)


def _same(codes: Sequence[str], width: int) -> NDArray[np.bool_]:
    """Which of these lie in one area of this width; an area above it lies in none."""
    parts = [code[:width] if len(code) >= width else f"{place}" for place, code in enumerate(codes)]
    _, numbers = np.unique(parts, return_inverse=True)
    return numbers[:, None] == numbers[None, :]


def _steps_back(ranks: Sequence[int]) -> NDArray[np.int64]:
    """What it costs to go on to somebody who should have come before. The base is before and after everybody."""
    rank = np.array(ranks)
    back = np.where(rank[None, :] < rank[:, None], A_DAY_S, 0)
    back[0, :] = back[:, 0] = 0
    return back.astype(np.int64)


def _tour_of(route: Route, doors: Sequence[Door]) -> Tour:
    """What was found, in our words."""
    visits = tuple(Visit(doors[one.idx], int(one.start_time)) for one in route.schedule() if one.is_client())
    return Tour(visits, int(route.start_time()), int(route.end_time()))


def _then(team: Team, pace: Pace) -> _Then:
    codes, floors = (
        [team.code, *(one.code for one in team.stays)],
        [team.floor, *(one.floor for one in team.stays)],
    )
    ways = _seconds_between(codes, floors, pace)
    visits, moment = [], team.ready
    for place, door in enumerate(team.stays):
        moment += int(ways[place, place + 1])
        visits.append(Visit(door, moment))
        moment += _at_door(door, pace)
    return _Then(codes[-1], floors[-1], tuple(visits), moment)


def _home(then: _Then, base: str, pace: Pace) -> int:
    """When a team is back that goes nowhere else."""
    return then.free + int(_seconds_between([then.code, base], [then.floor, 1], pace)[0, 1])


def _problem_onward(
    teams: Sequence[Team], after: Sequence[_Then], doors: Sequence[Door], base: str, load: Load, pace: Pace
) -> ProblemData:
    """As pyvrp knows it: the base is location 0, then where each team will stand, then the doors."""
    first = len(teams) + 1
    clients = [_client(door, place, load, pace) for place, door in enumerate(doors, first)]
    under_way = [
        VehicleType(
            1, [team.room.households, team.room.people], start_depot=place, unit_distance_cost=1, unit_duration_cost=1,
            tw_early=then.free, start_late=then.free,
        )
        for place, (team, then) in enumerate(zip(teams, after, strict=True), 1)
    ]  # fmt: skip
    further = VehicleType(
        _teams_for(doors, load), [load.households, load.people], fixed_cost=A_DAY_S, unit_distance_cost=1, unit_duration_cost=1
    )  # fmt: skip
    spots = [(base, 1), *((one.code, one.floor) for one in after), *((one.code, one.floor) for one in doors)]
    ways = _seconds_between([code for code, _f in spots], [floor for _c, floor in spots], pace)
    back = _steps_back([USUAL] * first + [door.rank for door in doors])
    back[:first, :] = back[:, :first] = 0
    depots = [Depot(place) for place in range(first)]
    nowhere = [Location(0, 0)] * len(spots)
    return ProblemData(nowhere, clients, depots, [*under_way, further], [back], [ways])  # type: ignore[list-item]
