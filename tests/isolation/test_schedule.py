"""Each regime with its dates: what a family reads on the notice, day by day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.isolation.schedule import (
    Moment,
    NothingToCountFrom,
    NotYetHappened,
    Origin,
    follows,
    origin_of,
    restarted,
    schedule_of,
    swabs_still_due,
)
from shouwang.plans.loader import load, shipped
from tests.world import at

NINTH, EARLY = (load(shipped()[name]) for name in ("covid_9th", "covid_2020"))


def days(*numbers: int) -> list[date]:
    return [date(2022, 4, number) for number in numbers]


@pytest.mark.parametrize(
    ("plan", "regime", "from_day", "home", "stretches", "tests", "until"),
    [
        # 9th edition: 7 days central and 3 at home from the last exposure on the 18th.
        (
            NINTH,
            "close_contact",
            18,
            True,
            [("central", 26), ("home_monitor", 29)],
            days(19, 20, 21, 23, 25, 28),
            29,
        ),
        (
            NINTH,
            "inbound",
            18,
            True,
            [("central", 26), ("home_monitor", 29)],
            days(19, 20, 21, 23, 25, 28),
            29,
        ),
        (NINTH, "secondary_contact", 18, True, [("home", 26)], days(19, 22, 25), 26),
        (NINTH, "secondary_contact", 18, False, [("central", 26)], days(19, 22, 25), 26),
        (NINTH, "medium_risk_stay", 18, True, [("home", 26)], days(19, 22, 25), 26),
        (NINTH, "high_risk_stay", 18, True, [("central", 26)], [], 26),
        # Early 2020: 14 days, at home where the home is fit for it.
        (EARLY, "returnee", 10, True, [("home", 25)], [], 25),
        (EARLY, "returnee", 10, False, [("central", 25)], [], 25),
        (EARLY, "close_contact", 10, True, [("central", 25)], [], 25),
    ],
)
def test_every_regime_has_its_days(plan, regime, from_day, home, stretches, tests, until):
    rule = plan.regimes[regime]
    found = schedule_of(
        rule, Origin(rule.counts_from[0], Moment(date(2022, 4, from_day))), home_possible=home
    )
    assert [(one.mode, one.until) for one in found.stretches] == [
        (mode, at(day, 0)) for mode, day in stretches
    ]
    assert [test.on for test in found.tests] == tests
    assert found.until == at(until, 0)


def test_where_the_hour_is_known_it_ends_at_that_hour():
    rule = NINTH.regimes["medium_risk_stay"]
    left = Origin("departure", Moment(date(2022, 4, 18), at(18, 15, 30)))
    found = schedule_of(rule, left, home_possible=True)
    assert found.until == at(25, 15, 30)
    assert [test.on for test in found.tests] == days(19, 22, 25)


@pytest.mark.parametrize(
    ("evidence", "clock", "on"),
    [
        ({"departure": 10, "first_observation_day": 14}, "departure", 10),  # a ticket is there
        ({"first_observation_day": 14}, "first_observation_day", 14),  # no ticket: from the first day at home
    ],
)
def test_the_clock_is_the_first_with_evidence(evidence, clock, on):
    known = {name: Moment(date(2022, 4, day)) for name, day in evidence.items()}
    found = origin_of(EARLY.regimes["returnee"], known, now=at(15, 9))
    assert (found.clock, found.moment.on.day) == (clock, on)


def test_without_any_date_nobody_is_confined():
    with pytest.raises(NothingToCountFrom) as refused:
        origin_of(NINTH.regimes["close_contact"], {"departure": Moment(date(2022, 4, 10))}, now=at(15, 9))
    assert "末次接触" in str(refused.value)
    tomorrow = {"last_exposure": Moment(date(2022, 4, 16))}
    with pytest.raises(NotYetHappened):
        origin_of(NINTH.regimes["close_contact"], tomorrow, now=at(15, 9))


def test_who_is_found_late_is_tested_at_once_and_not_kept_longer():
    rule = NINTH.regimes["close_contact"]
    found = schedule_of(rule, Origin("last_exposure", Moment(date(2022, 4, 18))), home_possible=True)
    assert [test.on for test in swabs_still_due(found, begun_on=date(2022, 4, 22))] == days(22, 23, 25, 28)
    assert [test.on for test in swabs_still_due(found, begun_on=date(2022, 4, 19))] == days(
        19, 20, 21, 23, 25, 28
    )


@pytest.mark.parametrize(
    ("results", "becomes"),
    [
        ([], "wait"),
        (["negative"], "wait"),
        (["negative", "pending"], "wait"),  # a result that is not back yet is no failed condition
        (["negative", "negative"], "release_when_due"),
        (["negative", "negative", "positive"], "release_when_due"),  # only the first two count
        (["positive"], "close_contact"),
        (["negative", "positive"], "close_contact"),
    ],
)
def test_a_secondary_contact_follows_the_contact(results, becomes):
    assert follows(NINTH.regimes["secondary_contact"], results) == becomes


@given(first=st.integers(0, 20), again=st.integers(0, 20))
def test_a_new_exposure_never_shortens_the_time(first, again):
    rule, start = NINTH.regimes["close_contact"], date(2022, 4, 1)
    before = schedule_of(
        rule, Origin("last_exposure", Moment(start + timedelta(days=first))), home_possible=True
    )
    after = restarted(rule, before, Moment(start + timedelta(days=again)), home_possible=True)
    assert after.until == max(before.until, datetime.combine(start, datetime.min.time(), before.until.tzinfo)
                              + timedelta(days=again + 1 + 10))  # fmt: skip
