"""The board of one community, and of a district with a million open duties, as the app role inside a scope."""

import time

from bench.district import (
    DISTRICT,
    FIRST_COMMUNITY,
    NOON,
    count_duties,
    installed,
    make_households,
    open_round,
)
from bench.result import Result, at_most, percentile
from bench.scratch import say
from shouwang.lib.codes import COMMUNITY, COMPOUND

TIMES = 40
GOAL_COMMUNITY_MS, GOAL_DISTRICT_MS = 150, 300


def measure_board() -> list[Result]:
    """By kind and by the areas below, which is what the page shows; p95 of forty."""
    installed()
    make_households()
    say("opening the round")
    open_round()
    count_duties()
    return [
        at_most("board.community", _p95(FIRST_COMMUNITY, COMPOUND), "ms", GOAL_COMMUNITY_MS),
        at_most("board.district", _p95(DISTRICT, COMMUNITY), "ms", GOAL_DISTRICT_MS),
    ]


def _p95(area: str, width: int) -> float:
    from shouwang.access.scope import scope
    from shouwang.duties.board import board

    durations = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with scope([area]):
            board(area, now=NOON)
            board(area, now=NOON, by="area_code", width=width)
        durations.append(time.perf_counter() - begun)
    return percentile(durations, 0.95) * 1000
