"""From scored pairs to answers: found, to be chosen from, new, or not ours."""

from collections import defaultdict
from collections.abc import Sequence
from math import log2

from shouwang.register.matching.asking import Asked
from shouwang.register.matching.rows import CANDIDATES, FOUND, NEW, NOT_OURS, Candidate, Match, Written
from shouwang.register.matching.tables import Tables
from shouwang.register.matching.weights import LIMITS

BEST = """
SELECT number, person, household, score, barred, number_says, name_says, phone_says, door_says, born_says, sex_says
FROM best ORDER BY number, place
"""
SCORE_DIGITS = 1

Judged = tuple[Candidate, bool]  # barred


def decide(tables: Tables, rows: Sequence[Written], asked: Sequence[Asked]) -> list[Match]:
    """One answer for each row, in their order. The longer the list, the more a chance agreement must be ruled out."""
    enough = max(LIMITS.found, log2(max(len(rows), 1) * LIMITS.lists))
    found: defaultdict[int, list[Judged]] = defaultdict(list)
    for number, person, household, score, barred, *says in tables.ask(BEST):
        why = tuple(filter(None, says))
        found[number].append((Candidate(person, household, round(score, SCORE_DIGITS), why), bool(barred)))
    return [
        _answer(row.number, found.get(index, []), ask.place.elsewhere, enough)
        for index, (row, ask) in enumerate(zip(rows, asked, strict=True))
    ]


def _answer(number: int, judged: list[Judged], elsewhere: str, enough: float) -> Match:
    least = LIMITS.elsewhere if elsewhere else LIMITS.candidate
    judged = [(candidate, barred) for candidate, barred in judged if candidate.score >= least]
    if not judged:
        outcome, why = (NOT_OURS, "elsewhere") if elsewhere else (NEW, "nobody")
        return Match(number, outcome, (), (why,), elsewhere)
    candidates = tuple(candidate for candidate, _ in judged)
    best, barred = judged[0]
    if _alike(best, judged[1:], enough):
        return Match(number, CANDIDATES, candidates, ("alike",), elsewhere)
    if barred or best.score < enough:
        return Match(number, CANDIDATES, candidates, (*best.why, "not_enough"), elsewhere)
    return Match(number, FOUND, candidates, best.why, elsewhere)


def _alike(best: Candidate, others: list[Judged], enough: float) -> bool:
    """Whether somebody else is nearly as likely, or could be found alone."""
    return any(
        best.score - other.score < LIMITS.margin or (other.score >= enough and not barred)
        for other, barred in others
    )
