"""Whoever stands at a point: who was called and should have come, without who is through, never more than still owe."""

from datetime import timedelta

import pytest

from shouwang.testing.tubes.hub.queue import Called, Standing, standing
from tests.world import at

NINE = at(21, 9)
EARLIER, THROUGH, COMING = ((-180, -120), (-30, -10), (-5, 10))


def called(people: int, owing: int, minutes: tuple[int, int]) -> Called:
    return Called(people, owing, *(NINE + timedelta(minutes=each) for each in minutes))


def ten(minutes_ago: int, many: int) -> dict:
    return {NINE - timedelta(minutes=minutes_ago): many}


@pytest.mark.parametrize(
    ("calls", "taken", "stands"),
    [
        # Nobody is through: as fast as two tables at 150 an hour; of those who are coming half are there.
        ([called(100, 100, THROUGH), called(60, 60, COMING)], {}, Standing(0, 0.0, 130, 26, 100)),
        ([called(100, 10, THROUGH), called(60, 60, COMING)], ten(20, 50) | ten(10, 40), Standing(40, 20.0, 40, 13, 10)),
        ([called(100, 0, THROUGH), called(60, 40, COMING)], ten(20, 50) | ten(10, 70), Standing(70, 35.0, 10, 2, 0)),
        # Who did not come within the hour is at home, and stands on the gap list.
        ([called(900, 300, EARLIER)], ten(20, 3), Standing(0, 0.0, 0, 0, 0)),
        ([], ten(10, 30), Standing(30, 15.0, 0, 0, 0)),
    ],
)  # fmt: skip
def test_a_queue_is_told_by_the_swabs_themselves(calls, taken, stands):
    assert standing(calls, taken, tables=2, per_hour=150, now=NINE) == stands
