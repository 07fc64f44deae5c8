"""Whatever the solver returns keeps every hard rule; on small cases nothing better exists; what stays open is explained."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.lib.clock import ZONE
from shouwang.roster.solver import Case, Limits, Offer, Shift, Span, Worker, gaps, solve

MONDAY = datetime(2022, 4, 18, tzinfo=ZONE)
TAGS = st.frozensets(st.sampled_from(["lead", "experienced", "drive"]), max_size=2)
STRAINS = st.frozensets(st.sampled_from(["night", "stairs"]), max_size=1)
ASKED_OF_A_BODY = st.frozensets(st.just("stairs"))
PLAIN, LED = frozenset[str](), frozenset({"lead"})


def span(day: int, hour: int, hours: int) -> Span:
    begins = MONDAY + timedelta(days=day, hours=hour)
    return Span(begins, begins + timedelta(hours=hours))


SPANS = st.builds(span, st.integers(0, 8), st.sampled_from([0, 7, 8, 15, 23]), st.sampled_from([4, 8, 12]))
OFFERS = st.lists(
    st.builds(
        Offer,
        st.frozensets(st.integers(0, 6), min_size=1),
        st.sampled_from([time(0), time(6), time(18)]),
        st.sampled_from([time(0), time(12), time(20)]),
    ),
    max_size=2,
).map(tuple)


@st.composite
def cases(draw: st.DrawFn, people: int = 8, shifts: int = 12) -> Case:
    spans = st.lists(SPANS, max_size=2).map(tuple)
    workers = [
        Worker(key, draw(TAGS), draw(STRAINS), draw(OFFERS), draw(spans), draw(spans), draw(spans))
        for key in range(draw(st.integers(0, people)))
    ]
    asked = [
        Shift(
            f"s{n}",
            n % 3,
            draw(SPANS),
            tuple(draw(st.lists(TAGS, min_size=1, max_size=3))),
            draw(ASKED_OF_A_BODY),
        )
        for n in range(draw(st.integers(0, shifts)))
    ]
    return Case(tuple(workers), tuple(asked), Limits())


def check_hard_rules(case: Case, given_places) -> None:
    """Said again here in the plainest words, so that the solver's own questions are not asked of themselves."""
    shifts = {one.key: one for one in case.shifts}
    workers = {one.key: one for one in case.workers}
    mine = defaultdict(list)
    assert len({(one.shift, one.place) for one in given_places}) == len(given_places)
    for one in given_places:
        shift, worker = shifts[one.shift], workers[one.worker]
        mine[one.worker].append(shift.span)
        assert shift.places[one.place] <= worker.can
        assert not any(
            away.starts_at < shift.span.ends_at and shift.span.starts_at < away.ends_at
            for away in worker.away
        )
        night = any(
            (shift.span.starts_at + timedelta(minutes=m)).time() >= time(22)
            or (shift.span.starts_at + timedelta(minutes=m)).time() < time(6)
            for m in range(0, int(shift.span.hours * 60), 30)
        )
        assert not (shift.strains & worker.cannot)
        assert not (night and "night" in worker.cannot)
    for key, spans in mine.items():
        for one in spans:
            for other in [*(s for s in spans if s is not one), *workers[key].worked]:
                first, second = sorted((one, other), key=lambda s: (s.starts_at, s.ends_at))
                assert second.starts_at - first.ends_at >= timedelta(hours=11)
            days = {s.starts_at.date() for s in [*spans, *workers[key].worked]}
            for back in range(7):
                week = {one.day + timedelta(days=ahead - back) for ahead in range(7)}
                assert len(days & week) <= 6


@settings(max_examples=120)
@given(cases())
def test_whatever_comes_out_keeps_every_hard_rule(case):
    roster = solve(case, seconds=5)
    check_hard_rules(case, roster.given)
    places = {(shift.key, place) for shift in case.shifts for place in range(len(shift.places))}
    assert {(one.shift, one.place) for one in roster.given} | set(roster.open) == places
    assert len(roster.given) + len(roster.open) == len(places)
    assert roster.bound <= roster.cost
    assert solve(case, seconds=5) == roster  # the same answer every time


def brute(case: Case) -> int:
    """The fewest open places: every way to give each place to anybody or nobody is tried."""
    places = [(shift, number) for shift in case.shifts for number in range(len(shift.places))]
    best = len(places)
    for chosen in product([None, *case.workers], repeat=len(places)):
        if chosen.count(None) >= best:
            continue
        spans: dict[int, list[Span]] = defaultdict(list)
        for (shift, number), worker in zip(places, chosen, strict=True):
            if worker is None:
                continue
            tired = case.too_tired([*worker.worked, *spans[worker.key]], shift.span)
            if case.why_not(worker, shift, number) or tired:
                break
            spans[worker.key].append(shift.span)
        else:
            best = chosen.count(None)
    return best


@settings(max_examples=40)
@given(cases(people=3, shifts=3))
def test_on_small_cases_nobody_fills_more(case):
    if sum(len(shift.places) for shift in case.shifts) <= 6:
        roster = solve(case, seconds=5)
        assert len(roster.open) == brute(case)
        assert roster.gap == 0


@pytest.mark.parametrize(
    ("workers", "shifts", "open_places"),
    [
        # eleven hours between two shifts: late, then early, is too soon; late, then late, is not
        ([Worker(1)], [(0, 15, 8, PLAIN), (1, 7, 8, PLAIN)], 1),
        ([Worker(1)], [(0, 15, 8, PLAIN), (1, 15, 8, PLAIN)], 0),
        # six days in seven
        ([Worker(1)], [(day, 8, 8, PLAIN) for day in range(7)], 1),
        ([Worker(1), Worker(2)], [(day, 8, 8, PLAIN) for day in range(7)], 0),
        # what a body must not be asked is never asked
        ([Worker(1, cannot=frozenset({"night"}))], [(0, 23, 8, PLAIN)], 1),
        # who leads must be able to
        ([Worker(1), Worker(2, LED)], [(0, 8, 8, LED), (0, 8, 8, LED)], 1),
        # hours that were not offered
        ([Worker(1, offers=(Offer(frozenset({5, 6})),))], [(0, 8, 8, PLAIN), (5, 8, 8, PLAIN)], 1),
        ([Worker(1, offers=(Offer(frozenset({5, 6})),))], [(5, 20, 10, PLAIN), (6, 20, 10, PLAIN)], 1),
    ],
)
def test_one_rule_at_a_time(workers, shifts, open_places):
    asked = [Shift(f"{n}", 1, span(*when), (asks,)) for n, (*when, asks) in enumerate(shifts)]
    assert len(solve(Case(tuple(workers), tuple(asked))).open) == open_places


def test_turns_nights_and_leading_go_round_and_wishes_are_kept():
    free = Span(MONDAY, MONDAY + timedelta(days=1))
    workers = (Worker(1, LED, wishes=(free,)), Worker(2, LED), Worker(3))
    shifts = [Shift(f"n{d}", 1, span(d, 22, 8), (PLAIN,)) for d in range(3)]
    shifts += [Shift(f"l{d}", 2, span(d, 8, 4), (LED,)) for d in (4, 5)]
    roster = solve(Case(workers, tuple(shifts)))
    nights, led = defaultdict(int), defaultdict(int)
    for one in roster.given:
        (nights if one.shift[0] == "n" else led)[one.worker] += 1
    assert dict(nights) == {1: 1, 2: 1, 3: 1}
    assert dict(led) == {1: 1, 2: 1}
    assert ("n0", 1) not in {(one.shift, one.worker) for one in roster.given}
    assert (roster.cost, roster.gap) == (0, 0)


def test_an_open_place_says_whom_against_which_rule_by_how_much():
    tired = Worker(1, worked=(span(0, 15, 8),))
    pregnant = Worker(2, cannot=frozenset({"outdoors"}))
    asleep = Worker(3, worked=(span(0, 17, 8),))  # six hours of rest are not asked of anybody
    case = Case(
        (tired, pregnant, asleep), (Shift("early", 1, span(1, 7, 8), (PLAIN,), frozenset({"outdoors"})),)
    )
    [gap] = gaps(case, solve(case))
    assert [(way.worker, way.rule, way.by) for way in gap.ways] == [(1, "rest", 3.0)]
    assert dict(gap.kept_away) == {"rest": 1, "must_not": 1, "tired": 1}
