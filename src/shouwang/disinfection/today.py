"""How the spots stand today: which are done, which are waiting, which were missed; read from what is owed."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from shouwang.disinfection.duties import ROUND
from shouwang.disinfection.models import Final, Spot
from shouwang.disinfection.spots import inside
from shouwang.duties.models import Duty
from shouwang.duties.windows import Facts, Window, state
from shouwang.lib.clock import day_end, day_of, midnight
from shouwang.lib.codes import subtree


@dataclass
class Today:
    """A spot and the states of its windows of today, in order."""

    spot: Spot
    windows: list[tuple[Duty, str]] = field(default_factory=list)

    @property
    def now(self) -> str:
        """What it is now: owed, else missed, else done, else nothing to do yet."""
        states = [words for _duty, words in self.windows]
        return next(
            (one for one in ("open", "overdue", "missed", "done", "late") if one in states), "waiting"
        )

    @property
    def done(self) -> int:
        """How many windows are done."""
        return sum(1 for _duty, one in self.windows if one in ("done", "late"))


def today(area: str, *, now: datetime) -> list[Today]:
    """Every spot of an area with its windows of today. Cost: two questions."""
    found = {spot.pk: Today(spot) for spot in inside(area)}
    low, high = subtree(area)
    duties = Duty.objects.filter(
        kind=ROUND.name, area_code__gte=low, area_code__lt=high, opens_at__gte=midnight(day_of(now)),
        opens_at__lt=day_end(now), void_at=None,
    )  # fmt: skip
    for duty in duties.order_by("opens_at"):
        if duty.about in found:
            facts = Facts(
                Window(duty.opens_at, duty.due_at, duty.lapses_at),
                duty.done_at,
                duty.waived_at,
                duty.missed_at,
            )
            found[duty.about].windows.append((duty, state(facts, now)))
    return list(found.values())


def finals(area: str, *, now: datetime) -> QuerySet[Final]:
    """What is or was to be done after cases, what is open first."""
    low, high = subtree(area)
    rows = Final.objects.filter(area_code__gte=low, area_code__lt=high).select_related("spot", "accepted_by")
    return rows.order_by("at", "due_at")
