"""People on the lists shared among those who call: everybody of one door to the same worker, so that it rings once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shouwang.access.models import User
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.answering import Helper
from shouwang.screening.lists.deciding import hand_to
from shouwang.screening.lists.models import ListRow

Door = tuple[str, str]


class ToWhom(Refusal):
    code = "screening.to_whom"
    sentence = "请先选把这些人分给谁。"


def hand_among(rows: QuerySet[ListRow], helpers: Sequence[int], *, by: User | None, at: datetime) -> int:
    """Shares the people of these rows evenly, building by building. How many people were given.

    Raises: ToWhom, NotInScope.
    """
    if not helpers:
        raise ToWhom()
    if Helper.objects.filter(pk__in=helpers, left_at=None).count() != len(set(helpers)):
        raise NotInScope()
    told = rows.order_by("area_code", "inquiry").values_list("area_code", "inquiry").distinct()
    people: dict[UUID, str] = {inquiry: code for code, inquiry in told}
    whose = shares(list(people.items()), len(set(helpers)))
    for number, helper in enumerate(dict.fromkeys(helpers)):
        own = [inquiry for inquiry, share in whose.items() if share == number]
        if own:
            hand_to(own, helper, by=by, at=at)
    return len(people)


def shares(people: Sequence[tuple[UUID, str]], among: int) -> dict[UUID, int]:
    """Which share each of these people falls to: in the order of their doors, a door never divided."""
    found: dict[UUID, int] = {}
    before, share = "", 0
    for number, (inquiry, code) in enumerate(sorted(people, key=lambda one: (one[1], one[0]))):
        if code != before or len(code) < len("410103008001" + "01" + "001" + "01" + "0101"):
            share = number * among // max(len(people), 1)
        found[inquiry], before = share, code
    return found
