"""First stage: who works at which hours, at places that ask what.

A draft in pencil first (`drafting.py`); where bounds on averages already prove that nothing is better, it stays. Else CP-SAT
goes on from there, as long as it may.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from ortools.sat.python import cp_model

from shouwang.roster.solver.cases import LEAD, WEEK_DAYS, Case, Worker
from shouwang.roster.solver.drafting import Draft

# What it costs. An open place outweighs every unfairness; one turn too many weighs more than a wish.
OPEN, UNFAIR, WISH = 1000, 10, 1
SEED = 20200205  # any number, always the same: the same people and shifts make the same roster

Sort = tuple[frozenset[str], frozenset[str]]  # what a place asks, what it strains
Where = tuple[int, int]  # the number of the hours, the number of the sort
Taken = dict[int, set[Where]]  # by the number of the worker


@dataclass(frozen=True)
class Asked:
    """A case as the first stage sees it: sorts of places, how many of each at which hours, who may take which."""

    case: Case
    sorts: tuple[Sort, ...]
    wanted: dict[Where, int]
    may: dict[int, frozenset[Where]]

    @property
    def shares(self) -> list[frozenset[Where]]:
        """What is shared evenly: all turns, the nights, leading."""
        nights = {number for number, span in enumerate(self.case.spans) if self.case.limits.is_night(span)}
        leading = {number for number, (asks, _) in enumerate(self.sorts) if LEAD in asks}
        by_night = frozenset(where for where in self.wanted if where[0] in nights)
        led = frozenset(where for where in self.wanted if where[1] in leading)
        return [share for share in (frozenset(self.wanted), by_night, led) if share]

    def average(self, share: frozenset[Where]) -> int:
        """How many turns of a share nobody need exceed if all is even: the bound on the average."""
        people = sum(1 for may in self.may.values() if may & share)
        return -(-sum(self.wanted[where] for where in share) // people) if people else 0

    def unwished(self, number: int) -> frozenset[Where]:
        """What a worker may take and would rather not."""
        wishes, spans = self.case.workers[number].wishes, self.case.spans
        return frozenset(w for w in self.may[number] if any(wish.meets(spans[w[0]]) for wish in wishes))

    def cost(self, taken: Taken) -> int:
        """What a roster costs: open places, turns above the average, wishes not kept."""
        still_open = sum(self.wanted.values()) - sum(len(mine) for mine in taken.values())
        unfair = sum(
            max(0, len(mine & share) - self.average(share))
            for share in self.shares
            for mine in taken.values()
        )
        against = sum(len(mine & self.unwished(number)) for number, mine in taken.items())
        return OPEN * still_open + UNFAIR * unfair + WISH * against


@dataclass(frozen=True)
class Hours:
    """The finished first stage: who is at which hours in which sort of place."""

    asked: Asked
    taken: Taken
    cost: int
    bound: int


def ask(case: Case) -> Asked:
    """What a case asks of whom."""
    wanted: dict[Where, int] = defaultdict(int)
    examples: dict[Where, tuple[int, int]] = {}
    sorts: dict[Sort, int] = {}
    for where, shift, place in places_of(case, sorts):
        wanted[where] += 1
        examples.setdefault(where, (shift, place))
    may = {
        number: frozenset(
            where
            for where, (shift, place) in examples.items()
            if case.why_not(worker, case.shifts[shift], place) is None
        )
        for number, worker in enumerate(case.workers)
    }
    return Asked(case, tuple(sorts), dict(wanted), may)


def places_of(case: Case, sorts: dict[Sort, int]) -> Iterable[tuple[Where, int, int]]:
    """Every place with its hours and sort; new sorts get the next number."""
    spans = {span: number for number, span in enumerate(case.spans)}
    for index, shift in enumerate(case.shifts):
        strains = case.strains_of(shift)
        for place, asks in enumerate(shift.places):
            yield (spans[shift.span], sorts.setdefault((asks, strains), len(sorts))), index, place


def best_hours(case: Case, *, seconds: float, tell: Callable[[int, int], None] | None = None) -> Hours:
    """The best hours for everybody within the time; told each better one as (cost, bound)."""
    asked = ask(case)
    taken = Draft(case, asked.may, asked.wanted, asked.shares).make()
    cost = asked.cost(taken)
    if tell:
        tell(cost, 0)
    if not cost:
        return Hours(asked, taken, 0, 0)
    return _Model(asked, taken).best(seconds, tell)


class _Model:
    """The same question for CP-SAT, begun with a draft."""

    def __init__(self, asked: Asked, draft: Taken) -> None:
        self.asked, self.draft, self.model = asked, draft, cp_model.CpModel()
        self.costs: list[cp_model.LinearExprT] = []
        self.picks = {
            number: {where: self._pick(where in draft[number]) for where in sorted(may)}
            for number, may in asked.may.items()
        }
        self._fill()
        for number, worker in enumerate(asked.case.workers):
            self._let_rest(number, worker)
        self._share()

    def best(self, seconds: float, tell: Callable[[int, int], None] | None) -> Hours:
        """The best one within the time; the draft where nothing better was found."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.linearization_level = (
            1,
            2,
        )  # one hand: the same each time
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.random_seed = SEED
        self.model.minimize(sum(self.costs))
        status = solver.solve(self.model, _Telling(tell) if tell else None)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Hours(self.asked, self.draft, self.asked.cost(self.draft), 0)
        taken = {
            number: {where for where, pick in picks.items() if solver.boolean_value(pick)}
            for number, picks in self.picks.items()
        }
        return Hours(self.asked, taken, self.asked.cost(taken), max(0, round(solver.best_objective_bound)))

    def _pick(self, chosen: bool) -> cp_model.IntVar:
        pick = self.model.new_bool_var("")
        self.model.add_hint(pick, chosen)
        return pick

    def _count(self, most: int, hint: int) -> cp_model.IntVar:
        number = self.model.new_int_var(0, most, "")
        self.model.add_hint(number, hint)
        return number

    def _fill(self) -> None:
        """Every place is taken by one, or stays open and costs."""
        for where, many in self.asked.wanted.items():
            picks = [mine[where] for mine in self.picks.values() if where in mine]
            drafted = sum(where in mine for mine in self.draft.values())
            left = self._count(many, many - drafted)
            self.model.add(sum(picks) + left == many)
            self.costs.append(OPEN * left)

    def _let_rest(self, number: int, worker: Worker) -> None:
        """Rest between two shifts, and a day off in every seven."""
        case, picks = self.asked.case, self.picks[number]
        spans, limits = case.spans, case.limits
        for starts_at in sorted({spans[at].starts_at for at, _ in picks}):
            near = [
                pick
                for (at, _), pick in picks.items()
                if spans[at].starts_at <= starts_at < spans[at].ends_at + limits.rest
            ]
            if len(near) > 1:
                self.model.add_at_most_one(near)
        days: dict[date, list[Where]] = defaultdict(list)
        for where in picks:
            days[spans[where[0]].day].append(where)
        at_work: dict[date, cp_model.LinearExprT] = {
            day: self._any(number, those) for day, those in days.items()
        }
        at_work |= {span.day: 1 for span in worker.worked}
        for first in sorted(at_work):
            week = [here for day, here in at_work.items() if 0 <= (day - first).days < WEEK_DAYS]
            if len(week) > limits.days_in_seven:
                self.model.add(sum(week) <= limits.days_in_seven)

    def _any(self, number: int, those: list[Where]) -> cp_model.LinearExprT:
        """Whether somebody works on a day: the sum of its turns where rest allows only one, which is nearly always so."""
        spans, picks = self.asked.case.spans, [self.picks[number][where] for where in those]
        first_end = min(spans[at].ends_at for at, _ in those)
        if max(spans[at].starts_at for at, _ in those) < first_end + self.asked.case.limits.rest:
            return sum(picks)
        here = self._pick(bool(self.draft[number] & set(those)))
        for pick in picks:
            self.model.add_implication(pick, here)
        return here

    def _share(self) -> None:
        """Turns, nights and leading are shared: nobody has more than the average rounded up, or it costs. So do wishes."""
        for share in self.asked.shares:
            average = self.asked.average(share)
            for number, picks in self.picks.items():
                mine = [pick for where, pick in picks.items() if where in share]
                if len(mine) > average:
                    drafted = len(self.draft[number] & share)
                    more = self._count(len(mine) - average, max(0, drafted - average))
                    self.model.add(sum(mine) <= average + more)
                    self.costs.append(UNFAIR * more)
        for number, picks in self.picks.items():
            self.costs += [WISH * picks[where] for where in self.asked.unwished(number)]


class _Telling(cp_model.CpSolverSolutionCallback):
    def __init__(self, tell: Callable[[int, int], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        """One more solution."""
        self._tell(round(self.objective_value), max(0, round(self.best_objective_bound)))
