"""What a guard does about whoever stands at the gate: the verdict of their standing, and what only a gate can see.

Pure: values in, values out. Nobody who lives here is turned back for a reading, and nobody who needs a doctor waits for one.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from shouwang.gates.known import Whom
from shouwang.gates.models import COMPOUND, HOME, HOME_LATE, Gate
from shouwang.plans.fever import is_fever
from shouwang.plans.form.people import Temperature
from shouwang.plans.schema import Plan
from shouwang.standing.verdict import ADMIT, ASK, IN, MEDICAL, REFUSE, Verdict, judge, stayed_out_too_long

AGAIN, COLD, ASIDE, BACK = "fever_again", "cold_again", "aside", "aside_outside"
LATE = Verdict(ADMIT, HOME_LATE)
EMERGENCY, EXPECTED = Verdict(ADMIT, "emergency"), Verdict(ADMIT, "expected")
REGISTERED, TURN_ROUND = Verdict(ADMIT, "registered"), Verdict(REFUSE, "outside_vehicle")
BY_DOOR, ANNOUNCE, FETCHED, COPIED = (
    Verdict(ASK, code) for code in ("by_door", "announce", "fetched", "copied")
)


def decide(whom: Whom, came: Any, gate: Gate, plan: Plan | None, *, now: datetime) -> Verdict:
    """Admit, refuse or ask, by what is known. Shape: `came` is what the phone told, an `events.Came`.

    A face that the guard knows is asked for the door. A visitor is handed over to the host who comes to the gate, announced or not,
    unless the plan lets those in who were announced. On a road everybody may pass who is registered, but for vehicles from
    outside where the plan turns them back.
    """
    if came.medical:
        return MEDICAL
    if came.kind == "emergency":
        return EMERGENCY
    found = judge(whom.known, came.direction, now=now)
    if found.decision == ADMIT and whom.copied:
        return COPIED
    if found.code == HOME and _late(whom, now):
        return LATE
    if found.code == "no_pass" and gate.kind != COMPOUND:
        closed = plan is not None and plan.gates is not None and plan.gates.outside_vehicles == "refuse"
        return TURN_ROUND if closed and came.plate and came.outside else REGISTERED
    if found.code == "no_pass" and came.kind == "resident" and came.person is None:
        return BY_DOOR
    if came.direction == IN and found.code in ("no_pass", "announce") and came.kind == "visitor":
        welcome = FETCHED if _brought_in(plan) else EXPECTED
        return welcome if whom.announced else ANNOUNCE if came.host else found
    return found


def _late(whom: Whom, now: datetime) -> bool:
    card, went_at = whom.known.card, whom.went_at
    return card is not None and went_at is not None and stayed_out_too_long(card.rule, went_at, now)


def _brought_in(plan: Plan | None) -> bool:
    kind = plan.gates.passes.get("visitor") if plan and plan.gates else None
    return kind is not None and kind.brought_in_by_resident


def with_heat(
    verdict: Verdict, first: Decimal | None, second: Decimal | None, limits: Temperature | None, *,
    lives_here: bool, on_fever: str | None,
) -> Verdict:  # fmt: skip
    """The verdict with the readings looked at: only what would have been let through can still be asked aside."""
    if verdict.decision == REFUSE or verdict in (MEDICAL, EMERGENCY) or first is None:
        return verdict
    reading = first if second is None else second
    if is_fever(reading, limits):
        if second is None:
            return Verdict(ASK, AGAIN)
        return Verdict(REFUSE, BACK) if on_fever == "turn_back" and not lives_here else Verdict(ASK, ASIDE)
    cold = limits.ask_again_below_c if limits else None
    if second is None and cold is not None and first < Decimal(str(cold)) and verdict.decision == ADMIT:
        return Verdict(ASK, COLD)
    return verdict
