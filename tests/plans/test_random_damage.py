"""Whatever is dropped from a plan or written into it: it loads, or it is refused in words."""

import copy
import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shouwang.plans.differences import differences
from shouwang.plans.form.entries import entries
from shouwang.plans.loader import PlanRefusal, load_tables, shipped
from shouwang.plans.rules_page import render
from shouwang.plans.schema import Plan

TABLES = {name: tomllib.loads(path.read_text(encoding="utf-8")) for name, path in shipped().items()}


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, child in inside for found in ((*path, key), *_places(child, (*path, key)))]


PLACES = {name: _places(tables) for name, tables in TABLES.items()}
SPOTS = st.sampled_from([(name, place) for name, places in PLACES.items() for place in places])
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.lists(st.one_of(st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2)), max_size=4),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
    st.sampled_from(["home", "close_contact", "hospital", "high", "core", ["last_exposure"], [7, 3], [], {}]),
)
DROP = object()


def _damaged(name: str, place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    tables = copy.deepcopy(TABLES[name])
    inside: Any = tables
    for key in place[:-1]:
        inside = inside[key]
    if value is DROP:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    return tables


@settings(max_examples=300)
@given(SPOTS, st.one_of(st.just(DROP), VALUES))
def test_one_change_loads_or_is_refused_in_words(spot: tuple[str, tuple[Any, ...]], value: Any) -> None:
    try:
        plan = load_tables(_damaged(*spot, value), file="damaged.toml")
    except PlanRefusal as refusal:
        told = [problem.key and problem.why for problem in refusal.problems]
    else:
        told = [_said_of(plan)]
    assert told
    assert all(told)


def _said_of(plan: Plan) -> str:
    """What loads can be laid out, compared and printed."""
    assert all(entry.source for entry in entries(plan) if entry.is_number)
    assert differences(plan, plan) == []
    return render([plan])
