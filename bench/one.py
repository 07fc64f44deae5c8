"""Runs one measurement in this process and prints its results as one line of JSON."""

import importlib
import json
import sys

MODULES = {
    "import": "bench.importing",
    "planning": "bench.planning",
    "settling": "bench.settling",
    "messages": "bench.messages",
    "board": "bench.boards",
    "search": "bench.searching",
    "matching": "bench.matching",
    "ledger": "bench.ledgers",
    "pages": "bench.pages",
    "memory": "bench.serving",
    "start": "bench.serving",
}


def main(name: str) -> None:
    """Measures what the name says."""
    module = importlib.import_module(MODULES[name])
    results = getattr(module, f"measure_{name}")()
    print(json.dumps([vars(result) for result in results]))


if __name__ == "__main__":
    main(sys.argv[1])
