"""Rosters: a community's week for 158 people, and a street's week at 59 gates for 400; to the first full one and to the best."""

import time as stopwatch
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bench.result import Result, at_most
from bench.scratch import say
from shouwang.roster.solver import Case, Offer, Roster, Shift, Span, Worker, solve

MONDAY = datetime(2022, 4, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
GOAL_WEEK_S, GOAL_FULL_S, GOAL_BEST_S = 30, 3, 15
DAYS, GATES, MAIN_GATES, PEOPLE, QUARTERS = 7, 59, 30, 400, 6
WISHING = 0.4  # so many would like one day of the week free
PLAIN = frozenset[str]()
EXPERIENCED, LEAD = frozenset({"experienced"}), frozenset({"lead"})
MEDICAL, DRIVER = frozenset({"medical"}), frozenset({"drive"})
EVERY_DAY = frozenset(range(DAYS))
# When the 158 of the example workbook can come, and how many of them.
OFFERED = (
    (36, (Offer(frozenset({5, 6})),)),
    (30, (Offer(EVERY_DAY, time(12), time(0)),)),
    (29, (Offer(EVERY_DAY, time(6), time(20)),)),
    (27, (Offer(EVERY_DAY, time(18), time(8)),)),
    (20, (Offer(EVERY_DAY, time(6), time(12)),)),
    (16, ()),
)
# What must not be asked of them, and of how many.
SPARED = (
    (0.11, {"night", "heavy"}),
    (0.06, {"stairs"}),
    (0.06, {"night"}),
    (0.05, {"night", "stairs", "heavy"}),
)


def measure_roster() -> list[Result]:
    """Seconds until a roster fills all places, and until nothing better is proven to exist or the time is up."""
    week, _, _ = _timed(_community(Random(1)), GOAL_WEEK_S - 5)
    taken, full, proven = _timed(_street(Random(1)), GOAL_BEST_S)
    best = taken if proven else taken + GOAL_BEST_S
    return [
        at_most("roster.week", week, "s", GOAL_WEEK_S),
        at_most("roster.gates.full", full, "s", GOAL_FULL_S),
        at_most("roster.gates.best", best, "s", GOAL_BEST_S),
    ]


def _timed(case: Case, seconds: float) -> tuple[float, float, bool]:
    """How long it took in all, and until the first one without an open place; whether nothing better exists."""
    begun, full = stopwatch.perf_counter(), [float("inf")]

    def tell(cost: int, _bound: int) -> None:
        if cost < 1000:
            full[0] = min(full[0], stopwatch.perf_counter() - begun)

    roster: Roster = solve(case, seconds=seconds, tell=tell)
    taken = stopwatch.perf_counter() - begun
    places = sum(len(shift.places) for shift in case.shifts)
    say(
        f"{len(case.workers)} people, {len(case.shifts)} shifts, {places} places: {len(roster.open)} open, "
        f"cost {roster.cost}, at least {roster.bound}, {taken:.1f} s"
    )
    return taken, min(full[0], seconds + taken), roster.gap == 0


def _community(chance: Random) -> Case:
    """158 people with what the example workbook says of them; 13 gates in three watches, 7 points, 3 squads."""
    offers = [offered for many, offered in OFFERED for _ in range(many)]
    workers = tuple(_helper(key, offered, chance) for key, offered in enumerate(offers))
    shifts = []
    for day in range(DAYS):
        for gate in range(13):
            for hour, hours, places in (
                (6, 6, (EXPERIENCED, PLAIN)),
                (12, 8, (EXPERIENCED, PLAIN)),
                (20, 10, (PLAIN,)),
            ):
                shifts.append(Shift(f"gate {gate} {day} {hour}", gate, _span(day, hour, hours), places))
        for point in range(7):
            shifts.append(
                Shift(f"point {point} {day}", 100 + point, _span(day, 7, 5), (MEDICAL, PLAIN, PLAIN))
            )
        for squad, (places, strains) in enumerate(
            (
                ((LEAD, PLAIN, PLAIN), {"heavy"}),
                ((DRIVER, PLAIN), ()),
                ((EXPERIENCED, PLAIN, PLAIN), {"stairs"}),
            )
        ):
            shifts.append(
                Shift(f"squad {squad} {day}", 200 + squad, _span(day, 14, 4), places, frozenset(strains))
            )
    return Case(workers, tuple(shifts))


def _street(chance: Random) -> Case:
    """400 people; 30 main gates with two guards by day, 29 others with one, three shifts of eight hours."""
    workers = []
    for key in range(PEOPLE):
        can = {"experienced"} if chance.random() < 0.5 else set()
        cannot = {"night"} if chance.random() < 0.15 else set()
        workers.append(
            Worker(key, frozenset(can), frozenset(cannot), wishes=_wishes(chance), near=str(key % QUARTERS))
        )
    shifts = []
    for day in range(DAYS):
        for gate in range(GATES):
            pair = (EXPERIENCED, PLAIN) if gate < MAIN_GATES else (PLAIN,)
            for hour, places in ((7, pair), (15, pair), (23, pair[:1])):
                span = _span(day, hour, 8)
                shifts.append(Shift(f"{gate} {day} {hour}", gate, span, places, area=str(gate % QUARTERS)))
    return Case(tuple(workers), tuple(shifts))


def _helper(key: int, offered: tuple[Offer, ...], chance: Random) -> Worker:
    can = {"experienced"} if chance.random() < 0.5 else set()
    can |= LEAD | EXPERIENCED if chance.random() < 0.2 else PLAIN
    trade = chance.random()
    can |= MEDICAL if trade < 0.16 else DRIVER if trade < 0.3 else PLAIN
    return Worker(key, frozenset(can), _spared(chance.random()), offered, wishes=_wishes(chance))


def _spared(drawn: float) -> frozenset[str]:
    for share, strains in SPARED:
        if drawn < share:
            return frozenset(strains)
        drawn -= share
    return PLAIN


def _wishes(chance: Random) -> tuple[Span, ...]:
    return (_span(chance.randrange(DAYS), 0, 24),) if chance.random() < WISHING else ()


def _span(day: int, hour: int, hours: int) -> Span:
    begins = MONDAY + timedelta(days=day, hours=hour)
    return Span(begins, begins + timedelta(hours=hours))
