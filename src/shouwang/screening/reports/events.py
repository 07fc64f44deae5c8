"""What phones tell of self-reports: a worker filled one in, at the door, for somebody without a phone of their own."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec

from shouwang.lib.characters import NO_NUL
from shouwang.lib.kinds import EventKind, Odd, Told
from shouwang.register.models import Household
from shouwang.screening.reports.actions import Said, SaidPerson, report

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=NO_NUL)]
FewWords = Annotated[str, msgspec.Meta(max_length=60, pattern=NO_NUL)]


class SelfReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody said of their coming: in front of them, and after they were told what for."""

    household: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    name: Name
    phone: Annotated[str, msgspec.Meta(max_length=20, pattern=r"^[\d +()-]*$")] = ""
    from_place: FewWords = ""
    arrived_on: date | None = None
    note: Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)] = ""


def reported(told: Sequence[Told], at: datetime) -> Odd:
    """Each lands on the list desk like a report from the street."""
    doors = Household.objects.in_bulk({one.payload.household for one in told})
    for one in told:
        if door := doors.get(one.payload.household):
            report(_said(one, door), area=door.area_code, by=one.by, at=at)
    return {one.id: "not_in_scope" for one in told if one.payload.household not in doors}


def _said(one: Told, door: Household) -> Said:
    told = one.payload
    return Said(
        one.id, told.phone, [SaidPerson(told.name, phone=told.phone)], compound=door.compound, building=door.building,
        unit=door.unit, room=door.room, from_place=told.from_place, arrived_on=told.arrived_on, note=told.note,
        told_at=one.at,
    )  # fmt: skip


KINDS = (EventKind("screening.self_report", "替人报备", SelfReport, reported, "visit.record"),)
