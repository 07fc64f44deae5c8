"""What a phone takes along for a compound of 1,000 people: how large, how soon, and how soon only what changed."""

import time
from datetime import timedelta
from typing import Any

from bench.district import FIRST_COMMUNITY, NOON
from bench.result import Result, at_most, percentile

TIMES = 11
GOAL_KB, GOAL_MS, GOAL_DELTA_MS = 150, 200, 50
BYTES_PER_KB = 1024
BUILDINGS = 10  # of a hundred doors each


def measure_package(phone: Any) -> list[Result]:
    """Through the served endpoint, signed and compressed; between two of them somebody is visited."""
    whole, changed, size = [], [], 0
    for number in range(TIMES):
        phone.version = ""
        reply, seconds = _fetched(phone)
        whole.append(seconds)
        size = max(size, len(reply.body))
        door = int(min(phone.parts["doors"], key=int)) + number
        phone.tell(
            "screening.visit",
            {"household": door},
            worker=phone.workers[0]["id"],
            at=NOON - timedelta(minutes=1),
        )
        phone.send(at=NOON)
        changed.append(_fetched(phone)[1])
    if len(phone.parts["people"]) != BUILDINGS * 100:
        raise RuntimeError(f"a package of {len(phone.parts['people'])} people")
    return [
        at_most("package.size", size / BYTES_PER_KB, "kB", GOAL_KB),
        at_most("package", percentile(whole, 0.5) * 1000, "ms", GOAL_MS),
        at_most("package.delta", percentile(changed, 0.5) * 1000, "ms", GOAL_DELTA_MS),
    ]


def areas() -> list[str]:
    """Ten buildings of the first community."""
    return [f"{FIRST_COMMUNITY}01{number:03d}" for number in range(1, BUILDINGS + 1)]


def _fetched(phone: Any) -> tuple[Any, float]:
    begun = time.perf_counter()
    reply = phone.fetch_package()
    seconds = time.perf_counter() - begun
    if reply.status != 200:
        raise RuntimeError(f"the package was answered {reply.status}")
    return reply, seconds
