"""Opening a round over a million households, against the bare INSERT … SELECT into the same table and indexes."""

import time
from datetime import timedelta

from bench.district import DISTRICT, MORNING, installed, make_households, open_round, owner
from bench.result import Result
from bench.scratch import say, size
from shouwang.installation import DATABASE

GOAL_RATIO, GOAL_SECONDS = 2, 20
# Only the owner of tables can make one.
BARE = (
    f"CREATE TABLE {DATABASE}_bare (LIKE duties_duty INCLUDING ALL)",
    f"GRANT INSERT ON {DATABASE}_bare TO {DATABASE}_app",
)
INSERT = f"""
INSERT INTO {DATABASE}_bare (kind, household_id, area_code, opens_at, due_at, booked_at, changed_at)
SELECT 'screening.visit', id, area_code, %(at)s, %(due)s, %(at)s, %(at)s FROM register_household
WHERE kept_id = id ORDER BY area_code
"""


def measure_planning() -> list[Result]:
    """Both in this run, one after the other."""
    installed()
    households = make_households()
    seconds, reference = _plan(households), _bare()

    ratio = seconds / reference
    holds = ratio <= GOAL_RATIO and seconds <= GOAL_SECONDS
    goal = f"≤ {GOAL_RATIO} × bare INSERT, ≤ {GOAL_SECONDS} s"
    return [Result("planning", round(seconds, 3), "s", round(reference, 3), round(ratio, 2), goal, holds)]


def _plan(households: int) -> float:
    say(f"planning a round for {size():,} households")
    begun = time.perf_counter()
    planned = open_round()
    seconds = time.perf_counter() - begun
    if planned != households:
        raise RuntimeError(f"{planned} of {households} were planned")
    say(f"{seconds:.1f} s")
    return seconds


def _bare() -> float:
    from django.db import connection

    from shouwang.access.scope import scope

    say("the bare INSERT … SELECT")
    with owner() as own:
        for statement in BARE:
            own.execute(statement)
    begun = time.perf_counter()
    with scope([DISTRICT]), connection.cursor() as cursor:
        cursor.execute(INSERT, {"at": MORNING, "due": MORNING + timedelta(hours=16)})
    seconds = time.perf_counter() - begun
    say(f"{seconds:.1f} s")
    return seconds
