"""What phones tell of gates.

gates.passage   Somebody came to a gate and was let through or turned back; also a vehicle, a bus, a scan at the door of a place.
gates.fever     A second reading was a fever too: who is held aside, and who was told.
gates.watch     Somebody takes over at a gate, or hands over with counts and a note.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from shouwang.gates.models import Fever, Gate, Passage, Watch
from shouwang.gates.recording import record_fevers, record_passages, record_watches, strike
from shouwang.lib.characters import NO_NUL
from shouwang.lib.kinds import EventKind, Odd, Told, by_worker

WORK = "gate.work"
Row = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Code = Annotated[str, msgspec.Meta(max_length=24, pattern=r"^[a-z_]*$")]
Name = Annotated[str, msgspec.Meta(max_length=64, pattern=NO_NUL)]
Spot = Annotated[str, msgspec.Meta(max_length=40, pattern=NO_NUL)]
Plate = Annotated[str, msgspec.Meta(max_length=16, pattern=NO_NUL)]
Number = Annotated[str, msgspec.Meta(max_length=24, pattern=NO_NUL)]
Words = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]
Degrees = Annotated[str, msgspec.Meta(pattern=r"^(3\d(\.\d)?|4[0-4](\.\d)?|45(\.0)?)$")]
Symptoms = Annotated[
    list[Annotated[str, msgspec.Meta(max_length=24, pattern=NO_NUL)]], msgspec.Meta(max_length=10)
]
Direction = Literal["in", "out"]
Who = Literal["resident", "outsider", "visitor", "supplier", "worker", "emergency", "group"]


class Named(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Somebody who is not in the register."""

    name: Name
    id_number: Number = ""
    phone: Number = ""


class Came(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """Somebody stands at a gate. Units: °C as text, 30 to 45; `people` with the driver. Shape: `pass` is the pass's id."""

    gate: UUID
    direction: Direction
    kind: Who
    card: UUID | None = msgspec.field(name="pass", default=None)
    person: Row | None = None
    medical: bool = False
    people: Annotated[int, msgspec.Meta(ge=1, le=99)] = 1
    plate: Plate = ""
    temperature_c: Degrees | None = None
    second_c: Degrees | None = None
    symptoms: Symptoms = []
    from_place: Spot = ""
    to_place: Spot = ""
    outside: Literal["", "city", "province"] = ""
    names: Annotated[list[Named], msgspec.Meta(max_length=99)] = []
    host: Row | None = None
    expected: UUID | None = None
    goods_left: bool = False
    note: Words = ""


class Passed(Came, frozen=True, gc=False, forbid_unknown_fields=True, kw_only=True):
    """The same, and what was done: `ask_admit` and `ask_refuse` where somebody was asked first."""

    decision: Literal["admit", "refuse", "ask_admit", "ask_refuse"]
    code: Code = ""


class Hot(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A fever at a gate. Shape: `passage` is its event; `told` are names."""

    gate: UUID
    temperature_c: Degrees
    passage: UUID | None = None
    second_c: Degrees | None = None
    person: Row | None = None
    name: Name = ""
    phone: Number = ""
    told: Words = ""


class Counts(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What the phone counted in the shift: people let through and turned back."""

    passed: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 0
    turned_back: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 0


class Stood(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """On watch, or off it, with what the next one must know."""

    gate: UUID
    on: bool
    counts: Counts | None = None
    note: Words = ""


Write = Callable[[Sequence[Told], dict[UUID, Gate], datetime], Odd]


def _at_gates(told: Sequence[Told], at: datetime, *, write: Write) -> Odd:
    """Writes down what happened at gates in scope, each worker's under the own name; the others by their flag."""
    gates = Gate.objects.in_bulk({one.payload.gate for one in told})
    odd: dict[UUID, str] = {one.id: "not_in_scope" for one in told if one.payload.gate not in gates}
    for those in by_worker(one for one in told if one.payload.gate in gates):
        odd |= write(those, gates, at)
    return odd


def kinds(*, then: Callable[..., object]) -> tuple[EventKind, ...]:
    """What phones can tell of gates. Shape: `then(fevers, by=, at=)` is what follows from fevers elsewhere."""
    passed = partial(_at_gates, write=record_passages)
    hot = partial(_at_gates, write=partial(record_fevers, then=then))
    stood = partial(_at_gates, write=record_watches)
    return (
        EventKind("gates.passage", "卡口通行", Passed, passed, WORK, partial(strike, Passage)),
        EventKind("gates.fever", "卡口发热", Hot, hot, WORK, partial(strike, Fever)),
        EventKind("gates.watch", "卡口接班、交班", Stood, stood, WORK, partial(strike, Watch)),
    )
