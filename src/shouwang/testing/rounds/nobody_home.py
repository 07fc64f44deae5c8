"""What a team tells from a door at which nobody was: it comes back at the next hour when people are at home.

testing.nobody_home   A team stood before a door where somebody is to be swabbed, and nobody was there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Annotated
from uuid import uuid5

import msgspec
from django.db.models import Q

from shouwang.duties.models import OWED, Attempt, Duty
from shouwang.duties.plan import communities_of
from shouwang.duties.windows import next_try
from shouwang.duties.writing import write
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import community_of
from shouwang.lib.kinds import EventKind, Odd, Told
from shouwang.plans.actions import hours_to_try, plan_of
from shouwang.register.models import Household
from shouwang.register.queries import areas_of
from shouwang.testing.rounds.doors import AT_THE_DOOR

SWABBING = "swab.record"
NO_ANSWER = "no_answer"
Hours = Mapping[str, Sequence[time]]


class NobodyHome(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Nobody was at home."""

    household: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


def record_nobody(told: Sequence[Told], at: datetime) -> Odd:
    """Everybody who owes a swab behind these doors was looked for; told twice it is one try. Doors elsewhere are odd.

    When to come again says the plan of the place. Cost: three statements, and two for each community.
    """
    here = areas_of(Household, (one.payload.household for one in told))
    owed = Duty.objects.filter(
        Q(lapses_at=None) | Q(lapses_at__gt=at), kind__in=AT_THE_DOOR, fact=OWED, person__household__in=here
    )
    behind: dict[int, list[tuple[str, int]]] = {}
    for kind, person, door in owed.order_by("id").values_list("kind", "person", "person__household"):
        behind.setdefault(door, []).append((kind, person))
    hours = {area: hours_to_try(plan_of(area, now=at)) for area in communities_of(here.values())}
    rows = [
        _row(one, here[one.payload.household], kind, person, hours)
        for one in told
        for kind, person in behind.get(one.payload.household, ())
    ]
    write(Attempt, rows, same={"recorded_at": at})
    return {one.id: "not_in_scope" for one in told if one.payload.household not in here}


def _row(one: Told, area: str, kind: str, person: int, hours: Hours) -> dict[str, object]:
    return {
        "id": uuid5(one.id, f"{kind} {person}"), "kind": kind, "person_id": person, "area_code": area, "at": one.at,
        "by_id": one.by.pk if one.by else None, "outcome": NO_ANSWER,
        "next_try_at": next_try(one.at.astimezone(ZONE), hours[community_of(area)]),
    }  # fmt: skip


KINDS = (EventKind("testing.nobody_home", "上门没人", NobodyHome, record_nobody, SWABBING),)
