"""Pushed lists against the register: seconds, memory, how time grows, and that nobody wrong is ever found."""

import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log2
from typing import TYPE_CHECKING

from bench.district import COMMUNITIES, DISTRICT, installed, owner
from bench.result import Result, at_most
from bench.scratch import FULL_SIZE, say, size
from bench.town import Founder, Town

if TYPE_CHECKING:  # these need the installation to be there
    from bench.pushed import Pushed
    from shouwang.register.matching import Match

SMALL_PEOPLE, SMALL_ROWS = 12_500, 1_103
GOAL_SMALL_S, GOAL_LARGE_S, GOAL_MB = 3, 30, 1_000
ROWS_PER_PERSON = 10
STEPS = (COMMUNITIES // 8, COMMUNITIES)  # communities after which growth is measured
GOAL_GROWTH = 1.2  # beyond n log n, for what a busy machine adds
SEEDS = range(1, 7)
REACHED, FOUND = 0.99, 0.85
KIB_PER_MIB = 1024


def measure_matching() -> list[Result]:
    """A community's evening, a city's list, and invented towns with their own damage."""
    installed()
    scale = size() / FULL_SIZE
    results = [_small(max(200, int(SMALL_PEOPLE * min(1.0, scale * 10)))), *_towns(scale)]
    return [*results, *_large(scale)]


def _small(people: int) -> Result:
    seconds, _ = _settled_and_matched(Founder(1).town(people, f"{DISTRICT}001001"), SMALL_ROWS)
    return at_most("matching", seconds, "s", GOAL_SMALL_S)


def _towns(scale: float) -> Iterator[Result]:
    """Every seed is another town with another list; what counts is the sum."""
    told: Counter[str] = Counter()
    for seed in SEEDS:
        town = Founder(seed).town(max(200, int(SMALL_PEOPLE * scale)), f"{DISTRICT}001001")
        told += _settled_and_matched(town, max(200, int(4_000 * scale)), seed)[1]
    say(f"{told.total():,} rows of {len(SEEDS)} towns: {dict(told)}")
    yield _right("matching.right", told)
    true = told["found"] + told["first"] + told["missed"]
    yield _at_least("matching.reached", (told["found"] + told["first"]) / true, REACHED)
    yield _at_least("matching.found", told["found"] / true, FOUND)


def _large(scale: float) -> list[Result]:
    """A register filled community by community; rows are matched at an eighth and at the whole of it."""
    from bench.settled import clear, settle

    pushed: list[Pushed] = []
    seconds: list[tuple[int, float]] = []
    told: Counter[str] = Counter()
    people = 0
    each = max(50, int(SMALL_PEOPLE * scale))
    for first, last in zip((0, *STEPS), STEPS, strict=False):
        say(f"settling communities {first + 1} to {last} of {COMMUNITIES}, {each:,} people each")
        with owner() as connection:
            if not first:
                clear(connection)
            people += settle(_filling(range(first, last), each, pushed), connection)
        taken, told = _timed(pushed, DISTRICT)
        seconds.append((people, taken))
        say(f"{len(pushed):,} rows against {people:,} people: {taken:.1f} s, {dict(told)}")
    (fewer, short), (more, long) = seconds
    allowed = more * log2(more) / (fewer * log2(fewer))
    growth = long / short / allowed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB
    megabytes = peak / (KIB_PER_MIB if sys.platform == "darwin" else 1)
    return [
        at_most("matching.city", long, "s", GOAL_LARGE_S),
        at_most("matching.city.memory", megabytes, "MB", GOAL_MB),
        _right("matching.city.right", told),
        at_most("matching.growth", growth, "× n log n", GOAL_GROWTH),
    ]


def _right(name: str, told: Counter[str]) -> Result:
    return _at_least(name, told["found"] / (told["found"] + told["wrong"]), 1.0)


def _at_least(name: str, share: float, goal: float) -> Result:
    return Result(name, round(share, 5), "", None, None, f"≥ {goal}", share >= goal)


def _filling(numbers: Iterable[int], people: int, pushed: "list[Pushed]") -> Iterator[Town]:
    """Towns on their way into the register; a tenth as many rows about each are kept, the town is forgotten."""
    from bench.pushed import Sender

    for number in numbers:
        code = f"{DISTRICT}{1 + number // 10:03d}{1 + number % 10:03d}"
        town = Founder(100 + number, 1 + number * 1_000_000, number * 20_000).town(
            people, code, f"第{number + 1}社区"
        )
        pushed += Sender(town, number).rows(people // ROWS_PER_PERSON)
        yield town


def _settled_and_matched(town: Town, rows: int, seed: int = 0) -> tuple[float, Counter[str]]:
    from bench.pushed import Sender
    from bench.settled import clear, settle

    with owner() as connection:
        clear(connection)
        settle([town], connection)
    return _timed(Sender(town, 1_000 + seed).rows(rows), town.code)


def _timed(pushed: "list[Pushed]", area: str) -> tuple[float, Counter[str]]:
    from shouwang.access.scope import scope
    from shouwang.register.matching import match

    begun = time.perf_counter()
    with scope([area]):
        answers = match([each.row for each in pushed], areas=[area])
    seconds = time.perf_counter() - begun
    return seconds, Counter(map(_verdict, pushed, answers))


def _verdict(pushed: "Pushed", answer: "Match") -> str:
    first = answer.candidates[0].person if answer.candidates else None
    if answer.outcome == "found":
        if first != pushed.person and os.environ.get("SHOUWANG_BENCH_SHOW"):
            say(f"{pushed} {answer}")
        return "found" if first == pushed.person else "wrong"
    if pushed.person is None:
        return "nobody"
    return "first" if first == pushed.person else "missed"
