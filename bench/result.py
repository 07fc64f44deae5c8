"""One measured figure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """What was measured and whether it reaches its goal.

    Shape: `reference` is what was measured beside it in the same run, `ratio` the figure in terms of it; both are
    None where a figure stands alone. `goal` is the sentence of DESIGN.md's yardstick.
    """

    name: str
    measured: float
    unit: str
    reference: float | None
    ratio: float | None
    goal: str
    holds: bool


def at_most(name: str, measured: float, unit: str, goal: float, words: str = "") -> Result:
    """A figure that stands alone."""
    return Result(name, round(measured, 3), unit, None, None, words or f"≤ {goal:g} {unit}", measured <= goal)


def percentile(durations: list[float], share: float) -> float:
    """The duration that so large a share of them does not exceed."""
    return sorted(durations)[min(len(durations) - 1, int(len(durations) * share))]
