"""What is known of boxes: their steps and the ways of their tubes, read together for as many as are asked for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.plans.actions import plan_of
from shouwang.testing.tubes.models import OPENED, SEALED, BoxStep, Explained, TubeStep
from shouwang.testing.tubes.rules import Account, Move, Step, account, lies_in


@dataclass
class Facts:
    """The facts of one box. Shape: `point` where it was opened last; `moves` of all tubes that ever touched it, in whatever box."""

    box: UUID
    area: str = ""
    point: str = ""
    steps: list[Step] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    explained: frozenset[tuple[str, UUID | None]] = frozenset()
    first_swab_at: datetime | None = None

    @property
    def sealed_at(self) -> datetime | None:
        """When it was sealed last."""
        return max((step.at for step in self.steps if step.kind == SEALED), default=None)

    def account(self) -> Account:
        """Where it is, and whether the counts agree."""
        return account(self.box, self.steps, self.moves, self.explained)

    def long_since(self, at: datetime) -> bool:
        """Whether it has been on its way for so long that the plan asks how cold it is inside."""
        plan = plan_of(self.area, now=at) if self.area else None
        hours = plan.testing.log_temperature_over_hours if plan and plan.testing else None
        return bool(hours and self.sealed_at and at - self.sealed_at > timedelta(hours=hours))


def facts_of(boxes: Collection[UUID]) -> dict[UUID, Facts]:
    """The facts of these boxes that are in scope. Cost: three statements, however many."""
    found = {box: Facts(box) for box in boxes}
    steps = BoxStep.objects.filter(box__in=boxes, void_at=None)
    told = ("box_id", "id", "kind", "at", "by_id", "station", "count", "area_code", "point__name")
    for row in steps.order_by("at", "id").values_list(*told):
        facts = found[row[0]]
        facts.steps.append(Step(*row[1:7]))
        facts.area = facts.area or row[7]
        facts.point = (row[8] or facts.point) if row[2] == OPENED else facts.point
    touched = TubeStep.objects.filter(box__in=boxes, void_at=None)
    rows = TubeStep.objects.filter(tube__in=touched.values("tube_id"), void_at=None)
    ways = list(rows.values_list("id", "kind", "at", "box_id", "tube_id", "tube__opened_at"))
    for box, moves in _moves(boxes, [Move(*row[:5]) for row in ways]).items():
        found[box].moves = moves
    _add_explained(found)
    _add_first_swabs(found, {row[4]: row[5] for row in ways if row[5]})
    return found


def _moves(boxes: Collection[UUID], moves: Sequence[Move]) -> dict[UUID, list[Move]]:
    """The ways of the tubes of these boxes: into which boxes each was laid, by box that it ever touched."""
    boxes_of: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for move in moves:
        boxes_of[move.tube].add(move.box)
    found: defaultdict[UUID, list[Move]] = defaultdict(list)
    for move in moves:
        for box in boxes_of[move.tube]:
            found[box].append(move)
    return {box: found[box] for box in boxes}


def _add_explained(found: dict[UUID, Facts]) -> None:
    said: defaultdict[UUID, set[tuple[str, UUID | None]]] = defaultdict(set)
    rows = Explained.objects.filter(box__in=found, void_at=None)
    for box, difference, tube in rows.values_list("box_id", "difference", "tube_id"):
        said[box].add((difference, tube))
    for box, facts in found.items():
        facts.explained = frozenset(said[box])


def _add_first_swabs(found: dict[UUID, Facts], opened: Mapping[UUID, datetime]) -> None:
    where = {tube: box for facts in found.values() for tube, box in lies_in(facts.moves).items()}
    for tube, at in opened.items():
        facts = found.get(where[tube]) if tube in where else None
        if facts:
            facts.first_swab_at = min(facts.first_swab_at or at, at)
