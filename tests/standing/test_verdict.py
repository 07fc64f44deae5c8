"""The verdict at a gate: one table of what is known, which way somebody goes, and what the guard then does."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwang.lib.clock import ZONE
from shouwang.standing.verdict import (
    DIRECTIONS,
    FORGED,
    GOOD,
    IN,
    LOST,
    OUT,
    REPLACED,
    WITHDRAWN,
    Card,
    Known,
    Rule,
    Step,
    judge,
    stayed_out_too_long,
    timeline,
)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2022, 4, day, hour, minute, tzinfo=ZONE)


NOON, FIRST, LAST = at(21, 12), at(1), at(30)
MAY_COME_AND_GO = Rule()
EVERY_OTHER_DAY = Rule(exits=1, every_days=2, max_stay_hours=3)
SHOPPING_HOURS = Rule(from_hour=time(8), until_hour=time(18))
AT_NIGHT = Rule(from_hour=time(22), until_hour=time(6))


def card(
    rule: Rule = MAY_COME_AND_GO, state: str = GOOD, first: datetime = FIRST, end: datetime = LAST,
    state_until: datetime | None = None,
) -> Card:  # fmt: skip
    return Card(rule, first, end, state, state_until)


RESIDENT, COURIER = Known(lives_here=True, card=card()), Known(card=card(EVERY_OTHER_DAY))

TABLE = [
    ("a resident goes out", RESIDENT, OUT, "admit", "pass"),
    ("and comes home", RESIDENT, IN, "admit", "home"),
    ("a resident in isolation stays", Known(True, card(), held_until=at(24, 8)), OUT, "refuse", "at_home"),
    ("isolation ended at eight", Known(True, card(), held_until=at(21, 8)), OUT, "admit", "pass"),
    ("one of a household is held, and its pass goes out", Known(True, card(), one_held_until=at(24)), OUT, "ask", "which_of_them"),
    ("the same pass comes home", Known(True, card(), one_held_until=at(24)), IN, "admit", "home"),
    ("the household's hold is over", Known(True, card(), one_held_until=NOON), OUT, "admit", "pass"),
    ("somebody in isolation at the gate from outside", Known(True, card(), held_until=at(24)), IN, "ask", "fetch_worker"),
    ("a resident without papers comes home", Known(True), IN, "ask", "by_door"),
    ("a resident without papers goes out", Known(True), OUT, "ask", "by_door"),
    ("an outsider without papers", Known(), IN, "refuse", "no_pass"),
    ("and leaves again, papers or not", Known(), OUT, "admit", "pass"),
    ("an outsider whose pass ran out inside", Known(card=card(end=at(21))), OUT, "admit", "pass"),
    ("an outsider with papers", COURIER, IN, "admit", "pass"),
    ("who was there already", Known(card=card(EVERY_OTHER_DAY), exits=(at(21, 9),)), IN, "refuse", "used_up"),
    ("and leaves again", Known(card=card(EVERY_OTHER_DAY), exits=(at(21, 9),)), OUT, "admit", "pass"),
    ("a household's exit of yesterday counts", Known(True, card(EVERY_OTHER_DAY), exits=(at(20, 9),)), OUT, "refuse", "used_up"),
    ("of the day before it does not", Known(True, card(EVERY_OTHER_DAY), exits=(at(19, 9),)), OUT, "admit", "pass"),
    ("whoever went out comes home, used up or not", Known(True, card(EVERY_OTHER_DAY), exits=(at(21, 9),)), IN, "admit", "home"),
    ("a barred courier", Known(card=card(), barred_until=at(28)), IN, "refuse", "barred"),
    ("who may always leave", Known(card=card(), barred_until=at(28)), OUT, "admit", "pass"),
    ("a bar that is over", Known(card=card(), barred_until=at(21)), IN, "admit", "pass"),
    ("nobody is barred from their own home", Known(True, card(), barred_until=at(28)), IN, "admit", "home"),
    ("not even with a forged pass", Known(True, card(state=FORGED), barred_until=at(28)), IN, "ask", "forged"),
    ("a lost pass in a stranger's hand", Known(card=card(state=LOST)), IN, "refuse", "lost"),
    ("a resident with a replaced pass", Known(True, card(state=REPLACED)), OUT, "ask", "replaced"),
    ("a resident with a replaced pass comes home", Known(True, card(state=REPLACED)), IN, "ask", "by_door"),
    ("a withdrawn pass", Known(card=card(state=WITHDRAWN)), IN, "refuse", "withdrawn"),
    ("withdrawn until one", Known(card=card(state=WITHDRAWN, state_until=at(21, 13))), IN, "refuse", "withdrawn"),
    ("withdrawn until noon", Known(card=card(state=WITHDRAWN, state_until=NOON)), IN, "admit", "pass"),
    ("a forged pass", Known(card=card(state=FORGED)), IN, "refuse", "forged"),
    ("a forged pass of somebody who lives here", Known(True, card(state=FORGED)), IN, "ask", "forged"),
    ("a pass of yesterday", Known(card=card(end=at(21))), IN, "refuse", "over"),
    ("a pass of tomorrow", Known(card=card(first=at(22))), IN, "refuse", "not_yet"),
    ("within its hours", Known(card=card(SHOPPING_HOURS)), IN, "admit", "pass"),
    ("outside its hours", Known(card=card(AT_NIGHT)), IN, "refuse", "hours"),
    ("a visitor", Known(card=card(Rule(announced=True))), IN, "ask", "announce"),
    ("a visitor leaves", Known(card=card(Rule(announced=True))), OUT, "admit", "pass"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "way", "decision", "code"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_the_guard_does(known: Known, way: str, decision: str, code: str) -> None:
    found = judge(known, way, now=NOON)

    assert (found.decision, found.code) == (decision, code)


moments = st.integers(0, 8 * 24 * 60).map(lambda minutes: at(18) + timedelta(minutes=minutes))
rules = st.sampled_from([MAY_COME_AND_GO, EVERY_OTHER_DAY, SHOPPING_HOURS, AT_NIGHT, Rule(announced=True)])
cards = st.builds(
    card,
    rules,
    st.sampled_from([GOOD, LOST, REPLACED, WITHDRAWN, FORGED]),
    moments,
    moments,
    st.none() | moments,
)
anybody = st.builds(
    Known,
    st.booleans(),
    cards | st.none(),
    moments | st.none(),
    moments | st.none(),
    st.lists(moments, max_size=3).map(tuple),
    moments | st.none(),
)


@given(anybody, st.sampled_from(DIRECTIONS), moments)
def test_whoever_needs_a_doctor_passes_whatever_is_known(known: Known, way: str, now: datetime) -> None:
    assert judge(known, way, now=now, medical=True).decision == "admit"


@given(anybody, moments)
def test_nobody_is_refused_at_their_own_door(known: Known, now: datetime) -> None:
    if known.lives_here:
        assert judge(known, IN, now=now).decision != "refuse"


@given(anybody, st.sampled_from(DIRECTIONS), moments, st.timedeltas(timedelta(0), timedelta(days=4)))
def test_a_gate_without_a_network_says_the_same_at_every_moment(
    known: Known, way: str, now: datetime, later: timedelta
) -> None:
    """Exits that are still to come are told as they happen; all else is in the timeline."""
    known = Known(
        known.lives_here,
        known.card,
        known.held_until,
        known.barred_until,
        tuple(e for e in known.exits if e <= now),
    )
    steps = timeline(known, way, now=now, horizon=timedelta(days=4))

    assert _looked_up(steps, now + later) == judge(known, way, now=now + later)


def _looked_up(steps: list[Step], moment: datetime) -> object:
    return next(step.verdict for step in steps if step.until is None or moment < step.until)


def test_back_later_than_the_pass_allows() -> None:
    assert stayed_out_too_long(EVERY_OTHER_DAY, at(21, 9), at(21, 12, 1))
    assert not stayed_out_too_long(EVERY_OTHER_DAY, at(21, 9), at(21, 12))
    assert not stayed_out_too_long(MAY_COME_AND_GO, at(21, 9), at(23))
