"""The shipped plans, read once."""

import pytest

from shouwang.plans.loader import load, shipped
from shouwang.plans.schema import Plan


@pytest.fixture(scope="session")
def plans() -> dict[str, Plan]:
    return {name: load(path) for name, path in shipped().items()}


@pytest.fixture(scope="session")
def ninth(plans: dict[str, Plan]) -> Plan:
    return plans["covid_9th"]
