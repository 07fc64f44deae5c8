"""Settling the duties of 500 households among a million, after their visits came in."""

import time
from datetime import timedelta
from random import Random

from bench.district import (
    DISTRICT,
    FIRST_COMMUNITY,
    MORNING,
    count_duties,
    installed,
    make_households,
    open_round,
)
from bench.result import Result, at_most, percentile
from bench.scratch import say

SUBJECTS, ROUNDS = 500, 20
GOAL_MILLISECONDS = 90


def measure_settling() -> list[Result]:
    """The median of twenty times 500 subjects of one community, as the app role."""
    installed()
    make_households()
    say("opening the round")
    open_round()
    count_duties()
    durations = [_settle(number) for number in range(ROUNDS)]
    return [at_most("settling", percentile(durations, 0.5) * 1000, "ms", GOAL_MILLISECONDS)]


def _settle(number: int) -> float:
    from shouwang.access.scope import scope
    from shouwang.duties.discharge import settle
    from shouwang.lib.codes import subtree
    from shouwang.lib.ids import uuid7
    from shouwang.register.models import Household
    from shouwang.screening.duties import VISIT
    from shouwang.screening.models import Visit

    low, high = subtree(FIRST_COMMUNITY)
    when = MORNING + timedelta(minutes=10 + number)
    with scope([DISTRICT]):
        doors = list(
            Household.objects.filter(area_code__gte=low, area_code__lt=high).values_list("id", "area_code")
        )
        chosen = Random(number).sample(doors, min(SUBJECTS, len(doors)))
        Visit.objects.bulk_create(
            Visit(id=uuid7(when), household_id=door, area_code=code, at=when, recorded_at=when)
            for door, code in chosen
        )
        begun = time.perf_counter()
        settle(VISIT, [door for door, _ in chosen], communities=[FIRST_COMMUNITY], at=when)
        return time.perf_counter() - begun
