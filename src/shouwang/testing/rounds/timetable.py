"""A timetable that calls building by building: who is called to which point when, when the last is done, how long the queue gets.

Values in, values out. A building is called so early that its first people have walked to the point when those before them are
nearly through; who would need longer than people may queue comes unit by unit. Between a call and the last of its people
lies the walk and `COME_MINUTES`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from shouwang.lib.codes import BUILDING, COMPOUND

COME_MINUTES = 10.0
"""After the first of a building has come so long passes until the last has: people come within ten minutes of each other."""
EARLY_MINUTES = 4.0
"""So long before the tables run idle the next people stand there."""


@dataclass(frozen=True)
class Group:
    """The people of one unit. Shape: `code` of the unit."""

    code: str
    people: int


@dataclass(frozen=True)
class Counter:
    """A point with its tables. Units: `per_hour` people at one table; `from_minute` when it opens, from the beginning of the round."""

    key: str
    area_code: str
    tables: int
    per_hour: float
    from_minute: float = 0

    @property
    def per_minute(self) -> float:
        """How many all tables take in a minute."""
        return self.tables * self.per_hour / 60


@dataclass(frozen=True)
class Called:
    """A building, or one of its units, is called to a point. Units: minutes from the beginning; `people`."""

    code: str
    point: str
    people: int
    minute: float
    first: float
    last: float
    through: float


@dataclass(frozen=True)
class Day:
    """What one point has before it. Units: minutes; `queue` people, `wait` minutes, at the worst moment."""

    point: str
    called: tuple[Called, ...]
    through: float
    queue: float
    wait: float

    @property
    def people(self) -> int:
        """All who are called here."""
        return sum(one.people for one in self.called)


@dataclass
class Walk:
    """How long people walk. Units: minutes."""

    near: float = 5
    far: float = 15

    def minutes(self, group: str, point: str) -> float:
        """Within the compound of the point near, otherwise far."""
        return self.near if group[:COMPOUND] == point[:COMPOUND] else self.far


@dataclass(frozen=True)
class Rules:
    """Units: minutes. `queue` is how long people may queue."""

    queue: float = 30
    walk: Walk = field(default_factory=Walk)


def timetable(groups: Sequence[Group], points: Sequence[Counter], rules: Rules) -> list[Day]:
    """Every building is called to one point, neighbours after each other; one day for each point.

    Cost: the number of units; 12,500 people in milliseconds.
    """
    if not points:
        return []
    given = _shared_out([one for one in groups if one.people > 0], points)
    return [_day(point, given[point.key], rules) for point in points]


def _shared_out(groups: Sequence[Group], points: Sequence[Counter]) -> dict[str, list[Group]]:
    """Each unit's point: the points of its compound first; the others take buildings in their order, as many as they can serve."""
    buildings: defaultdict[str, list[Group]] = defaultdict(list)
    for group in sorted(groups, key=lambda one: one.code):
        buildings[group.code[:BUILDING]].append(group)
    load = dict.fromkeys((one.key for one in points), 0.0)
    given: dict[str, list[Group]] = {key: [] for key in load}
    fair = sum(one.people for one in groups) / (sum(one.per_minute for one in points) or 1)
    beside = {one.area_code[:COMPOUND] for one in points}
    for building in sorted(buildings, key=lambda code: (code[:COMPOUND] not in beside, code)):
        members = buildings[building]
        chosen = _nearest(members[0].code, points, load, fair)
        given[chosen.key] += members
        load[chosen.key] += sum(one.people for one in members) / chosen.per_minute
    return given


def _nearest(code: str, points: Sequence[Counter], load: dict[str, float], fair: float) -> Counter:
    """Of the points that are not full yet the one in the same compound, then the one that was begun; all full: the emptiest."""
    free = [one for one in points if load[one.key] < fair]
    if not free:
        return min(points, key=lambda one: load[one.key])
    near = [one for one in free if one.area_code[:COMPOUND] == code[:COMPOUND]]
    return near[0] if near else max(free, key=lambda one: load[one.key] > 0)


def _day(point: Counter, groups: Sequence[Group], rules: Rules) -> Day:
    free, called = point.from_minute, []
    for code, people in _in_turn(groups, point, rules.queue):
        walk = rules.walk.minutes(code, point.area_code)
        minute = max(free - EARLY_MINUTES - walk, max(point.from_minute - walk, 0.0))
        first = max(minute + walk, point.from_minute)
        last = minute + walk + COME_MINUTES
        through = max(max(free, first) + people / point.per_minute, last)
        called.append(Called(code, point.key, people, minute, first, max(last, first), through))
        free = through
    queue = _longest(called, point)
    return Day(point.key, tuple(called), free, queue, queue / point.per_minute)


def _in_turn(groups: Sequence[Group], point: Counter, queue: float) -> list[tuple[str, int]]:
    """Whole buildings; units where a building's people would queue too long."""
    buildings: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups:
        buildings[group.code[:BUILDING]].append(group)
    turns: list[tuple[str, int]] = []
    for building, units in buildings.items():
        people = sum(one.people for one in units)
        if len(units) > 1 and people / point.per_minute - COME_MINUTES + EARLY_MINUTES > queue:
            turns += [(one.code, one.people) for one in units]
        else:
            turns.append((building, people))
    return turns


def _longest(called: Sequence[Called], point: Counter) -> float:
    """How many stand there at the worst minute: people come evenly within their minutes, the tables take as many as they can."""
    if not called:
        return 0.0
    end, waiting, worst = int(max(one.through for one in called)) + 1, 0.0, 0.0
    coming = [0.0] * (end + 1)
    for one in called:
        begins, minutes = int(one.first), max(int(one.last) - int(one.first), 1)
        for minute in range(begins, min(begins + minutes, end + 1)):
            coming[minute] += one.people / minutes
    for minute, people in enumerate(coming):
        served = point.per_minute if minute >= point.from_minute else 0.0
        waiting = max(waiting + people - served, 0.0)
        worst = max(worst, waiting)
    return worst
