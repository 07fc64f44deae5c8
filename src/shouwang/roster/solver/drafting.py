"""A first roster, hour by hour, as somebody with a pencil makes it: each time the cheapest people for all places together."""

from collections.abc import Mapping, Sequence

from ortools.graph.python import min_cost_flow

from shouwang.roster.solver.cases import Case, Span

TURN, UNWISHED = 20, 90
SCARCE = 15  # whoever may take many other places is kept for them
ENOUGH = 100_000  # dearer than any turn: a place stays open only where nobody is left
SOURCE, SINK, FIRST = 0, 1, 2

Where = tuple[int, int]


class Draft:
    """Goes through the hours in order. Whoever had many turns of a kind (all, nights, leading) is dearer for the next."""

    def __init__(
        self,
        case: Case,
        may: Mapping[int, frozenset[Where]],
        wanted: Mapping[Where, int],
        shares: Sequence[frozenset[Where]],
    ) -> None:
        self.case, self.may, self.wanted, self.shares = case, may, wanted, shares
        self.taken: dict[int, set[Where]] = {number: set() for number in may}
        most = max((len(those) for those in may.values()), default=0) or 1
        self._scarce = {number: SCARCE * len(those) // most for number, those in may.items()}

    def make(self) -> dict[int, set[Where]]:
        """Who takes which hours and sort."""
        for at in range(len(self.case.spans)):
            self._assign(at)
        return self.taken

    def _assign(self, at: int) -> None:
        """The places of these hours as a flow from people to sorts of places."""
        free = [number for number in self.may if self._free(number, at)]
        sorts = {
            where: FIRST + len(free) + index
            for index, where in enumerate(w for w in self.wanted if w[0] == at)
        }
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs: dict[int, tuple[int, Where]] = {}
        for node, number in enumerate(free, FIRST):
            flow.add_arc_with_capacity_and_unit_cost(SOURCE, node, 1, 0)
            for where in sorted(self.may[number] & sorts.keys()):
                cost = self._cost(number, where)
                arc = flow.add_arc_with_capacity_and_unit_cost(node, sorts[where], 1, cost)
                arcs[arc] = (number, where)
        for where, node in sorts.items():
            flow.add_arc_with_capacity_and_unit_cost(node, SINK, self.wanted[where], 0)
            flow.add_arc_with_capacity_and_unit_cost(SOURCE, node, self.wanted[where], ENOUGH)
        total = sum(self.wanted[where] for where in sorts)
        flow.set_node_supply(SOURCE, total)
        flow.set_node_supply(SINK, -total)
        flow.solve()
        for arc, (number, where) in arcs.items():
            if flow.flow(arc):
                self.taken[number].add(where)

    def _free(self, number: int, at: int) -> bool:
        if not any(where[0] == at for where in self.may[number]):
            return False
        spans = self.case.spans
        worked: list[Span] = [*self.case.workers[number].worked]
        worked += [spans[where[0]] for where in self.taken[number]]
        return self.case.too_tired(worked, spans[at]) is None

    def _cost(self, number: int, where: Where) -> int:
        mine, span = self.taken[number], self.case.spans[where[0]]
        turns = sum(len(mine & share) for share in self.shares if where in share)
        unwished = any(wish.meets(span) for wish in self.case.workers[number].wishes)
        return TURN * turns + self._scarce[number] + UNWISHED * unwished
