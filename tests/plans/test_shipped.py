"""The plans that come with the system: complete, sourced, and with the figures of the documents."""

import tomllib
from datetime import date, time
from typing import Any

import msgspec
import pytest

from shouwang.plans.form.entries import entries, parts
from shouwang.plans.form.labels import LABELS, NAMED
from shouwang.plans.form.people import in_words
from shouwang.plans.form.vocabulary import GRADES
from shouwang.plans.loader import load, load_tables, load_text, shipped
from shouwang.plans.schema import Plan

NAMES = ["covid_2020", "covid_8th", "covid_9th", "covid_ten", "covid_twenty", "vector_campaign"]


def test_these_are_shipped() -> None:
    assert list(shipped()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_is_named_like_its_file_and_in_three_scripts(plans: dict[str, Plan], name: str) -> None:
    plan = plans[name]
    assert plan.name == name
    assert all([plan.words.zh_hans, plan.words.zh_hant, plan.words.en, plan.edition])


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_with_grade_and_document(plans: dict[str, Plan], name: str) -> None:
    plan = plans[name]
    figures = [entry for entry in entries(plan) if entry.is_number]
    assert len(figures) > 10
    for entry in figures:
        source = plan.sources[entry.source]
        assert source.grade in GRADES, entry.key
        assert len(source.where) > 5, entry.key


@pytest.mark.parametrize("name", NAMES)
def test_every_source_that_is_listed_is_used(plans: dict[str, Plan], name: str) -> None:
    plan = plans[name]
    used = {one for _, _, part in parts(plan) for one in (part.source, *part.source_of.values())}
    assert used - {""} == set(plan.sources)


# 120 is the name of the ambulance service; a law is cited with its year.
SPOKEN_DIGITS = {"testing.positive_told", "legal.statutes"}


@pytest.mark.parametrize("name", NAMES)
def test_no_number_hides_in_a_text_where_it_has_no_source(plans: dict[str, Plan], name: str) -> None:
    for entry in entries(plans[name]):
        if not entry.is_number and not entry.key.startswith(tuple(SPOKEN_DIGITS)):
            assert not any(digit.isdigit() for digit in str(entry.value)), entry.key
    for regime in plans[name].regimes.values():
        assert not any(digit.isdigit() for digit in regime.words.zh_hans + regime.words.en)


@pytest.mark.parametrize("name", NAMES)
def test_every_key_and_every_open_setting_has_words(plans: dict[str, Plan], name: str) -> None:
    said = [*(e.place for e in entries(plans[name])), *(s.place for s in plans[name].to_be_set)]
    for place in said:
        assert not any(word.isascii() and word.islower() for word in place), place


def test_every_field_of_the_vocabulary_has_a_label(plans: dict[str, Plan]) -> None:
    kinds = {type(part) for plan in plans.values() for _, _, part in parts(plan)} | {Plan}
    fields = {field for kind in kinds for field in kind.__struct_fields__}
    assert fields - LABELS.keys() - {"name", "source", "source_of", "to_be_set"} == set()


def test_every_duty_that_somebody_answers_for_has_words(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        assert plan.answers.keys() <= NAMED.keys()


@pytest.mark.parametrize("name", NAMES)
def test_what_was_stored_is_restored(plans: dict[str, Plan], name: str) -> None:
    plan = plans[name]
    assert msgspec.json.decode(plan.canonical(), type=Plan) == plan


@pytest.mark.parametrize("name", NAMES)
def test_the_fingerprint_is_of_the_meaning_not_of_the_file(plans: dict[str, Plan], name: str) -> None:
    text = shipped()[name].read_text(encoding="utf-8")
    again = load_text("# 一行说明\n\n" + text.replace("\n\n", "\n\n\n"), file="again.toml")
    assert again.digest() == plans[name].digest() == load(shipped()[name]).digest()
    newer = load_text(text.replace("version = 1\n", "version = 2\n"), file="newer.toml")
    assert newer.digest() != plans[name].digest()


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_file_does_not_change_the_fingerprint(plans: dict[str, Plan], name: str) -> None:
    tables = tomllib.loads(shipped()[name].read_text(encoding="utf-8"))
    assert load_tables(_reversed(tables), file="reversed.toml").digest() == plans[name].digest()


# The table of the isolation regimes, edition by edition; () where no document gave the days of the tests.
EDITIONS = [
    ("covid_2020", "close_contact", [("central", 14, ())]),
    ("covid_8th", "close_contact", [("central", 14, (1, 4, 7, 14)), ("home_monitor", 7, ())]),
    ("covid_8th", "inbound", [("central", 14, (1, 4, 7, 14)), ("home_monitor", 7, ())]),
    ("covid_8th", "secondary_contact", [("central", 7, ())]),
    ("covid_9th", "close_contact", [("central", 7, (1, 2, 3, 5, 7)), ("home_monitor", 3, (3,))]),
    ("covid_9th", "secondary_contact", [("home", 7, (1, 4, 7))]),
    ("covid_9th", "high_risk_stay", [("central", 7, ())]),
    ("covid_9th", "medium_risk_stay", [("home", 7, (1, 4, 7))]),
    ("covid_twenty", "close_contact", [("central", 5, (1, 2, 3, 5)), ("home", 3, (1, 3))]),
    ("covid_twenty", "high_risk_stay", [("home", 7, (1, 3, 5, 7))]),
    ("covid_twenty", "high_risk_post", [("home_monitor", 5, ())]),
    ("covid_ten", "close_contact", [("home", 5, (5,))]),
    ("covid_ten", "infected_home", [("home", 7, (6, 7))]),
]


@pytest.mark.parametrize(("edition", "regime", "steps"), EDITIONS)
def test_the_regimes_of_each_edition(
    plans: dict[str, Plan], edition: str, regime: str, steps: list[tuple[str, int, tuple[int, ...]]]
) -> None:
    assert [(s.mode, s.days, s.test_days) for s in plans[edition].regimes[regime].steps] == steps


@pytest.mark.parametrize(
    ("edition", "since", "high_is_over_after"),
    [
        ("covid_9th", date(2022, 6, 28), [(7, "medium"), (3, "low")]),
        ("covid_twenty", date(2022, 11, 11), [(5, "low")]),
        ("covid_ten", date(2022, 12, 7), [(5, None)]),
    ],
)
def test_from_when_an_edition_holds_and_when_a_zone_is_over(
    plans: dict[str, Plan], edition: str, since: date, high_is_over_after: list[tuple[int, str | None]]
) -> None:
    assert plans[edition].valid_from == since
    assert [(e.clean_days, e.becomes) for e in plans[edition].zones["high"].endings] == high_is_over_after


def test_a_closed_zone_of_the_eighth_edition_needs_three_things_to_open(plans: dict[str, Plan]) -> None:
    (ending,) = plans["covid_8th"].zones["closed"].endings
    assert (ending.clean_days, ending.contacts_clear_days, ending.negative_round_within_days) == (14, 14, 2)
    assert plans["covid_8th"].zones["closed"].test_days == (1, 4, 7, 10, 14)


def test_since_the_twenty_measures_nobody_is_a_secondary_contact_any_more(plans: dict[str, Plan]) -> None:
    confined = {
        name: {key for key, one in plans[name].categories.items() if one.regime}
        for name in ("covid_twenty", "covid_ten")
    }
    assert confined == {
        "covid_twenty": {"close_contact", "high_risk_stay", "high_risk_post"},
        "covid_ten": {"close_contact", "infected"},
    }


def test_the_ninth_edition_counts_contacts_from_the_last_exposure(ninth: Plan) -> None:
    assert ninth.regimes["close_contact"].counts_from == ("last_exposure",)
    assert ninth.regimes["secondary_contact"].counts_from == ("last_exposure",)
    steps = ninth.regimes["close_contact"].steps
    assert {step.swab for step in steps} == {"oropharyngeal"}
    assert not any(step.double_test_at_end for step in steps)


def test_a_regime_is_told_in_words(ninth: Plan) -> None:
    assert in_words(ninth.regimes["close_contact"]) == "集中隔离 7 天，再居家健康监测 3 天"


def test_a_secondary_contact_follows_the_first_two_tests_of_the_contact(ninth: Plan) -> None:
    follow = ninth.regimes["secondary_contact"].follow
    assert follow is not None
    assert (follow.primary, follow.first_tests, follow.on_positive) == ("close_contact", 2, "close_contact")


def test_a_low_risk_stay_is_two_tests_in_three_days_and_no_isolation(ninth: Plan) -> None:
    category = ninth.categories["low_risk_stay"]
    assert (category.regime, category.tests, category.tests_within_days) == (None, 2, 3)


def test_early_2020_is_fourteen_days_from_departure_or_else_from_the_first_day(
    plans: dict[str, Plan],
) -> None:
    regime = plans["covid_2020"].regimes["returnee"]
    assert regime.counts_from == ("departure", "first_observation_day")
    assert [(s.mode, s.otherwise, s.days) for s in regime.steps] == [("home", "central", 14)]


def test_the_fever_limit_is_above_in_the_report_of_2020_and_from_in_2022(plans: dict[str, Plan]) -> None:
    early, late = plans["covid_2020"].temperature, plans["covid_9th"].temperature
    assert early is not None
    assert late is not None
    assert (early.fever_c, early.comparison) == (37.3, "above")
    assert (late.fever_c, late.comparison) == (37.3, "from")
    assert late.morning_due_by == time(12)


def test_the_mosquito_campaign_never_confines(plans: dict[str, Plan]) -> None:
    plan = plans["vector_campaign"]
    assert {step.mode for regime in plan.regimes.values() for step in regime.steps} == {"health_monitor"}
    assert {zone.movement for zone in plan.zones.values()} == {"free"}
    assert (plan.testing, plan.gates) == (None, None)


# What no document gave: it must stay without a number until somebody who knows fills it.
NOT_FOUND = [
    "clocks.tracing_letter_hours",
    "clocks.transfer_hours",
    "regimes.high_risk_stay.steps.1.test_days",
    "zones.high.test_days",
    "retention.gate_passages.days",
    "legal.review_terms",
]


@pytest.mark.parametrize("key", NOT_FOUND)
def test_what_was_not_found_is_asked_and_not_guessed(ninth: Plan, key: str) -> None:
    assert key in [setting.key for setting in ninth.to_be_set]
    assert key not in [entry.key for entry in entries(ninth)]


def test_a_law_is_no_ground_before_it_is_in_force(plans: dict[str, Plan]) -> None:
    """The campaign of the summer of 2025 began before the new law on infectious diseases held."""
    plan = plans["vector_campaign"]
    assert plan.legal is not None
    summer, autumn = (plan.legal.laws(date(2025, *day)) for day in ((8, 31), (9, 1)))
    assert [law.title for law in summer] == ["突发事件应对法（2024 年修订）"]
    assert len(autumn) == 2
