"""What a swab falls into: the round that is going on where it was taken, and where its point stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length

from shouwang.access.scope import whole
from shouwang.lib.codes import ancestors, community_of, merged
from shouwang.plans.actions import read
from shouwang.plans.schema import Plan
from shouwang.testing.rounds.models import Point, Round
from shouwang.testing.rounds.who import EVERYONE

LATE = timedelta(hours=24)  # who comes after the hour still belongs to the round, until a day has passed


@dataclass(frozen=True)
class Rounds:
    """The rounds that may concern a batch, the latest first."""

    rows: Sequence[Round]

    def of(self, area: str, at: datetime) -> Round | None:
        """The round going on here at this moment: for everybody before one for a few, the latest before others."""
        here = [one for one in self.rows if area.startswith(one.area_code) and _goes_on(one, at)]
        return min(here, key=lambda one: (bool(one.categories), -one.opens_at.timestamp()), default=None)

    def pools(self, round: UUID | None) -> frozenset[int]:
        """How many may share a tube in this round; nothing where no plan says so."""
        found = next((one for one in self.rows if one.pk == round), None)
        if found is None:
            return frozenset()
        testing = read(found.plan).testing
        allowed = testing.pool_sizes_allowed if testing else ()
        return frozenset(size for size in (*allowed, *found.pool_sizes.values()) if isinstance(size, int))

    def most(self, round: UUID | None, zone: str = "") -> int | None:
        """How many may share a tube in this round where people live in this zone: as the round says, otherwise the plan."""
        found = next((one for one in self.rows if one.pk == round), None)
        return size_of(found, zone) if found else None


def size_of(row: Round, zone: str = "") -> int | None:
    """How many share a tube of a round in a zone of the plan, and where no zone is for everybody."""
    testing = read(row.plan).testing
    said = {**(testing.pool_sizes if testing else {}), **row.pool_sizes}
    return said.get(zone) or row.pool_sizes.get(EVERYONE)


def rounds_around(areas: Iterable[str], *, since: datetime, until: datetime) -> Rounds:
    """The rounds of these areas, of those that they lie in, and of those inside; the widest first, and of these the latest.

    A round names nobody: whoever works in it may know of it.
    """
    here = set(areas)
    communities = {community_of(area) for area in here if area}
    near = Q(area_code__in={code for community in communities for code in ancestors(community)})
    for low, high in merged(communities):  # asked for door by door it would be a long question
        near |= Q(area_code__gte=low, area_code__lt=high)
    with whole():
        rows = Round.objects.filter(near, opens_at__lte=until, due_at__gt=since - LATE)
        found = rows.select_related("plan").order_by(Length("area_code"), "-opens_at", "id")
        return Rounds([one for one in found if any(_meet(area, one.area_code) for area in here)])


def _meet(area: str, other: str) -> bool:
    return area.startswith(other) or other.startswith(area)


def points_in_scope(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Where these points stand, of those in scope."""
    wanted = set(ids)
    rows = Point.objects.filter(pk__in=wanted) if wanted else Point.objects.none()
    return dict(rows.values_list("pk", "area_code"))


def plan_at(rounds: Rounds, round: UUID | None) -> Plan | None:
    """The plan that a round was ordered under."""
    found = next((one for one in rounds.rows if one.pk == round), None)
    return read(found.plan) if found else None


def _goes_on(one: Round, at: datetime) -> bool:
    return one.opens_at <= at < one.due_at + LATE and (one.ended_at is None or at < one.ended_at)
