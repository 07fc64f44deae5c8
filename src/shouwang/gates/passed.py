"""Which passages stand behind a number of a page: of one gate or of all, of a day or of some hours of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from shouwang.gates.models import ADMITTED, HOME_LATE, REFUSED, Passage
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import subtree

A_DAY = timedelta(days=1)
CAME = Q(direction="in", decision__in=(ADMITTED, REFUSED))
BY_CAR, TURNED_BACK = ~Q(plate=""), Q(decision=REFUSED)
# The names of the numbers: those of a gate as it stands, then those of a checkpoint's form.
CHOSEN = {
    "": Q(),
    "in": Q(direction="in", decision=ADMITTED),
    "out": Q(direction="out", decision=ADMITTED),
    "refuse": TURNED_BACK,
    "fever": Q(fever=True),
    "mattered": Q(mattered=True) | Q(copied=True),
    "late": Q(should_code=HOME_LATE),
    "vehicles": CAME & BY_CAR,
    "people": CAME,
    "province": CAME & Q(outside="province"),
    "city": CAME & Q(outside="city"),
    "turned_vehicles": CAME & BY_CAR & TURNED_BACK,
    "turned_people": CAME & TURNED_BACK,
    "fevers": CAME & Q(fever=True),
}


@dataclass(frozen=True)
class Asked:
    """What is looked at. Shape: without a day it is today and yesterday; `hours` are from and until, of that day."""

    area: str
    gate: UUID | None = None
    which: str = ""
    day: date | None = None
    hours: tuple[int, int] = (0, 24)

    def times(self, now: datetime) -> tuple[datetime, datetime]:
        """From when, and until when; never what is still to come."""
        if self.day is None:
            return midnight(day_of(now)) - A_DAY, now
        start = midnight(self.day)
        return start + timedelta(hours=self.hours[0]), min(start + timedelta(hours=self.hours[1]), now)


def passages_of(asked: Asked, *, now: datetime) -> QuerySet[Passage]:
    """The passages, the latest first."""
    low, high = subtree(asked.area)
    from_at, until = asked.times(now)
    rows = Passage.objects.filter(
        CHOSEN.get(asked.which, Q()), void_at=None, at__gte=from_at, at__lte=until, area_code__gte=low, area_code__lt=high
    )  # fmt: skip
    found = rows.filter(gate=asked.gate) if asked.gate else rows
    return found.select_related("gate", "person", "host", "card", "by").order_by("-at", "-id")
