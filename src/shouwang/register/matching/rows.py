"""What goes into matching and what comes out: a row as its sender wrote it, and who of the register it means."""

from dataclasses import dataclass
from datetime import date

FOUND, CANDIDATES, NEW, NOT_OURS = "found", "candidates", "new", "not_ours"


@dataclass(frozen=True)
class Written:
    """A row of a pushed list as the sender wrote it, its cells already read.

    Shape: `number` comes back in the answer; `name` may be 朱女士, Li Wei or traditional; `id_number` whole, masked
    with stars, of 15 digits or wrong; a phone may be one text with two in it; `sex` is 男, 女, m, f or empty.
    """

    number: int
    name: str = ""
    id_number: str = ""
    phones: tuple[str, ...] = ()
    sex: str = ""
    born_on: date | None = None
    address: str = ""


@dataclass(frozen=True)
class Candidate:
    """Somebody of the register whom a row may mean.

    Shape: `why` are keys of `WHY`: what speaks for this person, and what against.
    Units: `score` in bits: each one doubles the odds.
    """

    person: int
    household: int
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """The answer for one row.

    Shape: `outcome` is found, candidates, new or not_ours; `candidates` the best first, empty for new and not_ours;
    `address_elsewhere` is the place of the address that lies outside the caller's areas.
    """

    number: int
    outcome: str
    candidates: tuple[Candidate, ...]
    why: tuple[str, ...]
    address_elsewhere: str = ""
