"""Ordering a round for a million people, against the bare INSERT; the gap list of the district; door rounds for 755 people."""

import time
from random import Random
from typing import TYPE_CHECKING

from bench.district import DISTRICT, MORNING, count_duties, installed, make_households, make_people, owner
from bench.planning import BARE
from bench.result import Result, at_most, percentile
from bench.scratch import say, size
from shouwang.installation import DATABASE

if TYPE_CHECKING:
    from shouwang.testing.rounds.models import Round
    from shouwang.testing.rounds.routes import Door

GOAL_SECONDS, GOAL_GAP_MS, TIMES = 20, 300, 30
GOAL_ROUTES_S, LONG_S, GOAL_RATIO = 8, 60, 1.01
DOORS, PEOPLE = 275, 755
INSERT = f"""
INSERT INTO {DATABASE}_bare (kind, person_id, area_code, opens_at, due_at, booked_at, changed_at)
SELECT 'testing.swab', id, area_code, %(at)s, %(due)s, %(at)s, %(at)s FROM register_person
WHERE kept_id = id AND left_at IS NULL ORDER BY area_code
"""


def measure_round() -> list[Result]:
    """A round over the whole district as the app role, then how far it is and the first names, asked again and again."""
    installed()
    make_households()
    make_people()
    row, seconds = _order()
    reference = _bare(row)
    count_duties()
    return [
        Result(
            "round.order", round(seconds, 3), "s", round(reference, 3), round(seconds / reference, 2), f"≤ {GOAL_SECONDS} s",
            seconds <= GOAL_SECONDS,
        ),
        at_most("round.gap", _gap(row), "ms", GOAL_GAP_MS),
    ]  # fmt: skip


def measure_door_rounds() -> list[Result]:
    """275 households and 755 people in the seconds that a page waits, against a minute of the same search."""
    from shouwang.testing.rounds.routes import SECONDS, Load, tours

    doors = _doors(Random(5))
    begun = time.perf_counter()
    soon = tours(doors, base=DISTRICT, load=Load(), seconds=SECONDS)
    took = time.perf_counter() - begun
    say(f"{len(soon.tours)} teams, {soon.cost} s of work in {took:.1f} s; now a minute")
    late = tours(doors, base=DISTRICT, load=Load(), seconds=LONG_S, most_steps=10**9)
    ratio = soon.cost / late.cost
    goal = f"≤ {GOAL_ROUTES_S} s, ≤ {GOAL_RATIO} of {LONG_S} s"
    holds = took <= GOAL_ROUTES_S and ratio <= GOAL_RATIO
    return [
        at_most("door_rounds.taken", took, "s", GOAL_ROUTES_S),
        Result("door_rounds.work", soon.cost, "s of work", late.cost, round(ratio, 4), goal, holds),
    ]


def _order() -> "tuple[Round, float]":
    from shouwang.access.scope import scope
    from shouwang.lib.clock import day_end
    from shouwang.plans.actions import keep_shipped
    from shouwang.testing.rounds.ordering import Asked, order

    say(f"ordering a round for {size():,} people")
    with scope([DISTRICT]):
        plan = keep_shipped("covid_twenty", at=MORNING)
        begun = time.perf_counter()
        made = order(Asked(DISTRICT, "全区核酸", MORNING, day_end(MORNING), plan), by=None, at=MORNING)
    seconds = time.perf_counter() - begun
    if made.points + made.doors != size():
        raise RuntimeError(f"{made.points + made.doors} of {size()} owe")
    say(f"{seconds:.1f} s")
    return made.round, seconds


def _bare(row: "Round") -> float:
    from django.db import connection

    from shouwang.access.scope import scope

    with owner() as own:
        for statement in BARE:
            own.execute(statement)
    begun = time.perf_counter()
    with scope([DISTRICT]), connection.cursor() as cursor:
        cursor.execute(INSERT, {"at": row.opens_at, "due": row.due_at})
    return time.perf_counter() - begun


def _gap(row: "Round") -> float:
    """The numbers of every community and the first page of names with what was tried, inside a scope."""
    from shouwang.access.scope import scope
    from shouwang.lib.codes import COMMUNITY
    from shouwang.testing.rounds import gap

    durations = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with scope([DISTRICT]):
            gap.covered(row, DISTRICT, width=COMMUNITY)
            gap.told(list(gap.names(row, DISTRICT)[:51]), now=MORNING)
        durations.append(time.perf_counter() - begun)
    return percentile(durations, 0.95) * 1000


def _doors(chance: Random) -> "list[Door]":
    """Thirty buildings of three units and six floors; one in eighteen is urgent, one in eighteen comes last."""
    from shouwang.testing.rounds.routes import LAST, URGENT, USUAL, Door

    people = [1 + place % 4 for place in range(DOORS)]
    while (over := sum(people) - PEOPLE) != 0:
        place = chance.randrange(DOORS)
        people[place] -= (over > 0) * (people[place] > 1) or -(over < 0)
    found = []
    for place, many in enumerate(people):
        house, floor = chance.randrange(30), chance.randint(1, 6)
        unit = f"{DISTRICT}001001{1 + house // 8:02}{1 + house % 8:03}{chance.randint(1, 3):02}"
        rank = chance.choices((URGENT, USUAL, LAST), (1, 16, 1))[0]
        found.append(Door(place, f"{unit}{floor:02}{place % 100:02}", floor, many, rank))
    return found
