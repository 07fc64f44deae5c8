"""Who works when and where. Pure: workers and shifts in, a roster out; no database, no clock, the same answer every time.

Two stages. First people → hours and places that ask the same (`hours.py`, CP-SAT with bounds on averages); then
people → posts among places that ask the same at the same hours (`posts.py`). Nothing is lost between the two: where
places ask the same, whoever may take one may take any. What nobody can fill is left open and explained (`gaps.py`).
"""

from shouwang.roster.solver.cases import Case, Given, Limits, Offer, Roster, Shift, Span, Worker
from shouwang.roster.solver.gaps import Gap, Way, gaps
from shouwang.roster.solver.solving import solve

__all__ = [
    "Case",
    "Gap",
    "Given",
    "Limits",
    "Offer",
    "Roster",
    "Shift",
    "Span",
    "Way",
    "Worker",
    "gaps",
    "solve",
]
