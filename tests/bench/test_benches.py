"""Each measurement runs and says what it should; how fast is for `shouwang bench`, on a machine with nothing else to do."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench import BENCHES, NAMES
from bench.one import MODULES
from bench.result import at_most, percentile

MEASURED = {
    "import": {"import", "import.memory"},
    "planning": {"planning"},
    "settling": {"settling"},
    "board": {"board.community", "board.district", "line.community", "line.district"},
    "matching": {
        "matching",
        "matching.right",
        "matching.reached",
        "matching.found",
        "matching.city",
        "matching.city.memory",
        "matching.city.right",
        "matching.growth",
    },
    "search": {"search.community", "search.district (80 communities)"},
}


def test_every_name_has_its_measurement():
    assert set(BENCHES) == set(NAMES) == set(MODULES) >= set(MEASURED)


@pytest.mark.slow
@pytest.mark.parametrize("name", MEASURED)
def test_a_small_one_runs_in_surroundings_of_its_own(name, monkeypatch):
    monkeypatch.setenv("SHOUWANG_BENCH_SIZE", "2000")
    results = BENCHES[name]()
    assert {result.name for result in results} == MEASURED[name]
    for result in results:
        assert result.measured > 0
        assert result.goal
        assert isinstance(result.holds, bool)
        assert (result.reference is None) == (result.ratio is None) == (name != "planning")


@pytest.mark.parametrize(("measured", "holds"), [(9.9, True), (10.0, True), (10.1, False)])
def test_a_figure_holds_up_to_its_goal(measured, holds):
    assert at_most("import", measured, "s", 10).holds is holds


@pytest.mark.parametrize(("share", "found"), [(0.5, 51), (0.95, 96), (0.999, 100)])
def test_a_percentile_is_one_of_the_durations(share, found):
    assert percentile([float(number) for number in range(100, 0, -1)], share) == found
