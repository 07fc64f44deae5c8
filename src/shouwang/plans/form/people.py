"""What a plan says about people: who is which category, what that entails, how isolation runs and ends."""

from datetime import time
from typing import Literal

from shouwang.plans.form.vocabulary import (
    Celsius,
    Clock,
    Colour,
    Comparison,
    Count,
    DayNumber,
    Days,
    Hours,
    Key,
    Mode,
    Part,
    Percent,
    Text,
    Words,
)
from shouwang.plans.form.wording import say

Swab = Literal["nasopharyngeal", "oropharyngeal"]
Release = Literal[
    "period_full",
    "tests_negative",
    "no_symptoms",
    "community_verified",
    "primary_tests_negative",
    "notice_issued",
]


class Category(Part, frozen=True, kw_only=True):
    """A kind of person, and what follows for that person; without a regime nobody is confined."""

    words: Words
    means: Text
    regime: Key | None = None
    code: Colour | None = None
    lookback_days: Days | None = None
    tests: Count | None = None
    tests_within_days: Days | None = None
    tests_apart_hours: Hours | None = None
    test_every_days: Days | None = None
    follow_up_every_days: Days | None = None
    refer_to_hospital: bool = False
    self_report_settles: bool | None = None


class Step(Part, frozen=True, kw_only=True):
    """One stretch of a regime: where the person is, how long, and on which of its days a test is due."""

    mode: Mode
    otherwise: Mode | None = None
    days: Days | None = None
    test_days: tuple[DayNumber, ...] = ()
    swab: Swab | None = None
    double_test_at_end: bool = False
    may_go_out: bool = False


class Follow(Part, frozen=True, kw_only=True):
    """How a secondary contact follows the contact: released on good results, re-classified on a bad one."""

    primary: Key
    first_tests: Count
    on_negative: Literal["release_when_due"]
    on_positive: Key


class Regime(Part, frozen=True, kw_only=True):
    """What a person under this regime goes through, step by step, and what must hold for the end.

    Shape: `counts_from` in the order in which they are tried: the first that has evidence starts day 1.
    """

    words: Words
    counts_from: tuple[Clock, ...]
    steps: tuple[Step, ...]
    release: tuple[Release, ...]
    follow: Follow | None = None
    restarts_on: tuple[Literal["new_exposure", "positive_in_same_place"], ...] = ()


def in_words(regime: Regime) -> str:
    """A regime as a resident is told it: 集中隔离 7 天，再居家健康监测 3 天。"""
    return "，再".join(f"{say('mode', step.mode)} {step.days or '（待定）'} 天" for step in regime.steps)


class Temperature(Part, frozen=True, kw_only=True):
    """When readings are due and which one is a fever; `comparison`: whether the limit itself already is."""

    reports: tuple[Literal["morning", "evening", "daily"], ...] = ()
    daily_due_by: time | None = None
    morning_due_by: time | None = None
    evening_due_by: time | None = None
    fever_c: Celsius | None = None
    comparison: Comparison | None = None
    ask_again_below_c: Celsius | None = None
    same_reading_days: Days | None = None
    doors_in_a_minute: Count | None = None


class Isolation(Part, frozen=True, kw_only=True):
    """The care and the limits of isolation: what a home must offer, who decides, what may never be done."""

    home_conditions: tuple[Text, ...] = ()
    household_isolates: bool = False
    symptoms: tuple[Text, ...] = ()
    no_transfer_from: time | None = None
    no_transfer_until: time | None = None
    guardian_until_age: Count | None = None
    level_above_from_people: Count | None = None
    welfare_call_every_days: Days | None = None
    spot_check_every_days: Days | None = None
    waste_every_days: Days | None = None
    no_delivery_alarm_days: Days | None = None
    delivery_photos: bool = False
    exit_checks_per_day: Count | None = None
    transfer_passengers: Count | None = None
    key_person_team: tuple[Text, ...] = ()


class Investigation(Part, frozen=True, kw_only=True):
    """How far back contacts are looked for."""

    contacts_lookback_days: Days | None = None


class Screening(Part, frozen=True, kw_only=True):
    """How doors and phones are tried, and when the next try is proposed after nobody was home."""

    checks: tuple[Text, ...] = ()
    visit_from: time | None = None
    visit_until: time | None = None
    lunch_from: time | None = None
    lunch_until: time | None = None
    supper_from: time | None = None
    supper_until: time | None = None
    max_tries: Count | None = None
    return_report_ahead_days: Days | None = None
    travel_history_days: Days | None = None
    self_report_settles: bool = False
    second_visits_percent: Percent | None = None
