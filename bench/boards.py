"""The board and the line of the day, of a community and of a district with a million duties, inside a scope."""

import time
from collections.abc import Callable

from bench.district import (
    DISTRICT,
    EVENING,
    FIRST_COMMUNITY,
    NOON,
    count_duties,
    installed,
    let_a_day_go_by,
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
    found = [
        at_most("board.community", _p95(_board, FIRST_COMMUNITY, COMPOUND), "ms", GOAL_COMMUNITY_MS),
        at_most("board.district", _p95(_board, DISTRICT, COMMUNITY), "ms", GOAL_DISTRICT_MS),
    ]
    say("a day goes by at every door")
    let_a_day_go_by()
    count_duties()
    return [
        *found,
        at_most("line.community", _p95(_line, FIRST_COMMUNITY), "ms", GOAL_COMMUNITY_MS),
        at_most("line.district", _p95(_line, DISTRICT), "ms", GOAL_DISTRICT_MS),
    ]


def _p95(shown: Callable[..., None], area: str, *more: int) -> float:
    from shouwang.access.scope import scope

    durations = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        with scope([area]):
            shown(area, *more)
        durations.append(time.perf_counter() - begun)
    return percentile(durations, 0.95) * 1000


def _board(area: str, width: int) -> None:
    from shouwang.duties.board import board

    board(area, now=NOON)
    board(area, now=NOON, by="area_code", width=width)


def _line(area: str) -> None:
    from shouwang.duties.course import course

    course(area, now=EVENING, whole=True)
