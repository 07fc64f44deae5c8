"""The first file to read tells the truth."""

from importlib import import_module
from pathlib import Path

from shouwang import flows
from shouwang.catalogue import DUTY_KINDS, FLOWS, RETENTION
from shouwang.plans.loader import load, shipped


def test_every_flow_is_listed_and_there() -> None:
    there = {
        ".".join(("shouwang.flows", *file.relative_to(flows.__path__[0]).with_suffix("").parts))
        for file in Path(flows.__path__[0]).rglob("*.py")
        if file.stem != "__init__"
    }
    assert set(FLOWS) == there
    for name in FLOWS:
        assert import_module(name).__doc__


def test_every_plan_says_who_answers_for_the_kinds_that_it_uses() -> None:
    for path in shipped().values():
        answers = load(path).answers
        assert {kind for kind in DUTY_KINDS if kind == "screening.visit"} <= set(answers), path.name
        assert all(answers.values())


def test_every_plan_says_how_long_everything_personal_is_kept() -> None:
    for path in shipped().values():
        assert {one.rule for one in RETENTION} - set(load(path).retention) == set(), path.name
