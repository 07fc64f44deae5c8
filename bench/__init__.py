"""What measures speed: each figure with its goal, and with a reference from the same run where there is one.

`shouwang bench [NAME…]` calls these. Each runs in a process and a data folder of its own, which are gone afterwards.
"""

from collections.abc import Callable
from functools import partial

from bench.result import Result
from bench.scratch import in_own_process

NAMES = (
    "import",
    "planning",
    "round",
    "results",
    "door-rounds",
    "settling",
    "messages",
    "events",
    "gate",
    "gate-offline",
    "isolation",
    "board",
    "search",
    "matching",
    "roster",
    "ledger",
    "supplies",
    "pages",
    "closing",
    "inbox",
    "paint",
    "app",
    "memory",
    "start",
)
BENCHES: dict[str, Callable[[], list[Result]]] = {name: partial(in_own_process, name) for name in NAMES}

__all__ = ["BENCHES", "NAMES", "Result"]
