"""Who answers for what, as a tree from the community down to the building, with the doors of nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, F, Q
from django.db.models.functions import Left

from shouwang.lib.codes import BUILDING, LEVELS, subtree
from shouwang.register.answering import Helper, Responsibility
from shouwang.register.models import Area, Household
from shouwang.register.responsibility import unanswered


@dataclass
class Branch:
    """One area: who answers for it by name and role, how many doors lie in it, how many of them are nobody's."""

    code: str
    label: str
    held: list[Responsibility] = field(default_factory=list)
    doors: int = 0
    nobody: int = 0
    below: list["Branch"] = field(default_factory=list)


def tree_of(root: str, *, now: datetime, roles: Sequence[str]) -> Branch:
    """An area's branches down to its buildings; what is given to a unit stands at its building.

    Shape: a door counts as nobody's where nobody answers for it in any of `roles`. Cost: five queries, whatever the size.
    """
    low, high = subtree(root)
    areas = Area.objects.filter(code__gte=low, code__lt=high).order_by("code").values_list("code", "label")
    found = {code: Branch(code, label) for code, label in areas if len(code) <= BUILDING}
    top = found.setdefault(root, Branch(root, root))
    doors = Household.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"))
    counted = doors.values_list(Left("area_code", BUILDING)).annotate(amount=Count("id")).order_by()
    for code, amount in counted:
        for branch in _above(code, found):
            branch.doors += amount
    for door in unanswered(root, roles, now=now):
        for branch in _above(door.area_code, found):
            branch.nobody += 1
    for each in _held(root, now):
        next(_above(each.area_code, found), top).held.append(each)
    for code, branch in found.items():
        if branch is not top:
            next(_above(code[:-1], found), top).below.append(branch)
    return top


def _above(code: str, found: Mapping[str, Branch]) -> Iterator[Branch]:
    """The branches in which an area lies, nearest first."""
    for width in reversed(LEVELS):
        if width <= len(code) and code[:width] in found:
            yield found[code[:width]]


def helpers_of(area: str, *, now: datetime) -> list[Helper]:
    """Who works in an area, with how many areas each answers for; whoever left stands last."""
    low, high = subtree(area)
    own = Q(responsibilities__from_at__lte=now) & (
        Q(responsibilities__until=None) | Q(responsibilities__until__gt=now)
    )
    rows = Helper.objects.filter(area_code__gte=low, area_code__lt=high)
    return list(
        rows.annotate(areas=Count("responsibilities", filter=own)).order_by("left_at", "-areas", "name")
    )


def _held(root: str, now: datetime) -> list[Responsibility]:
    low, high = subtree(root)
    rows = Responsibility.objects.in_force(now).filter(area_code__gte=low, area_code__lt=high)
    return list(rows.select_related("helper", "grid").order_by("area_code", "role", "helper__name"))
