"""What the hub sees: which box is where, what waits, what is late; one box's way and one tube's life; the account of a round."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shouwang.access.scope import one_in_scope
from shouwang.duties.models import Duty
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope
from shouwang.testing.rounds.models import Round
from shouwang.testing.tubes.accounts import Facts, facts_of
from shouwang.testing.tubes.boxes import BOX
from shouwang.testing.tubes.codes import clean, row_of
from shouwang.testing.tubes.models import Box, BoxStep, Explained, Swab, Tube, TubeStep
from shouwang.testing.tubes.rules import LOST, RECEIVED, RECONCILED, Account, Difference, Move, lies_in

SHOWN = timedelta(days=2)
ARRIVED = (RECEIVED, RECONCILED)


@dataclass
class BoxLine:
    """A box as the hub lists it. Shape: `due_at` is when it should be at the laboratory, `came_at` when it was."""

    box: Box
    account: Account
    point: str = ""
    due_at: datetime | None = None
    came_at: datetime | None = None

    def late(self, now: datetime) -> bool:
        """Whether it should be at the laboratory and is not."""
        return self.due_at is not None and self.came_at is None and self.due_at <= now

    @property
    def waits(self) -> bool:
        """Whether somebody has to do something with it: fetch it, take it, count it, or look for it."""
        return self.account.state not in ARRIVED


@dataclass
class BoxPage(BoxLine):
    """One box: every step, its tubes, and the counts that differ with what somebody said of them."""

    steps: list[BoxStep] = field(default_factory=list)
    tubes: list[Tube] = field(default_factory=list)
    people: dict[UUID, int] = field(default_factory=dict)
    said: list[Explained] = field(default_factory=list)
    codes: dict[UUID, str] = field(default_factory=dict)

    @property
    def open_differences(self) -> list[tuple[Difference, str]]:
        """The differences that nobody has explained, each with the code of its tube."""
        return [(one, self.codes.get(one.tube, "") if one.tube else "") for one in self.account.unexplained]


@dataclass
class TubePage:
    """One tube: who is in it, in which boxes it lay, when."""

    tube: Tube
    swabs: list[Swab]
    steps: list[TubeStep]
    box: Box | None

    @property
    def counted(self) -> list[Swab]:
        """The swabs that count."""
        return [swab for swab in self.swabs if swab.void_at is None]


@dataclass
class RoundAccount:
    """The account of a round: every tube and every box accounted for. Shape: tubes = loose + boxed + received + missing."""

    round: Round
    swabs: int = 0
    people: int = 0
    unknown: int = 0
    tubes: int = 0
    empty: int = 0
    loose: list[Tube] = field(default_factory=list)
    boxed: int = 0
    received: int = 0
    missing: list[Tube] = field(default_factory=list)
    boxes: list[BoxLine] = field(default_factory=list)

    @property
    def states(self) -> Counter[str]:
        """How many boxes are in which state."""
        return Counter(line.account.state for line in self.boxes)

    @property
    def differences(self) -> int:
        """How many counts differ that nobody has explained."""
        return sum(len(line.account.unexplained) for line in self.boxes)

    @property
    def balances(self) -> bool:
        """Whether nothing is left to be found, brought or explained."""
        return not (self.loose or self.missing or self.boxed or self.differences or self.states[LOST])


def boxes_in(area: str, *, now: datetime) -> list[BoxLine]:
    """The boxes of an area of the last two days and those still on their way, the most urgent first. Cost: five statements."""
    low, high = subtree(area)
    waiting = Duty.objects.filter(
        kind=BOX.name, void_at=None, done_at=None, area_code__gte=low, area_code__lt=high
    )
    recent = Q(seen_at__gte=now - SHOWN) | Q(pk__in=waiting.values("about"))
    lines = _lines(Box.objects.filter(recent, area_code__gte=low, area_code__lt=high))
    return sorted(
        lines, key=lambda line: (not line.late(now), not line.waits, line.due_at or now, line.box.code)
    )


def box_page(pk: UUID) -> BoxPage:
    """All that a box's page shows. Raises: NotInScope."""
    line = next(iter(_lines(Box.objects.filter(pk=pk))), None)
    if line is None:
        raise NotInScope()
    tubes = (
        line.account.contents
        | line.account.received
        | {one.tube for one in line.account.differences if one.tube}
    )
    rows = list(Tube.objects.filter(pk__in=tubes).order_by("code"))
    return BoxPage(
        line.box, line.account, line.point, line.due_at, line.came_at,
        steps=list(BoxStep.objects.filter(box=pk).select_related("by", "point").order_by("at", "id")),
        tubes=rows, people=people_in(tubes), codes={row.pk: row.code for row in rows},
        said=list(Explained.objects.filter(box=pk, void_at=None).select_related("by", "tube").order_by("at")),
    )  # fmt: skip


def tube_page(pk: UUID) -> TubePage:
    """All that a tube's page shows. Raises: NotInScope."""
    tube = one_in_scope(Tube.objects.select_related("round", "point", "opened_by").filter(pk=pk))
    swabs = Swab.objects.filter(tube=pk).select_related("person__household", "by").order_by("at", "id")
    steps = list(
        TubeStep.objects.filter(tube=pk, void_at=None).select_related("box", "by").order_by("at", "id")
    )
    where = lies_in(Move(step.pk, step.kind, step.at, step.box_id, step.tube_id) for step in steps).get(pk)
    return TubePage(
        tube, list(swabs), steps, next((step.box for step in steps if step.box_id == where), None)
    )


def account_of(round: UUID) -> RoundAccount:
    """The account of a round, of what is in scope. Raises: NotInScope. Cost: a dozen statements."""
    row = one_in_scope(Round.objects.filter(pk=round))
    swabs = Swab.objects.filter(round=round, void_at=None)
    told = swabs.aggregate(
        all=Count("pk"), unknown=Count("pk", filter=Q(person=None)), known=Count("person", distinct=True)
    )
    found = RoundAccount(
        row, swabs=told["all"], unknown=told["unknown"], people=told["known"] + told["unknown"]
    )
    tubes = {tube.pk: tube for tube in Tube.objects.filter(round=round).order_by("code")}
    found.tubes, found.empty = len(tubes), len(tubes.keys() - people_in(tubes).keys())
    touched = TubeStep.objects.filter(tube__in=tubes, void_at=None)
    found.boxes = _lines(Box.objects.filter(pk__in=touched.values("box_id")))
    _sort_out(found, tubes)
    return found


def find(code: str) -> Box | Tube | None:
    """The box, or the tube, of a code that was scanned."""
    plain = clean(code)
    return (
        Box.objects.filter(pk=row_of("box", plain)).first()
        or Tube.objects.filter(pk=row_of("tube", plain)).first()
    )


def open_too_long(area: str, *, hours: float | None, now: datetime) -> QuerySet[Tube]:
    """The tubes of the last two days that have been open for longer than a sample keeps, the oldest first."""
    low, high = subtree(area)
    rows = Tube.objects.filter(area_code__gte=low, area_code__lt=high, opened_at__gte=now - SHOWN)
    old = rows.filter(opened_at__lt=now - timedelta(hours=hours)) if hours else rows.none()
    return old.order_by("opened_at", "code")


def people_in(tubes: Collection[UUID]) -> dict[UUID, int]:
    """How many people are in each of these tubes; an empty one is not there."""
    rows = Swab.objects.filter(tube__in=list(tubes), void_at=None).order_by()
    return dict(rows.values("tube").annotate(people=Count("pk")).values_list("tube", "people"))


def rounds_in(area: str) -> QuerySet[Round]:
    """The rounds of an area, the latest first."""
    low, high = subtree(area)
    return Round.objects.filter(area_code__gte=low, area_code__lt=high).order_by("-opens_at")


def _lines(boxes: QuerySet[Box]) -> list[BoxLine]:
    rows = list(boxes.order_by("code"))
    facts = facts_of([row.pk for row in rows])
    ways = Duty.objects.filter(kind=BOX.name, void_at=None, about__in=facts)
    due = {about: (until, done) for about, until, done in ways.values_list("about", "due_at", "done_at")}
    return [
        BoxLine(
            row,
            facts[row.pk].account(),
            facts[row.pk].point,
            *due.get(row.pk, (None, _came(facts[row.pk]))),
        )
        for row in rows
    ]


def _came(facts: Facts) -> datetime | None:
    """When a box that nobody was owed reached the laboratory."""
    return min(
        (step.at for step in facts.steps if (step.kind, step.station) == ("took", "laboratory")), default=None
    )


def _sort_out(found: RoundAccount, tubes: dict[UUID, Tube]) -> None:
    """Puts every tube where it belongs: received, missing, in a box on its way, or in none."""
    received = {tube for line in found.boxes for tube in line.account.received}
    inside = {tube: line for line in found.boxes for tube in line.account.contents}
    taken = {
        line.box.pk for line in found.boxes if line.account.state in ARRIVED and not line.account.received
    }
    for pk, tube in tubes.items():
        line = inside.get(pk)
        if pk in received or (line and line.box.pk in taken):
            found.received += 1
        elif line is None:
            found.loose.append(tube)
        elif line.account.received or line.account.state == LOST:
            found.missing.append(tube)
        else:
            found.boxed += 1
