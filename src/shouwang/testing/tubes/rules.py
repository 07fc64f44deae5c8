"""Where a box is and what of it is accounted for: decided from facts alone, in whatever order they arrived.

draft ── sealed ── ready ── given ── sent ── taken ── in_transit ── at the hub, at the laboratory ── partly_received, received ── reconciled
                                                                                          lost, from anywhere, until it is found
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

DRAFT, READY, SENT, IN_TRANSIT = "draft", "ready", "sent", "in_transit"
PARTLY, RECEIVED, RECONCILED, LOST = "partly_received", "received", "reconciled", "lost"
STATES = {
    DRAFT: "装箱中",
    READY: "已封箱，等转运",
    SENT: "已交出，等接收",
    IN_TRANSIT: "在路上",
    PARTLY: "点收了一部分",
    RECEIVED: "已收齐",
    RECONCILED: "已核对",
    LOST: "找不到",
}
MISSING, EXTRA, SEAL_COUNT, HAND_COUNT = "missing", "extra", "seal_count", "hand_count"
HERE = ("hub", "laboratory")


@dataclass(frozen=True)
class Step:
    """Something that was done with a box. Shape: `by` is the account, `count` tubes as counted by hand."""

    id: UUID
    kind: str
    at: datetime
    by: int | None = None
    station: str = ""
    count: int | None = None


@dataclass(frozen=True)
class Move:
    """A tube was laid into a box (in), taken out (out), or counted in out of it (received)."""

    id: UUID
    kind: str
    at: datetime
    box: UUID
    tube: UUID


@dataclass(frozen=True, order=True)
class Difference:
    """Two counts that are not the same. Shape: `tube` where it is about one; `told` and `known` where it is about numbers."""

    kind: str
    tube: UUID | None = None
    told: int | None = None
    known: int | None = None


@dataclass(frozen=True)
class Account:
    """A box: where it is, what is in it, what was counted in, and where the counts differ."""

    state: str
    contents: frozenset[UUID] = frozenset()
    received: frozenset[UUID] = frozenset()
    differences: tuple[Difference, ...] = ()
    unexplained: tuple[Difference, ...] = ()
    steps: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def station(self) -> str:
        """Who has it: whoever took it last, and the point before anybody did."""
        took = [step for step in self.steps if step.kind == "took"]
        return took[-1].station if took else "point"


def lies_in(moves: Iterable[Move], *, until: datetime | None = None) -> dict[UUID, UUID]:
    """In which box each tube lies: where it was laid last, as long as nobody took it out. Shape: moves of one tube in every box."""
    where: dict[UUID, UUID] = {}
    for move in sorted(moves, key=_order):
        if until and move.at > until:
            break
        if move.kind == "in":
            where[move.tube] = move.box
        elif move.kind == "out" and where.get(move.tube) == move.box:
            del where[move.tube]
    return where


def account(
    box: UUID,
    steps: Iterable[Step],
    moves: Sequence[Move],
    explained: frozenset[tuple[str, UUID | None]] = frozenset(),
) -> Account:
    """The account of one box. Shape: `moves` of all tubes that ever touched it, in whatever box."""
    ordered = tuple(sorted(steps, key=_order))
    contents = _tubes_in(box, lies_in(moves))
    received = frozenset(move.tube for move in moves if move.box == box and move.kind == "received")
    differences = tuple(_differences(box, ordered, moves, contents, received))
    unexplained = tuple(one for one in differences if (one.kind, one.tube) not in explained)
    return Account(
        _state(ordered, contents, received, unexplained),
        contents,
        received,
        differences,
        unexplained,
        ordered,
    )


def _state(
    steps: Sequence[Step],
    contents: frozenset[UUID],
    received: frozenset[UUID],
    unexplained: Sequence[Difference],
) -> str:
    seen = [step.kind for step in steps if step.kind in ("lost", "found", "took")]
    if seen and seen[-1] == "lost":
        return LOST
    if any(step.kind == "reconciled" for step in steps) and not unexplained:
        return RECONCILED
    took = next((step for step in reversed(steps) if step.kind == "took"), None)
    if any(_waits(step, took) for step in steps):
        return SENT
    if took and took.station not in HERE and not received:
        return IN_TRANSIT
    if received:
        return PARTLY if contents - received else RECEIVED
    if took:
        return PARTLY if (took.count or 0) < len(contents) else RECEIVED
    return READY if any(step.kind == "sealed" for step in steps) else DRAFT


def _waits(step: Step, took: Step | None) -> bool:
    """Whether this giving waits for somebody to take: it is by whoever had the box last. Clocks of two phones may differ a little."""
    if step.kind != "gave":
        return False
    if took is None:
        return True
    same = step.station == took.station and (step.station in HERE or step.by == took.by)
    return same and step.at >= took.at


def _differences(
    box: UUID,
    steps: Sequence[Step],
    moves: Sequence[Move],
    contents: frozenset[UUID],
    received: frozenset[UUID],
) -> Iterable[Difference]:
    sealed = next((step for step in reversed(steps) if step.kind == "sealed"), None)
    if sealed:
        yield from _counted(SEAL_COUNT, sealed, box, moves)
    handed = [step for step in steps if step.kind in ("gave", "took")]
    wrong = [one for step in handed for one in _counted(HAND_COUNT, step, box, moves)]
    yield from wrong[:1]
    if received:
        laid = {move.tube for move in moves if move.box == box and move.kind == "in"}
        yield from (Difference(MISSING, tube) for tube in sorted(contents - received))
        yield from (Difference(EXTRA, tube) for tube in sorted(received - laid))


def _counted(kind: str, step: Step, box: UUID, moves: Sequence[Move]) -> Iterable[Difference]:
    known = len(_tubes_in(box, lies_in(moves, until=step.at)))
    if step.count is not None and step.count != known:
        yield Difference(kind, None, step.count, known)


def _tubes_in(box: UUID, where: Mapping[UUID, UUID]) -> frozenset[UUID]:
    return frozenset(tube for tube, lies in where.items() if lies == box)


def _order(fact: Step | Move) -> tuple[datetime, UUID]:
    return fact.at, fact.id
