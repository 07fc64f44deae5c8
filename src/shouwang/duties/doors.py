"""What is owed behind each door, whatever module asks for it: one door is one card on the phone and one row on paper."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, Left

from shouwang.duties.attempts import attempts_at
from shouwang.duties.models import DONE, LATE, OWED, Attempt, Duty
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import BUILDING, UNIT, merged
from shouwang.register.models import Household


@dataclass
class Door:
    """A door and all that is asked of whoever goes there today."""

    household: Household
    owed: list[Duty] = field(default_factory=list)
    finished: list[Duty] = field(default_factory=list)
    tried: Attempt | None = None
    tries: int = 0


def doors_by_building(codes: Sequence[str], *, but: Q, now: datetime) -> dict[str, tuple[int, int]]:
    """Of each building: how many doors still owe something, and how many were asked today at all; without what is `but`."""
    door = Coalesce("household_id", "person__household_id")
    rows = (
        _of_today(codes, now).exclude(but).annotate(building=Left("area_code", BUILDING)).order_by("building")
    )
    counted = rows.values("building").annotate(
        left=Count(door, distinct=True, filter=Q(fact=OWED)), asked=Count(door, distinct=True)
    )
    return {row["building"]: (row["left"], row["asked"]) for row in counted}


def doors_of(area: str, *, but: Q, now: datetime) -> list[Door]:
    """The doors of a building that today asks for, unit by unit, from the top floor down; without what is `but`."""
    duties = list(
        _of_today([area], now).exclude(but).select_related("household", "person__household").order_by("id")
    )
    doors: defaultdict[int, list[Duty]] = defaultdict(list)
    households: dict[int, Household] = {}
    for duty in duties:
        home = duty.household or duty.person.household
        households[home.pk] = home
        doors[home.pk].append(duty)
    tried = attempts_at([duty for duty in duties if duty.fact == OWED])
    found = [_door(home, doors[pk], tried) for pk, home in households.items()]
    return sorted(found, key=lambda door: top_down(door.household))


def top_down(household: Household) -> tuple[str, int, str]:
    """The order in which somebody walks: units in order, top floor first, along the floor."""
    digits = household.floor.lstrip("-")
    floor = int(digits) if digits.isdigit() else 0
    sign = -1 if household.floor.startswith("-") else 1
    return household.area_code[:UNIT], -sign * floor, household.area_code


def _of_today(codes: Sequence[str], now: datetime) -> QuerySet[Duty]:
    """What is owed now, and what was finished since midnight."""
    inside = Q(pk=None)
    for low, high in merged(codes):
        inside |= Q(area_code__gte=low, area_code__lt=high)
    open_now = Q(fact=OWED) & (Q(lapses_at=None) | Q(lapses_at__gt=now))
    finished = Q(fact__in=(DONE, LATE), done_at__gte=midnight(day_of(now)))
    behind_doors = Q(household__isnull=False) | Q(person__isnull=False)
    return Duty.objects.filter(inside, behind_doors, open_now | finished, opens_at__lte=now)


def _door(home: Household, duties: list[Duty], tried: dict[int, list[Attempt]]) -> Door:
    owed = [duty for duty in duties if duty.fact == OWED]
    made = [tried[duty.pk] for duty in owed if duty.pk in tried]
    last = max((one[-1] for one in made), key=lambda one: one.at, default=None)
    rest = [duty for duty in duties if duty.fact != OWED]
    return Door(home, owed, rest, last, max(map(len, made), default=0))
