"""Why a place stays open, and what it would cost to fill it: whom, against which rule, by how much."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from shouwang.roster.solver.cases import Case, Roster, Shift, Span, Worker

# Rules that somebody with a name may set aside for once; nobody sets aside what a body must not be asked.
ASKING = ("rest", "days", "hours", "skill")
WAYS_SHOWN = 3
LEAST_REST = timedelta(hours=8)  # so much sleep is left to everybody, whoever agrees to less


@dataclass(frozen=True)
class Way:
    """A way to fill a place: this worker, if this rule is set aside.

    Units: `by` is in hours for "rest" and "tired" (rest that is missing), in days for "days", otherwise 0.
    """

    worker: int
    rule: str
    by: float = 0


@dataclass(frozen=True)
class Gap:
    """A place that stays open: the cheapest ways to fill it, and how many people which rule keeps away."""

    shift: str
    place: int
    ways: tuple[Way, ...]
    kept_away: tuple[tuple[str, int], ...]


def gaps(case: Case, roster: Roster) -> list[Gap]:
    """Every open place with what would fill it."""
    shifts = {shift.key: shift for shift in case.shifts}
    busy: dict[int, list[Span]] = defaultdict(list)
    for one in roster.given:
        busy[one.worker].append(shifts[one.shift].span)
    return [_gap(case, shifts[key], place, busy) for key, place in roster.open]


def broken(case: Case, worker: Worker, shift: Shift, place: int, others: list[Span]) -> list[Way]:
    """Every rule that this person at this place would break, beside their other shifts."""
    worked = [*worker.worked, *others]
    found = [Way(worker.key, "twice")] if any(span.meets(shift.span) for span in worked) else []
    if any(span.meets(shift.span) for span in worker.away):
        found.append(Way(worker.key, "away"))
    if case.strains_of(shift) & worker.cannot:
        found.append(Way(worker.key, "must_not"))
    if not shift.places[place] <= worker.can:
        found.append(Way(worker.key, "skill"))
    if worker.offers and not any(offer.covers(shift.span) for offer in worker.offers):
        found.append(Way(worker.key, "hours"))
    missing = max((_missing_rest(case, shift.span, span) for span in worked), default=timedelta())
    if missing > timedelta() and not any(way.rule == "twice" for way in found):
        rule = "rest" if case.limits.rest - missing >= LEAST_REST else "tired"
        found.append(Way(worker.key, rule, round(missing.total_seconds() / 3600, 1)))
    if case.limits.too_many_days([*(span.day for span in worked), shift.span.day]):
        found.append(Way(worker.key, "days", 1))
    return found


def _missing_rest(case: Case, one: Span, other: Span) -> timedelta:
    first, second = sorted((one, other))
    return case.limits.rest - (second.starts_at - first.ends_at)


def _gap(case: Case, shift: Shift, place: int, busy: dict[int, list[Span]]) -> Gap:
    ways: list[Way] = []
    kept: Counter[str] = Counter()
    for worker in case.workers:
        against = broken(case, worker, shift, place, busy[worker.key])
        kept.update({way.rule for way in against})
        if len(against) == 1 and against[0].rule in ASKING:
            ways.append(against[0])
    ways.sort(key=lambda way: (ASKING.index(way.rule), way.by, way.worker))
    return Gap(shift.key, place, tuple(ways[:WAYS_SHOWN]), tuple(kept.most_common()))
