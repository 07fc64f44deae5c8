"""The end of a response of a million people: everything destroyed and certified, while the board goes on being asked."""

import time
from datetime import timedelta
from threading import Event, Thread

from bench.boards import GOAL_DISTRICT_MS
from bench.district import (
    DISTRICT,
    EVENING,
    FIRST_COMMUNITY,
    installed,
    let_a_day_go_by,
    make_households,
    make_people,
    open_round,
    owner,
)
from bench.result import Result, at_most, percentile
from bench.scratch import say
from bench.searching import KEYS
from shouwang import installation

GOAL_SECONDS = 600
NEXT_DOOR = "990103001001"
VISITS = """
INSERT INTO screening_visit (id, area_code, at, recorded_at, household_id, met, newcomers, symptoms, helps, handed_out,
                             note, void_reason)
SELECT done_record, area_code, done_at, done_at, household_id, '有人', '', '{}', '{}', '{}', '', ''
FROM duties_duty WHERE done_record IS NOT NULL
"""


def measure_closing() -> list[Result]:
    """A register, five search keys for each person, a day of visits; then two people end it."""
    installed()
    make_households()
    make_people()
    with owner() as connection:
        connection.execute(KEYS)
        connection.execute(
            "INSERT INTO register_area (code, level, label) VALUES (%s, 'district', '甲区'), (%s, 'community', '邻居')",
            [DISTRICT, NEXT_DOOR],
        )
    open_round()
    let_a_day_go_by()
    with owner() as connection:
        connection.execute(VISITS)
    say("destroying")
    over, waits = Event(), []
    looking = Thread(target=_look, args=(over, waits))
    looking.start()
    try:
        begun = time.perf_counter()
        _end()
        took = time.perf_counter() - begun
    finally:
        over.set()
        looking.join()
    return [
        at_most("closing.destroyed", took, "s", GOAL_SECONDS),
        at_most("closing.board_meanwhile", percentile(waits, 0.95) * 1000, "ms", GOAL_DISTRICT_MS),
        at_most("closing.longest_wait", max(waits) * 1000, "ms", 5000),
    ]


def _end() -> None:
    from django.conf import settings

    from shouwang.access.models import User
    from shouwang.access.scope import scope
    from shouwang.catalogue import ANSWERS, RETENTION
    from shouwang.flows.ending.close_out import confirm_end, propose_end
    from shouwang.flows.ending.destroy_response import Means, carry_out
    from shouwang.keeping.database import destroyer
    from shouwang.lib.sealing import sealer

    one, other = (User.objects.create_user(name, name=name, created_at=EVENING) for name in ("甲", "乙"))
    with scope([DISTRICT]):
        closing = propose_end(DISTRICT, reason="结束", witness="丙", by=one, at=EVENING)
        confirm_end(closing, by=other, at=EVENING)
    data, after = installation.data_folder(), EVENING + timedelta(hours=1)
    with destroyer(data) as tables:
        means = Means(
            tables, data, RETENTION, ANSWERS, sealer(settings.SEALING_KEY_FILE), lambda: after,
            step=lambda what, done, total: say(f"{time.strftime('%X')} {done}/{total} {what}"),
        )  # fmt: skip
        if not carry_out(closing, means):
            raise AssertionError("nothing was certified")


def _look(over: Event, waits: list[float]) -> None:
    """Somebody opens the board again and again."""
    from django.db import connection

    from shouwang.access.scope import scope
    from shouwang.duties.board import board

    while not over.wait(0.2):
        begun = time.perf_counter()
        with scope([FIRST_COMMUNITY]):
            board(FIRST_COMMUNITY, now=EVENING)
        waits.append(time.perf_counter() - begun)
    connection.close()
