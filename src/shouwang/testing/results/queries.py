"""What pages read of results: files, numbers, what waits, and how far a tube that is taken again has come."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from shouwang.access.models import User
from shouwang.lib.codes import subtree
from shouwang.lib.identity import mask_name
from shouwang.lib.ids import as_array
from shouwang.plans.actions import read as read_plan
from shouwang.register.uploads import Upload
from shouwang.testing.results.models import NEGATIVE, POSITIVE, Pool, PoolPerson, Result, Told
from shouwang.testing.results.rules import due_at
from shouwang.testing.results.taking import KIND
from shouwang.testing.rounds.models import Round
from shouwang.testing.tubes.handed import handed, tubes_touched
from shouwang.testing.tubes.models import Swab, Tube

LATELY = timedelta(days=2)
TIMED = ("tube__opened_at", "tube__capacity", "tube__round")
WAITED = """
SELECT date_trunc('hour', tube.opened_at), count(*), count(result.id),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM result.received_at - tube.opened_at) / 3600.0),
       (max(extract(epoch FROM result.received_at - tube.opened_at)) / 3600.0)::float
FROM testing_tube tube LEFT JOIN testing_result result
  ON result.tube_id = tube.id AND result.held = '' AND result.void_at IS NULL
WHERE tube.round_id = %s AND tube.opened_at IS NOT NULL GROUP BY 1 ORDER BY 1
"""
SAID_SO = """
SELECT id, tube_id FROM testing_result
WHERE id = ANY(%s::uuid[]) AND outcome = %s AND held = '' AND tube_id IS NOT NULL
"""


@dataclass(frozen=True)
class Counted:
    """Results of the last two days."""

    results: int
    negative: int
    positive: int
    hours: float | None
    late: int | None


@dataclass(frozen=True)
class Waited:
    """The tubes that were opened within one hour: how many have a result, and how long it took. Units: hours from the first swab."""

    opened_at: datetime
    tubes: int
    known: int
    middle: float | None
    longest: float | None


@dataclass
class Member:
    """Somebody of a tube: whether they were swabbed alone, their own result, who was told of it."""

    row: PoolPerson
    swabbed: bool
    told: list[Told] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As a screen shows it."""
        return mask_name(self.row.person.name) if self.row.person else self.row.swab.name


@dataclass
class PoolLine:
    """A tube with its people."""

    pool: Pool
    members: list[Member]

    @property
    def swabbed(self) -> int:
        """How many have a swab of their own."""
        return sum(one.swabbed for one in self.members)

    @property
    def known(self) -> int:
        """How many have a result of their own."""
        return sum(bool(one.row.outcome) for one in self.members)

    @property
    def positive(self) -> int:
        """How many are confirmed."""
        return sum(one.row.outcome == POSITIVE for one in self.members)

    @property
    def untold(self) -> int:
        """How many still have to be told of somebody confirmed."""
        return sum(told.told_at is None for one in self.members for told in one.told)


def within(area: str) -> Q:
    """The rows of an area."""
    low, high = subtree(area)
    return Q(area_code__gte=low, area_code__lt=high)


def said_so(results: Iterable[UUID], outcome: str) -> dict[UUID, UUID]:
    """Those of these results that count and say so, each with its tube. Cost: one statement, however many; each by its key."""
    with connection.cursor() as cursor:
        cursor.execute(SAID_SO, [as_array(results), outcome])
        return dict(cursor.fetchall())


def files_of(area: str) -> QuerySet[Upload]:
    """The files that came, the latest first."""
    return (
        Upload.objects.filter(kind=KIND, community=area)
        .select_related("received_by")
        .order_by("-received_at")
    )


def counted(area: str, *, now: datetime) -> Counted:
    """How many results came lately, how long they took from the swab, in the middle, and how many took longer than the plan allows.

    Shape: `late` is nothing where no plan names any hours.
    """
    rows = Result.objects.filter(within(area), held="", void_at=None, received_at__gt=now - LATELY)
    numbers = rows.aggregate(
        all=Count("id"),
        negative=Count("id", filter=Q(outcome=NEGATIVE)),
        positive=Count("id", filter=Q(outcome=POSITIVE)),
    )
    lately = rows.exclude(tube__opened_at=None).select_related("tube").only("received_at", *TIMED)[:10_000]
    came = [(row.received_at, row.tube) for row in lately if row.tube and row.tube.opened_at]
    took = sorted((at - tube.opened_at).total_seconds() / 3600 for at, tube in came)
    middle = round(took[len(took) // 2], 1) if took else None
    due = due_of(tube for _at, tube in came)
    late = sum(at >= due[tube.pk] for at, tube in came if tube.pk in due) if due else None
    return Counted(numbers["all"], numbers["negative"], numbers["positive"], middle, late)


def due_of(tubes: Iterable[Tube]) -> dict[UUID, datetime]:
    """By when the plan under which each tube's round was ordered asks for its result; where it says nothing it is not there."""
    rows = [one for one in tubes if one.opened_at]
    rounds = Round.objects.filter(pk__in={one.round_id for one in rows}).select_related("plan")
    rules = {row.pk: read_plan(row.plan).testing for row in rounds}
    found = {}
    for one in rows:
        asked = rules.get(one.round_id) if one.round_id else None
        due = due_at(one.opened_at, one.capacity, asked.result_hours) if asked and one.opened_at else None
        if due:
            found[one.pk] = due
    return found


def waited(round: UUID) -> list[Waited]:
    """How long a round's results take, by the hour in which tubes were opened."""
    with connection.cursor() as cursor:
        cursor.execute(WAITED, [round])
        return [Waited(*row) for row in cursor.fetchall()]


def held_in(area: str) -> QuerySet[Result]:
    """What waits for somebody, the oldest first."""
    return (
        Result.objects.filter(within(area), settled_at=None).exclude(held="").order_by("received_at", "line")
    )


def open_pools(area: str) -> QuerySet[Pool]:
    """Tubes whose people still wait."""
    return Pool.objects.filter(within(area), closed_at=None)


def pools_of(area: str) -> QuerySet[Pool]:
    """All of them, the open ones first."""
    rows = Pool.objects.filter(within(area)).select_related("tube")
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-found_at")


def brought_by(laboratory: User) -> QuerySet[Upload]:
    """The files that a laboratory brought itself, the latest first."""
    return Upload.objects.filter(kind=KIND, received_by=laboratory).order_by("-received_at")


def held_of(files: Iterable[Upload]) -> QuerySet[Result]:
    """What somebody in the community still has to look at out of these files."""
    rows = Result.objects.filter(file__in=files, settled_at=None).exclude(held="")
    return rows.order_by("-received_at", "line")


def owed_by(laboratory: User) -> list[Tube]:
    """The tubes that a laboratory was handed and of which it said nothing that counts, the longest waiting first."""
    waiting = list(without_result("").filter(pk__in=tubes_touched(laboratory).values("pk")))
    there = handed([tube.pk for tube in waiting], to=laboratory)
    return [tube for tube in waiting if tube.pk in there]


def without_result(area: str) -> QuerySet[Tube]:
    """Tubes with somebody in them and no result that counts, the longest waiting first."""
    result = Result.objects.filter(tube=OuterRef("pk"), held="", void_at=None)
    inside = Swab.objects.filter(tube=OuterRef("pk"), void_at=None)
    rows = Tube.objects.filter(within(area), Exists(inside)).exclude(Exists(result))
    many = inside.order_by().values("tube").annotate(many=Count("id")).values("many")
    return rows.annotate(people=Subquery(many)).order_by("opened_at", "code")


def beside(row: Result) -> dict[str, object]:
    """What our own samplers told of the tube that a line names."""
    tube = Tube.objects.filter(code=row.code).first()
    swabs = list(Swab.objects.filter(tube=tube, void_at=None).order_by("at")) if tube else []
    other = (
        Result.objects.filter(tube=tube, held="", void_at=None).exclude(pk=row.pk).first() if tube else None
    )
    return {"tube": tube, "people": len(swabs), "first": swabs[0].at if swabs else None, "other": other}


def line_of(pool: Pool) -> PoolLine:
    """A tube and its people. Cost: four questions."""
    rows = list(pool.people.select_related("person__household", "hold", "swab").order_by("id"))
    alone = set(
        Swab.objects.filter(
            person__in=[row.person_id for row in rows if row.person_id],
            void_at=None,
            tube__capacity=1,
            at__gte=pool.found_at,
        ).values_list("person_id", flat=True)
    )
    told: dict[int, list[Told]] = {}
    for one in Told.objects.filter(member__in=rows).select_related("told_by").order_by("id"):
        told.setdefault(one.member_id, []).append(one)
    return PoolLine(
        pool, [Member(row, bool(row.outcome) or row.person_id in alone, told.get(row.pk, [])) for row in rows]
    )
