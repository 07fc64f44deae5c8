"""Searching among a million people while somebody types, as the app role inside a scope."""

import time
from random import Random

from bench.district import (
    COMMUNITIES,
    DISTRICT,
    FIRST_COMMUNITY,
    GIVEN,
    SURNAMES,
    installed,
    make_households,
    make_people,
    owner,
)  # fmt: skip
from bench.result import Result, at_most, percentile
from bench.scratch import say

TIMES = 200
GOAL_MS = 100
# Five keys for each person, as the register writes them: the name from each character on, and two numbers' last four.
KEYS = """
INSERT INTO register_searchkey (area_code, community, key, person_id)
SELECT area_code, left(area_code, 12), key, id FROM register_person,
  LATERAL (VALUES (name), (substr(name, 2)), (substr(name, 3)), (lpad(mod(id, 10000)::text, 4, '0')),
                  (lpad(mod(id * 7919, 10000)::text, 4, '0'))) AS made(key)
ORDER BY left(area_code, 12), key
"""


def measure_search() -> list[Result]:
    """What is typed is drawn by chance: a surname, two characters, a name, four digits; p95 of two hundred."""
    installed()
    make_households()
    make_people()
    say("writing the search keys")
    with owner() as connection:
        connection.execute(KEYS)
        connection.execute("ANALYZE register_searchkey")
    return [
        at_most("search.community", _p95(FIRST_COMMUNITY), "ms", GOAL_MS),
        at_most(f"search.district ({COMMUNITIES} communities)", _p95(DISTRICT), "ms", GOAL_MS),
    ]


def _p95(area: str) -> float:
    from shouwang.access.scope import scope
    from shouwang.register.finding.search import search

    random = Random(7)
    durations = []
    for _ in range(TIMES):
        name = random.choice(SURNAMES) + random.choice(GIVEN) + random.choice(GIVEN)
        typed = random.choice((name[:1], name[:2], name, name[1:], f"{random.randrange(10_000):04d}"))
        begun = time.perf_counter()
        with scope([area]):
            search(typed, codes=[area])
        durations.append(time.perf_counter() - begun)
    return percentile(durations, 0.95) * 1000
