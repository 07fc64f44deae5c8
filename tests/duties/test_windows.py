"""What a duty is at a moment, and when somebody comes again: tables to read."""

from datetime import time

import pytest

from shouwang.duties.windows import Facts, Window, next_try, state
from tests.world import at

WINDOW = Window(at(21, 8), at(21, 20), at(22, 0))


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        ({}, at(21, 7, 59), "waiting"),
        ({}, at(21, 8), "open"),
        ({}, at(21, 19, 59), "open"),
        ({}, at(21, 20), "overdue"),
        ({}, at(21, 23, 59), "overdue"),
        ({}, at(22, 0), "missed"),
        ({"missed_at": at(22, 0)}, at(21, 23), "missed"),
        ({"done_at": at(21, 19, 59)}, at(25, 0), "done"),
        ({"done_at": at(21, 20)}, at(25, 0), "late"),
        ({"waived_at": at(21, 9)}, at(25, 0), "waived"),
        ({"waived_at": at(21, 9), "done_at": at(21, 10)}, at(25, 0), "done"),
        ({"missed_at": at(22, 0), "done_at": at(21, 10)}, at(25, 0), "done"),
        ({"void_at": at(21, 9), "done_at": at(21, 10), "waived_at": at(21, 9)}, at(25, 0), "void"),
    ],
)
def test_state(facts: dict, now, expected: str) -> None:
    assert state(Facts(WINDOW, **facts), now) == expected


def test_without_a_lapse_nothing_is_ever_missed() -> None:
    assert state(Facts(Window(at(21, 8), at(21, 20))), at(30, 0)) == "overdue"


@pytest.mark.parametrize(
    ("moment", "holds"),
    [(at(21, 7, 59), False), (at(21, 8), True), (at(21, 23, 59), True), (at(22, 0), False)],
)
def test_a_window_begins_inclusive_and_ends_exclusive(moment, holds: bool) -> None:
    assert WINDOW.holds(moment) is holds


@pytest.mark.parametrize("lapses", [at(21, 19), at(21, 8)])
def test_a_window_in_the_wrong_order_is_refused(lapses) -> None:
    with pytest.raises(ValueError, match="opens before"):
        Window(at(21, 20), at(21, 8))
    with pytest.raises(ValueError, match="opens before"):
        Window(at(21, 8), at(21, 20), lapses)


HOURS = (time(11, 30), time(17, 30), time(19, 0))


@pytest.mark.parametrize(
    ("failed", "again"),
    [
        (at(21, 9), at(21, 11, 30)),  # nobody home in the morning: at lunch
        (at(21, 10, 40), at(21, 17, 30)),  # nobody is asked back within the hour
        (at(21, 14), at(21, 17, 30)),
        (at(21, 18), at(21, 19)),  # nobody home at supper: in the evening
        (at(21, 18, 30), at(22, 11, 30)),
        (at(21, 23), at(22, 11, 30)),
    ],
)
def test_after_a_failed_visit_somebody_comes_at_a_meal_time_or_in_the_evening(failed, again) -> None:
    assert next_try(failed, HOURS) == again


def test_where_the_plan_names_no_hours_nothing_is_proposed() -> None:
    assert next_try(at(21, 9), ()) is None
