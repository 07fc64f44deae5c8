"""What phones tell of incidents.

gates.incident   Something happened at a gate; with `pass_taken` the guard took the pass against a receipt.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from shouwang.gates.incidents.models import Incident
from shouwang.gates.incidents.reporting import Happened, report, undone
from shouwang.gates.models import Gate
from shouwang.gates.recording import strike
from shouwang.lib.characters import NO_NUL
from shouwang.lib.kinds import EventKind, Odd, Told, by_worker
from shouwang.register.models import Person
from shouwang.standing.models import Pass

WORK = "gate.work"
RECEIPTS = 10**6
Row = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=NO_NUL)]
Short = Annotated[str, msgspec.Meta(max_length=16, pattern=NO_NUL)]
What = Literal["force", "forged", "concealed", "quarrel", "accident", "other"]


class Went(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """What happened, and whether the pass was taken. Shape: `pass` is the pass's id."""

    gate: UUID
    kind: What
    words: Words
    card: UUID | None = msgspec.field(name="pass", default=None)
    person: Row | None = None
    plate: Short = ""
    pass_taken: bool = False
    receipt: Short = ""


def went(told: Sequence[Told], at: datetime) -> Odd:
    """Writes down what happened at gates in scope; the others by their flag. Who or what is not in scope is left out."""
    gates = Gate.objects.in_bulk({one.payload.gate for one in told})
    cards = Pass.objects.in_bulk({one.payload.card for one in told if one.payload.card})
    people = Person.objects.in_bulk({one.payload.person for one in told if one.payload.person})
    for those in by_worker(one for one in told if one.payload.gate in gates):
        happened = [_happened(one, gates[one.payload.gate], cards, set(people)) for one in those]
        report(happened, by=those[0].by, at=at)
    return {one.id: "not_in_scope" for one in told if one.payload.gate not in gates}


def taken_back(told: Sequence[Told], at: datetime) -> Odd:
    """Told by mistake: struck by whoever told it, and the pass is good again."""
    odd = strike(Incident, told, at)
    undone([one.payload.of for one in told if one.id not in odd], by=told[0].by, at=at)
    return odd


def _happened(one: Told, gate: Gate, cards: Mapping[UUID, Pass], people: set[int]) -> Happened:
    said = one.payload
    card = cards.get(said.card)
    taken = said.pass_taken and card is not None
    return Happened(
        gate.area_code, said.kind, said.words, one.at, gate=gate, card=card, taken=taken, plate=said.plate, id=one.id,
        person=said.person if said.person in people else None,
        receipt=said.receipt or (f"{one.id.int % RECEIPTS:06d}" if taken else ""),
    )  # fmt: skip


def pictured(event: UUID, said: Went, file: object) -> str | None:
    """Where the incident lies of which a photograph came."""
    return Incident.objects.filter(pk=event).values_list("area_code", flat=True).first()


KINDS = (EventKind("gates.incident", "卡口事件", Went, went, WORK, taken_back, pictured),)
