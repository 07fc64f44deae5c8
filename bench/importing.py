"""The register of 12,500 people from its workbook into an empty installation."""

import os
import resource
import sys
import time
from pathlib import Path

from bench.district import MORNING, installed
from bench.result import Result, at_most
from bench.scratch import ROOT, say, size

GIVEN = ROOT.parent / "shared" / "data" / "祥云社区_人口信息底册.xlsx"
GOAL_SECONDS, GOAL_MB = 10, 400
KIB_PER_MIB = 1024
FULL_PEOPLE = 12_500


def measure_import() -> list[Result]:
    """Seconds, and the most memory that the importing process held."""
    installed()
    from shouwang.access.scope import everything
    from shouwang.register.importing.people import import_register

    book = GIVEN if GIVEN.exists() and size() >= FULL_PEOPLE else _demo_book()
    say(f"importing {book.name}")
    begun = time.perf_counter()
    with everything("bench: importing", at=MORNING):
        report = import_register(book, book.name, community=None, by=None, at=MORNING)
    seconds = time.perf_counter() - begun
    say(f"{report.people:,} people, {report.households:,} households")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / KIB_PER_MIB / (KIB_PER_MIB if sys.platform == "darwin" else 1)
    return [at_most("import", seconds, "s", GOAL_SECONDS), at_most("import.memory", megabytes, "MB", GOAL_MB)]


def _demo_book() -> Path:
    from shouwang.demo.population import PEOPLE, Size, write_books

    folder = Path(os.environ["SHOUWANG_DATA"]) / "books"
    folder.mkdir()
    _, books = write_books(folder, Size.of(min(1.0, size() / PEOPLE)), MORNING)
    return books[0]
