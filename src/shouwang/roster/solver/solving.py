"""One call for a whole roster."""

from collections.abc import Callable

from shouwang.roster.solver.cases import Case, Roster
from shouwang.roster.solver.hours import best_hours
from shouwang.roster.solver.posts import to_posts


def solve(case: Case, *, seconds: float = 30, tell: Callable[[int, int], None] | None = None) -> Roster:
    """The best roster that the time allows; every rule about rest, days and what must not be asked holds in it.

    Shape: `tell` hears of each better one as (cost, bound). Units: seconds. Cost: 158 people for a week about two seconds.
    """
    hours = best_hours(case, seconds=seconds, tell=tell)
    given, left = to_posts(case, hours)
    return Roster(tuple(sorted(given)), tuple(sorted(left)), hours.cost, hours.bound)
