"""Who answers for what, as a tree from the community down to the building, with the doors of nobody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from shouwang.lib.codes import BUILDING, COMPOUND, UNIT, subtree
from shouwang.register.answering import Helper, Responsibility
from shouwang.register.models import Area, Household
from shouwang.register.responsibility import unanswered

DOOR_ROLES = ("unit_lead", "building_lead", "grid_lead", "cadre")


@dataclass
class Branch:
    """One area: who answers for it by name and role, how many doors lie in it, how many of them are nobody's."""

    code: str
    label: str
    held: list[Responsibility] = field(default_factory=list)
    doors: int = 0
    nobody: int = 0
    below: list["Branch"] = field(default_factory=list)


def tree_of(community: str, *, now: datetime, roles: Sequence[str] = DOOR_ROLES) -> Branch:
    """A community's branches down to its buildings; what is given to a unit stands at its building.

    Cost: five queries, whatever the size.
    """
    low, high = subtree(community)
    areas = Area.objects.filter(code__gte=low, code__lt=high).order_by("code")
    found = {code: Branch(code, label) for code, label in areas.values_list("code", "label") if len(code) < UNIT}
    doors = Counter(Household.objects.filter(area_code__gte=low, area_code__lt=high).values_list("area_code", flat=True))
    nobody = Counter(door.area_code for door in unanswered(community, roles, now=now))
    for amounts, name in ((doors, "doors"), (nobody, "nobody")):
        for code, amount in amounts.items():
            for width in (len(community), COMPOUND, BUILDING):
                if branch := found.get(code[:width]):
                    setattr(branch, name, getattr(branch, name) + amount)
    for each in _held(community, now):
        if branch := found.get(each.area_code) or found.get(each.area_code[:BUILDING]):
            branch.held.append(each)
    for code, branch in found.items():
        above = found.get(code[:COMPOUND] if len(code) == BUILDING else code[: len(community)])
        if above and above is not branch:
            above.below.append(branch)
    return found.get(community) or Branch(community, community)


def helpers_of(area: str, *, now: datetime) -> list[Helper]:
    """Who works in an area, with how many areas each answers for; whoever left stands last."""
    low, high = subtree(area)
    own = Q(responsibilities__from_at__lte=now) & (
        Q(responsibilities__until=None) | Q(responsibilities__until__gt=now)
    )
    rows = Helper.objects.filter(area_code__gte=low, area_code__lt=high)
    return list(rows.annotate(areas=Count("responsibilities", filter=own)).order_by("left_at", "-areas", "name"))


def _held(community: str, now: datetime) -> list[Responsibility]:
    low, high = subtree(community)
    rows = Responsibility.objects.in_force(now).filter(area_code__gte=low, area_code__lt=high)
    return list(rows.select_related("helper", "grid").order_by("area_code", "role", "helper__name"))
