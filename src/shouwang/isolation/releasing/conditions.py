"""What must hold for somebody's end, by the plan: a checklist that is computed, never ticked. Values in, values out.

Nobody is kept by this list. On the hour the hold ends by itself; where a condition fails, somebody must have asked for
longer, with a reason, before then. What is not known yet, a pending result above all, is not a failed condition.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shouwang.plans.form.people import Regime, Release

NEGATIVE, POSITIVE, PENDING = ("negative", "positive", "pending")
WORDS: dict[Release, str] = {
    "period_full": "时间满了",
    "tests_negative": "该做的检测都是阴性",
    "no_symptoms": "没有发热和不舒服",
    "community_verified": "社区上门核实过",
    "primary_tests_negative": "所跟密接的头几次检测是阴性",
    "notice_issued": "解除告知书已发",
}


@dataclass(frozen=True)
class Known:
    """What is known of somebody whose end comes.

    Shape: `results` of the own tests and `primary_results` of the contact whom they follow, each in their order:
    `NEGATIVE`, `POSITIVE` or `PENDING`; `tests` is how many are due in all; `ill` is None where nobody has measured lately.
    """

    now: datetime
    until: datetime
    tests: int = 0
    results: Sequence[str] = ()
    primary_results: Sequence[str] = ()
    ill: bool | None = None
    seen: bool = False
    told: bool = False


@dataclass(frozen=True)
class Condition:
    """One condition of the end. Shape: `holds` is None where it is not known yet."""

    key: Release
    words: str
    holds: bool | None


def conditions(regime: Regime, known: Known) -> list[Condition]:
    """What the plan asks for before somebody goes, each with whether it holds."""
    return [Condition(key, WORDS[key], _holds(key, regime, known)) for key in regime.release]


def failed(found: Iterable[Condition]) -> list[Condition]:
    """What is known not to hold, so that somebody must ask for longer before the hour of the end. Waiting is not failing."""
    return [one for one in found if one.holds is False]


def _holds(key: Release, regime: Regime, known: Known) -> bool | None:
    if key == "tests_negative":
        return _negative(known.results, known.tests)
    if key == "primary_tests_negative":
        first = regime.follow.first_tests if regime.follow else 0
        return _negative(known.primary_results[:first], first)
    if key == "no_symptoms":
        return None if known.ill is None else not known.ill
    facts = {
        "period_full": known.now >= known.until, "community_verified": known.seen, "notice_issued": known.told,
    }  # fmt: skip
    return facts[key] or None


def _negative(results: Sequence[str], many: int) -> bool | None:
    """A positive one fails; as many negative ones as are due hold; before that nothing is known."""
    if POSITIVE in results:
        return False
    return True if results.count(NEGATIVE) >= many else None
