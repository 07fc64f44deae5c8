"""What phones tell of isolation: a temperature, and by whom it was taken (RP17); what was brought; what a home lacks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from shouwang.isolation.caring import Taken, record_readings, strike_reading
from shouwang.isolation.homes import on_phones as homes
from shouwang.isolation.needs import on_phones as needs
from shouwang.lib.characters import NO_NUL
from shouwang.lib.errors import Refusal
from shouwang.lib.kinds import EventKind, Odd, Told, by_worker
from shouwang.register.models import Person
from shouwang.register.queries import areas_of


class Temperature(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A reading: measured at the door, asked by phone, or said by the person. Units: °C, as text, 30 to 45."""

    person: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    how: Literal["door", "phone", "own"]
    temperature_c: Annotated[str, msgspec.Meta(pattern=r"^(3\d(\.\d)?|4[0-4](\.\d)?|45(\.0)?)$")] | None = (
        None
    )
    symptoms: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=24, pattern=NO_NUL)]], msgspec.Meta(max_length=10)
    ] = []
    note: Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)] = ""


def taken(told: Sequence[Told], at: datetime, *, then: Callable[..., object]) -> Odd:
    """Readings of many people, each worker's under the own name; what is new is handed on."""
    here = areas_of(Person, (one.payload.person for one in told))
    for rows in by_worker(one for one in told if one.payload.person in here):
        fresh = record_readings([_taken(one) for one in rows], by=rows[0].by, at=at, here=here)
        then(fresh, by=rows[0].by, at=at)
    return {one.id: "not_in_scope" for one in told if one.payload.person not in here}


def took_back(told: Sequence[Told], at: datetime) -> Odd:
    """Readings that were told by mistake."""
    odd: dict[UUID, str] = {}
    for one in told:
        try:
            strike_reading(one.payload.of, by=one.by, at=at)
        except Refusal:
            odd[one.id] = "not_in_scope"
    return odd


def _taken(one: Told) -> Taken:
    said = one.payload
    heat = Decimal(said.temperature_c) if said.temperature_c else None
    return Taken(
        said.person, one.at, said.how, temperature_c=heat, symptoms=said.symptoms, id=one.id, note=said.note
    )


def kinds(*, then: Callable[..., object]) -> tuple[EventKind, ...]:
    """What phones can tell of isolation. Shape: `then(readings, by=, at=)` is what follows from new readings elsewhere."""
    heard = partial(taken, then=then)
    temperature = EventKind("isolation.temperature", "体温", Temperature, heard, "isolation.work", took_back)
    return (temperature, *needs.KINDS, *homes.KINDS)


PARTS = (*needs.PARTS, *homes.PARTS)
