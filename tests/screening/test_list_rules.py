"""What follows from an answer: the rules of the list desk as tables."""

from datetime import date
from decimal import Decimal

import pytest

from shouwang.plans.fever import is_ill
from shouwang.plans.form.people import Category, Temperature
from shouwang.plans.form.vocabulary import Words
from shouwang.screening.lists.rules import answered_before, entails, follow_up_days
from tests.world import at

WORDS = Words(zh_hans="类别", zh_hant="類別", en="category")


def category(**values: object) -> Category:
    return Category(words=WORDS, means="一类人", **values)


@pytest.mark.parametrize(
    ("asked_at", "happened_on", "already"),
    [
        (at(20, 20), date(2022, 4, 18), True),  # asked after the journey
        (at(17, 20), date(2022, 4, 18), False),  # asked before it
        (at(18, 23), date(2022, 4, 18), False),  # on the very day: perhaps before
        (at(20, 20), None, True),  # no day in the row: within one clock of its arrival
        (at(19, 20), None, False),
    ],
)
def test_an_earlier_answer_counts_when_it_was_asked_after_what_the_row_speaks_of(
    asked_at, happened_on, already
):
    told = answered_before(asked_at, happened_on=happened_on, arrived_at=at(20, 21, 40), hours=24)
    assert told is already


@pytest.mark.parametrize(
    ("values", "ill", "expected"),
    [
        ({}, False, ("nothing",)),
        ({"regime": "returnee"}, False, ("isolation",)),
        ({"follow_up_every_days": 1}, False, ("follow_up",)),
        (
            {"regime": "home", "tests": 2, "follow_up_every_days": 1},
            False,
            ("isolation", "tests", "follow_up"),
        ),
        ({"refer_to_hospital": True}, False, ("referral",)),
        ({}, True, ("referral",)),
    ],
)
def test_what_a_category_entails(values, ill, expected):
    assert entails(category(**values), ill=ill) == expected
    assert entails(None) == ()  # nothing was decided yet


@pytest.mark.parametrize(
    ("comparison", "degrees", "ill"),
    [("above", "37.3", False), ("above", "37.4", True), ("from", "37.3", True), ("from", "37.2", False)],
)
def test_a_fever_is_what_the_plan_says(comparison, degrees, ill):
    limits = Temperature(fever_c=37.3, comparison=comparison)
    assert is_ill((), Decimal(degrees), limits) is ill
    assert is_ill(("干咳",), Decimal("36.5"), limits)


@pytest.mark.parametrize(
    ("values", "asked", "history", "days"),
    [
        ({"follow_up_every_days": 1, "lookback_days": 3}, 20, None, [21]),
        ({"follow_up_every_days": 1}, 20, 4, [21, 22]),  # the look-back of everybody
        ({"follow_up_every_days": 2, "lookback_days": 7}, 20, None, [22, 24]),
        ({"follow_up_every_days": 1, "lookback_days": 3}, 25, None, []),  # it is over
        ({}, 20, 14, []),
    ],
)
def test_somebody_is_asked_again_while_the_look_back_lasts(values, asked, history, days):
    found = follow_up_days(
        category(**values),
        asked_on=date(2022, 4, asked),
        since=date(2022, 4, 18),
        history_days=history,
    )
    assert found == [date(2022, 4, day) for day in days]
