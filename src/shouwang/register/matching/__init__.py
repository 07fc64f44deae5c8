"""Which person of the register a row of a pushed list means.

match([Written(1, name="朱女士", phones=("186…",))], areas=["410103008004"])
    → [Match(number=1, outcome="candidates", candidates=(Candidate(…, why=("surname", "phone")),), …)]
"""

from shouwang.register.matching.matching import match
from shouwang.register.matching.rows import Candidate, Match, Written
from shouwang.register.matching.weights import WHY

__all__ = ["WHY", "Candidate", "Match", "Written", "match"]
