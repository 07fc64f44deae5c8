"""Second stage: which of the places that ask the same. Near one's own home, and where one stood the last time."""

from collections import defaultdict

from ortools.graph.python import linear_sum_assignment

from shouwang.roster.solver.cases import Case, Given, Shift, Worker
from shouwang.roster.solver.hours import Hours, Where, places_of

SAME, NEAR, FAR = 0, 2, 4
LEFT_OPEN = 10


def to_posts(case: Case, hours: Hours) -> tuple[list[Given], list[tuple[str, int]]]:
    """Everybody gets a place among those of their hours; and the places that stay open."""
    people: dict[Where, list[int]] = defaultdict(list)
    for number in sorted(hours.taken):
        for where in hours.taken[number]:
            people[where].append(number)
    places: dict[Where, list[tuple[int, int]]] = defaultdict(list)
    for where, shift, place in places_of(case, {sort: n for n, sort in enumerate(hours.asked.sorts)}):
        places[where].append((shift, place))
    last: dict[int, int] = {}
    given: list[Given] = []
    left: list[tuple[str, int]] = []
    for where in sorted(places):
        here, chosen = places[where], _assign(case, people[where], places[where], last)
        for number, index in zip(people[where], chosen, strict=True):
            shift, place = here[index]
            given.append(Given(case.shifts[shift].key, place, case.workers[number].key))
            last[number] = case.shifts[shift].post
        left += [(case.shifts[s].key, p) for index, (s, p) in enumerate(here) if index not in set(chosen)]
    return given, left


def _assign(case: Case, people: list[int], here: list[tuple[int, int]], last: dict[int, int]) -> list[int]:
    """The place of each person: the cheapest for all together. Places that stay open are taken by nobody, all alike."""
    if not people:
        return []
    matching = linear_sum_assignment.SimpleLinearSumAssignment()
    for row in range(len(here)):
        for column, (shift, _) in enumerate(here):
            cost = LEFT_OPEN
            if row < len(people):
                cost = _far(case.workers[people[row]], case.shifts[shift], last.get(people[row]))
            matching.add_arc_with_cost(row, column, cost)
    matching.solve()
    return [matching.right_mate(row) for row in range(len(people))]


def _far(worker: Worker, shift: Shift, last: int | None) -> int:
    if shift.post == last:
        return SAME
    return NEAR if worker.near and shift.area.startswith(worker.near) else FAR
