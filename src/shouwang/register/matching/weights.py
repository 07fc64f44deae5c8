"""The table of weights, read once: what each piece of evidence says, in bits and in words."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Weight:
    """One piece of evidence.

    Shape: `group` is number, name, phone, door, born or sex; `bars` forbids to find this person without help; `needs_name` does where the
    name does not agree, `needs_number` where no number does; `weak_name` is a name that agrees too little.
    Units: `bits`, where each one doubles the odds.
    """

    evidence: str
    group: str
    bits: float
    words: str
    because: str
    bars: bool = False
    needs_name: bool = False
    weak_name: bool = False
    needs_number: bool = False


@dataclass(frozen=True)
class Limits:
    """From how many bits on somebody is found, shown or left out, and what is too common to ask by."""

    found: float
    lists: int
    margin: float
    candidate: float
    elsewhere: float
    shown: int
    usual_names: int
    namesakes: int
    crowd: int


_table = tomllib.loads((Path(__file__).parent / "weights.toml").read_text(encoding="utf-8"))
WEIGHTS = {key: Weight(key, **values) for key, values in _table["evidence"].items()}
LIMITS = Limits(**_table["limits"])
WHY: dict[str, str] = {key: weight.words for key, weight in WEIGHTS.items()} | _table["answer"]
