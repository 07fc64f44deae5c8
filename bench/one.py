"""Runs one measurement in this process and prints its results as one line of JSON."""

import importlib
import json
import sys

MODULES = {
    "import": "bench.importing",
    "planning": "bench.planning",
    "round": "bench.rounds",
    "results": "bench.results",
    "door-rounds": "bench.rounds",
    "settling": "bench.settling",
    "messages": "bench.messages",
    "events": "bench.events",
    "gate": "bench.gate",
    "gate-offline": "bench.offline",
    "isolation": "bench.isolation",
    "board": "bench.boards",
    "search": "bench.searching",
    "matching": "bench.matching",
    "roster": "bench.roster",
    "ledger": "bench.ledgers",
    "supplies": "bench.goods",
    "pages": "bench.pages",
    "closing": "bench.closing",
    "inbox": "bench.inbox",
    "paint": "bench.paint",
    "app": "bench.app",
    "memory": "bench.serving",
    "start": "bench.serving",
}


def main(name: str) -> None:
    """Measures what the name says."""
    module = importlib.import_module(MODULES[name])
    results = getattr(module, f"measure_{name.replace('-', '_')}")()
    print(json.dumps([vars(result) for result in results]))


if __name__ == "__main__":
    main(sys.argv[1])
