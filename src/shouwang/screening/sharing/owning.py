"""Which community a row belongs to that nobody was found for: the one that its address names, or that its candidates share."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.register.models import Area

SHORTEST = 2
KINDS_OF_PLACE = ("社区居委会", "居委会", "社区", "村委会")

Names = Mapping[str, Collection[str]]


def names_in(area: str) -> dict[str, set[str]]:
    """What the communities and compounds of a street are called, each name with the communities that it may mean."""
    low, high = subtree(area)
    found: defaultdict[str, set[str]] = defaultdict(set)
    rows = Area.objects.filter(code__gte=low, code__lt=high, level__in=("community", "compound"))
    for code, label in rows.values_list("code", "label"):
        for name in (label, _short(label)):
            if len(name) >= SHORTEST:
                found[name].add(code[:COMMUNITY])
    return dict(found)


def owner_of(address: str, names: Names, candidates: Collection[str] = ()) -> str:
    """The one community that the address names, else the one where all the candidates live; empty where neither says.

    Shape: `candidates` are the area codes of the people a row may mean. The longest names that the address holds decide.
    """
    said = [name for name in names if name in address]
    whole = [name for name in said if not any(name != longer and name in longer for longer in said)]
    named = set.intersection(*(set(names[name]) for name in whole)) if whole else set()
    if len(named) == 1:
        return named.pop()
    living = {code[:COMMUNITY] for code in candidates}
    return living.pop() if len(living) == 1 and not named else ""


def _short(label: str) -> str:
    """祥云社区 is written 祥云 as well."""
    return next((label.removesuffix(kind) for kind in KINDS_OF_PLACE if label.endswith(kind)), label)
