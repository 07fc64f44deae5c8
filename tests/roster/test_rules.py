"""What the sheet's words mean, when somebody is left alone, and what a shift asks: tables of cases."""

from datetime import datetime, time

import pytest

from shouwang.lib.clock import ZONE
from shouwang.roster import abilities
from shouwang.roster.rules import hours_of_day, limits_of, may_hear, places
from shouwang.roster.solver import Span
from tests.world import at

EVERYTHING = frozenset(abilities.STRAIN_WORDS)
LEAD, OLD_HAND = frozenset({"lead"}), frozenset({"experienced"})
PLAIN = frozenset()


def span(day: int, hour: int, until_day: int, until: int) -> Span:
    return Span(at(day, hour), at(until_day, until))


@pytest.mark.parametrize(
    ("kind", "skills", "turns", "able"),
    [
        ("志愿者", [], 0, PLAIN),
        ("志愿者", ["护士", "驾驶"], 0, {"medical", "drive"}),
        ("志愿者", ["能带班"], 0, {"lead", "experienced"}),
        ("志愿者", ["会唱歌"], 0, PLAIN),
        ("志愿者", [], 3, OLD_HAND),
        ("社区干部", [], 0, {"lead", "experienced"}),
        ("物业", [], 0, OLD_HAND),
    ],
)
def test_what_somebody_can(kind, skills, turns, able):
    assert abilities.can(kind, skills, turns=turns) == able


@pytest.mark.parametrize(
    ("unfit", "spared"),
    [
        ("", PLAIN),
        ("无", PLAIN),
        ("不能爬楼", {"stairs"}),
        ("60岁以上", {"night", "heavy", "exposed"}),
        ("怀孕", EVERYTHING),
        ("高血压、不能爬楼", {"night", "heavy", "stairs"}),
        ("腰不好", EVERYTHING),  # a word that nobody here knows spares its person everything
    ],
)
def test_what_must_not_be_asked(unfit, spared):
    assert abilities.cannot(unfit) == spared


@pytest.mark.parametrize(
    ("available", "shift", "offered"),
    [
        ("", span(21, 22, 22, 6), True),
        ("全天", span(21, 22, 22, 6), True),
        ("夜间", span(21, 22, 22, 6), True),
        ("夜间", span(22, 0, 22, 8), True),
        ("夜间", span(21, 14, 21, 20), False),
        ("白天", span(21, 8, 21, 16), True),
        ("白天", span(21, 16, 22, 0), False),
        ("下午、晚上", span(21, 14, 21, 22), True),
        ("下午、晚上", span(21, 10, 21, 18), False),
        ("周末", span(23, 8, 23, 16), True),  # 23 April 2022 is a Saturday
        ("周末", span(22, 22, 23, 6), False),
        ("周末", span(23, 22, 24, 6), True),
        ("周末", span(24, 22, 25, 6), False),
        ("周末白天", span(23, 8, 23, 16), True),
        ("周末白天", span(23, 20, 24, 4), False),
    ],
)
def test_when_somebody_comes(available, shift, offered):
    offers = abilities.offers(available)
    assert (not offers or any(offer.covers(shift) for offer in offers)) is offered


NIGHT, DAY = span(20, 22, 21, 6), span(21, 8, 21, 16)


@pytest.mark.parametrize(
    ("now", "turns", "begins_at", "heard"),
    [
        (at(21, 15), [], None, at(21, 15)),
        (at(21, 23), [], None, at(22, 6)),  # everybody else's messages wait until morning
        (at(21, 2), [], None, at(21, 6)),
        (at(21, 2), [NIGHT], None, at(21, 2)),  # whoever is on duty or on call hears at once
        (at(21, 7), [NIGHT], None, at(21, 14)),  # eight hours after a night at work
        (at(21, 17), [DAY], None, at(21, 17)),  # a day at work needs no such rest
        (at(21, 23), [], at(22, 1), at(21, 23)),  # what begins soon cannot wait
        (at(21, 23), [], at(22, 8), at(22, 6)),
    ],
)
def test_when_somebody_hears(now, turns, begins_at, heard):
    assert may_hear(now, turns=turns, quiet=(None, None), begins_at=begins_at) == heard


def test_the_quiet_hours_of_the_plan_go_before_the_usual_ones():
    assert may_hear(at(21, 21), turns=[], quiet=(time(20, 30), time(7))) == at(22, 7)


@pytest.mark.parametrize(
    ("people", "led", "paired", "skills", "asked"),
    [
        (1, False, False, [], [PLAIN]),
        (2, False, True, [], [OLD_HAND, PLAIN]),
        (2, True, True, [], [LEAD, PLAIN]),
        (3, True, False, ["medical"], [LEAD, PLAIN, {"medical"}]),
        (1, True, False, ["drive"], [{"lead", "drive"}]),
        (2, False, False, ["drive", "medical", "sign"], [{"medical"}, {"drive", "sign"}]),
    ],
)
def test_what_each_place_asks(people, led, paired, skills, asked):
    assert list(places(people, led=led, paired=paired, skills=skills)) == asked


def test_the_plan_says_how_much_rest_and_how_many_days():
    limits = limits_of(9, 5)
    assert limits.rested(span(21, 8, 21, 16), span(22, 1, 22, 9))
    assert limits.too_many_days([datetime(2022, 4, day, tzinfo=ZONE).date() for day in range(18, 24)])
    usual = limits_of(None, None)
    assert not usual.rested(span(21, 8, 21, 16), span(22, 1, 22, 9))
    assert not usual.too_many_days([datetime(2022, 4, day, tzinfo=ZONE).date() for day in range(18, 24)])


def test_hours_of_a_day_hold_what_reaches_into_them():
    counts = hours_of_day([span(20, 22, 21, 6), span(21, 8, 21, 16), span(21, 22, 22, 6)], at(21, 0))
    assert [hour for hour, count in enumerate(counts) if count] == [*range(6), *range(8, 16), 22, 23]
