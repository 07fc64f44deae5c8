"""Each regime with its dates: what a family reads on the notice, day by day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.isolation.releasing.conditions import Known, conditions, failed
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

PLANS = {name: load(path) for name, path in shipped().items()}
NINTH, EARLY = PLANS["covid_9th"], PLANS["covid_2020"]
ORIGIN = date(2022, 4, 18)

# Whoever was last exposed, left or was first observed on 18 April: the stretches with their ends (exclusive: at midnight), and
# the days of the tests. A regime whose days no document gives has none here.
REGIMES = [
    # plan, regime, first clock, home fit, stretches, tests
    ("covid_2020", "returnee", "departure", True, "home 05-03", ""),
    ("covid_2020", "returnee", "departure", False, "central 05-03", ""),
    ("covid_2020", "close_contact", "last_exposure", True, "central 05-03", ""),
    ("covid_8th", "close_contact", "last_exposure", True, "central 05-03, home_monitor 05-10", "04-19 04-22 04-25 05-02"),
    ("covid_8th", "inbound", "first_observation_day", True, "central 05-03, home_monitor 05-10", "04-19 04-22 04-25 05-02"),
    ("covid_8th", "secondary_contact", "last_exposure", True, "central 04-26", ""),
    ("covid_9th", "close_contact", "last_exposure", True, "central 04-26, home_monitor 04-29", "04-19 04-20 04-21 04-23 04-25 04-28"),
    ("covid_9th", "inbound", "first_observation_day", True, "central 04-26, home_monitor 04-29", "04-19 04-20 04-21 04-23 04-25 04-28"),
    ("covid_9th", "secondary_contact", "last_exposure", True, "home 04-26", "04-19 04-22 04-25"),
    ("covid_9th", "secondary_contact", "last_exposure", False, "central 04-26", "04-19 04-22 04-25"),
    ("covid_9th", "medium_risk_stay", "departure", True, "home 04-26", "04-19 04-22 04-25"),
    ("covid_9th", "high_risk_stay", "departure", True, "central 04-26", ""),
    ("covid_twenty", "close_contact", "last_exposure", True, "central 04-24, home 04-27", "04-19 04-20 04-21 04-23 04-24 04-26"),
    ("covid_twenty", "close_contact", "last_exposure", False, "central 04-24, central 04-27", "04-19 04-20 04-21 04-23 04-24 04-26"),
    ("covid_twenty", "high_risk_stay", "departure", True, "home 04-26", "04-19 04-21 04-23 04-25"),
    ("covid_twenty", "high_risk_post", "departure", True, "home_monitor 04-24", ""),
    ("covid_ten", "close_contact", "last_exposure", True, "home 04-24", "04-23"),
    ("covid_ten", "infected_home", "sampling", True, "home 04-26", "04-24 04-25"),
    ("covid_ten", "infected_home", "sampling", False, "central 04-26", "04-24 04-25"),
]  # fmt: skip


def days(*numbers: int) -> list[date]:
    return [date(2022, 4, number) for number in numbers]


@pytest.mark.parametrize(("plan", "regime", "clock", "home", "stretches", "tests"), REGIMES)
def test_every_regime_has_its_days(plan, regime, clock, home, stretches, tests):
    rule = PLANS[plan].regimes[regime]
    assert rule.counts_from[0] == clock
    found = schedule_of(rule, Origin(clock, Moment(ORIGIN)), home_possible=home)
    assert ", ".join(f"{one.mode} {one.until:%m-%d}" for one in found.stretches) == stretches
    assert " ".join(f"{test.on:%m-%d}" for test in found.tests) == tests
    assert {f"{one.until:%H:%M}" for one in found.stretches} == {"00:00"}
    assert found.until == found.stretches[-1].until


def test_no_regime_of_the_covid_plans_is_without_its_table():
    written = {
        (name, regime) for name, plan in PLANS.items() if name != "vector_campaign" for regime in plan.regimes
    }
    assert written == {(name, regime) for name, regime, *_rest in REGIMES}


@pytest.mark.parametrize(
    ("before", "after", "category", "kept", "changed"),
    [
        ("covid_2020", "covid_8th", "close_contact", "05-03", "05-10"),
        ("covid_8th", "covid_9th", "close_contact", "05-10", "04-29"),
        ("covid_8th", "covid_9th", "secondary_contact", "04-26", "04-26"),
        ("covid_9th", "covid_twenty", "close_contact", "04-29", "04-27"),
        ("covid_9th", "covid_twenty", "high_risk_stay", "04-26", "04-26"),
        ("covid_9th", "covid_twenty", "secondary_contact", "04-26", None),  # no longer determined
        ("covid_9th", "covid_twenty", "medium_risk_stay", "04-26", None),  # no longer a class
        ("covid_twenty", "covid_ten", "close_contact", "04-27", "04-24"),
        ("covid_twenty", "covid_ten", "high_risk_stay", "04-26", None),
    ],
)
def test_what_a_new_edition_in_the_middle_would_mean(before, after, category, kept, changed):
    """What began keeps its version; whoever is classified again under the new one counts from the same day."""
    ends = []
    for name in (before, after):
        known = PLANS[name].categories.get(category)
        rule = PLANS[name].regimes.get(known.regime or "") if known else None
        origin = Origin(rule.counts_from[0], Moment(ORIGIN)) if rule else None
        ends.append(f"{schedule_of(rule, origin, home_possible=True).until:%m-%d}" if rule else None)
    assert ends == [kept, changed]


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


FOUR = ["negative"] * 4
ENDS = [
    # own results, the contact's first results, ill, holds by condition, what keeps somebody from going
    ("nothing is known yet", [], [], None, [True, None, None, None, None], []),
    ("a result is pending", ["negative", "negative", "pending"], ["negative", "negative"], False, [True, None, True, None, None], []),
    ("all are negative", FOUR, ["negative", "negative"], False, [True, True, True, None, None], []),
    ("one is positive", ["negative", "positive"], ["negative", "pending"], False, [True, False, None, None, None], ["tests_negative"]),
    ("the contact turned", FOUR, ["negative", "positive"], True, [True, True, False, None, None], ["primary_tests_negative"]),
    ("only the first results of the contact count", FOUR, ["negative", "negative", "positive"], None, [True, True, True, None, None], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("results", "primary", "ill", "holds", "keeps"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS]
)
def test_a_pending_result_is_no_failed_condition(results, primary, ill, holds, keeps):
    regime = NINTH.regimes["secondary_contact"]
    known = Known(at(26, 0), at(26, 0), 3, results, primary, ill)
    found = conditions(regime, known)
    assert [one.holds for one in found] == holds
    assert [one.key for one in failed(found)] == keeps
