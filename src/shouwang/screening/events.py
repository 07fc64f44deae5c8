"""What phones tell of screening: a door was seen, nobody was met, somebody was called.

screening.visit     Somebody was met at a door.
screening.attempt   Somebody knocked and nobody was met, or it did not come to a visit; when to come again.
screening.call      Somebody called a household before going there, and how it went.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from shouwang.lib.characters import NO_NUL
from shouwang.lib.errors import Refusal
from shouwang.lib.kinds import EventKind, Odd, Told, by_worker
from shouwang.plans.actions import hours_to_try, plan_of
from shouwang.register.models import Household
from shouwang.register.queries import areas_of
from shouwang.screening.actions import Seen, Tried, record_attempts, record_visits
from shouwang.screening.taking_back import TooLate, take_back

Row = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Words = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]
FewWords = Annotated[str, msgspec.Meta(max_length=64, pattern=NO_NUL)]
Help = Literal["lives_alone", "disabled", "pregnant", "chronic", "no_phone"]
Degrees = Annotated[str, msgspec.Meta(pattern=r"^(3[4-9]|4[0-3])(\.\d)?$")]


class Visit(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a door said. Units: `temperature_c` in °C, as text, 34 to 43.9."""

    household: Row
    met: FewWords = ""
    people_count: Annotated[int, msgspec.Meta(ge=0, le=99)] | None = None
    newcomers: Words = ""
    temperature_c: Degrees | None = None
    symptoms: Annotated[str, msgspec.Meta(max_length=100, pattern=NO_NUL)] = ""
    helps: Annotated[list[Help], msgspec.Meta(max_length=10)] = []
    handed_out: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=40, pattern=NO_NUL)]], msgspec.Meta(max_length=20)
    ] = []
    note: Words = ""


class Attempt(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Somebody stood before a door in vain. `next_try_at` where something was agreed."""

    household: Row
    outcome: Literal["no_answer", "refused", "moved", "appointed"]
    next_try_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    note: Words = ""


class Call(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Somebody called a household and did not get to talk, or something was agreed."""

    household: Row
    outcome: Literal["no_reply", "wrong_number", "hung_up", "appointed"]
    next_try_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    note: Words = ""


def visited(told: Sequence[Told], at: datetime) -> Odd:
    """Visits of many doors, each worker's under the own name."""

    def write(those: list[Told], here: Mapping[int, str]) -> None:
        record_visits([_seen(one) for one in those], by=those[0].by, at=at, here=here)

    return _at_doors(told, write)


def tried(told: Sequence[Told], at: datetime) -> Odd:
    """What was tried in vain; when to come again where nothing was agreed says the plan of the place."""

    def write(those: list[Told], here: Mapping[int, str]) -> None:
        rows = [
            Tried(
                one.payload.household, one.at, one.payload.outcome, next_try_at=one.payload.next_try_at,
                note=one.payload.note, id=one.id,
            )
            for one in those
        ]  # fmt: skip
        record_attempts(
            rows, hours_of=lambda area: hours_to_try(plan_of(area, now=at)), by=those[0].by, at=at
        )

    return _at_doors(told, write)


def took_back(told: Sequence[Told], at: datetime) -> Odd:
    """Wrong taps taken back by whoever tapped."""
    odd: dict[UUID, str] = {}
    for one in told:
        try:
            take_back(one.payload.of, by=one.by, tapped_at=one.at, at=at)
        except TooLate:
            odd[one.id] = "too_late"
        except Refusal:
            odd[one.id] = "not_in_scope"
    return odd


def _at_doors(told: Sequence[Told], write: Callable[[list[Told], Mapping[int, str]], None]) -> Odd:
    """Writes down what lies in scope, worker by worker; the others by their flag."""
    here = areas_of(Household, (one.payload.household for one in told))
    for those in by_worker(one for one in told if one.payload.household in here):
        write(those, here)
    return {one.id: "not_in_scope" for one in told if one.payload.household not in here}


def _seen(one: Told) -> Seen:
    said = one.payload
    heat = Decimal(said.temperature_c) if said.temperature_c else None
    return Seen(
        said.household, one.at, id=one.id, met=said.met, people_count=said.people_count, newcomers=said.newcomers,
        temperature_c=heat, symptoms=said.symptoms, helps=said.helps, handed_out=said.handed_out, note=said.note,
    )  # fmt: skip


KINDS = (
    EventKind("screening.visit", "入户走访", Visit, visited, "visit.record", took_back),
    EventKind("screening.attempt", "没见到人", Attempt, tried, "visit.record", took_back),
    EventKind("screening.call", "上门前打电话", Call, tried, "visit.record", took_back),
)
