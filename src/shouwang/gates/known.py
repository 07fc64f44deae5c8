"""What is known of whoever stands at a gate, put together for one or for thousands, so that `verdict.judge` can say yes or no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from shouwang.access.asking import Question, Rows, ask, written
from shouwang.gates.models import Gate
from shouwang.plans.schema import Plan
from shouwang.standing import tokens
from shouwang.standing.cards import kinds_of, rule_of
from shouwang.standing.verdict import FORGED, GOOD, LOST, REPLACED, WITHDRAWN, Card, Known, Rule

ELSEWHERE = "elsewhere"
FREE = Rule()


@dataclass(frozen=True)
class Asked:
    """Somebody stands at a gate: with which pass, as whom, in which car. Shape: `scanned` is the raw text of the code."""

    gate: Gate
    at: datetime
    card: UUID | None = None
    person: int | None = None
    plate: str = ""
    expected: UUID | None = None
    scanned: str = ""


class Whom(NamedTuple):
    """Who it turned out to be, as the register now keeps them.

    Shape: `announced` where a household expects them; `copied` where the pass was at another gate in the minute before; `went_at`
    where the last that was seen of the pass is that it went out, and not to a doctor.
    """

    known: Known
    person: int | None
    announced: bool
    copied: bool = False
    went_at: datetime | None = None


def known_of(asked: Sequence[Asked], plan: Plan | None) -> list[Whom]:
    """For each, in their order. Cost: one statement, however many."""
    return understood(asked, ask(question_about(asked)), plan) if asked else []


def question_about(asked: Sequence[Asked]) -> Question:
    """What the register is asked about them; of the gates it need not know more than which."""
    rows = [
        {
            "n": place, "gate": one.gate.pk, "card": one.card, "person": one.person, "plate": one.plate,
            "expected": one.expected, "at": one.at,
        }
        for place, one in enumerate(asked)
    ]  # fmt: skip
    return Question(written(__file__, "known.sql"), {"rows": msgspec.json.encode(rows).decode()})


def understood(asked: Sequence[Asked], found: Rows, plan: Plan | None) -> list[Whom]:
    """The answer, one for each who was asked about."""
    rules = rules_of(plan)
    return [whom(one, row, rules) for one, row in zip(asked, found, strict=True)]


def whom(asked: Asked, row: Mapping[str, Any], rules: Mapping[str, Rule]) -> Whom:
    """One row of `known.sql`, understood."""
    inside = str(row["home"] or "").startswith(asked.gate.area_code) and not row["has_left"]
    known = Known(
        lives_here=inside, card=_card(asked, row, rules), held_until=row["held_until"],
        barred_until=row["barred_until"], exits=tuple(row["exits"]), one_held_until=row["one_held_until"],
    )  # fmt: skip
    return Whom(known, row["person"], row["announced"], row["copied"], row["went_at"])


def rules_of(plan: Plan | None) -> dict[str, Rule]:
    """What each kind of pass allows, by the plan; a number that nobody has set limits nobody."""
    return {name: rule_of(kind) for name, kind in kinds_of(plan).items()}


def _card(asked: Asked, row: Mapping[str, Any], rules: Mapping[str, Rule]) -> Card | None:
    """The pass as it was shown: what the register says of it counts, and what it says itself where nobody knows it here."""
    token = tokens.read(asked.scanned) if asked.scanned.startswith(tokens.MARK) else None
    if asked.scanned.startswith(tokens.MARK) and (token is None or asked.card not in (None, token.id)):
        return Card(FREE, asked.at, asked.at, FORGED)
    if row["kind"] is not None:
        state = _state(asked, row)
        return Card(rules.get(row["kind"], FREE), row["from_at"], row["until"], state, row["withdrawn_until"])
    if token:
        return Card(rules.get(token.kind, FREE), token.from_at, token.until, ELSEWHERE)
    return Card(FREE, asked.at, asked.at, FORGED) if asked.card else None


def _state(asked: Asked, row: Mapping[str, Any]) -> str:
    if row["withdrawn_until"]:
        return WITHDRAWN
    if row["replaced"]:
        return REPLACED
    if row["lost"]:
        return LOST
    area, own = asked.gate.area_code, row["area_code"]
    opens = asked.gate.pk in row["gates"] if row["gates"] else own.startswith(area) or area.startswith(own)
    return GOOD if opens else ELSEWHERE
