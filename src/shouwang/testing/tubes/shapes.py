"""What phones say at the table, at a door, on the road and at the hub: the shape of each event's payload.

testing.swab          Somebody was swabbed into a tube: one event for each person.
testing.close_tube    A tube is closed: nobody else goes into it.
testing.open_box      A box is opened at a point: tubes are laid into it.
testing.box_tube      A tube is laid into a box.
testing.unbox_tube    A tube is taken out of a box again, and why.
testing.seal_box      A box is sealed: how many tubes were counted by hand.
testing.hand_over     One side of a hand-over: whoever gives scans the box, and whoever takes it scans it too.
testing.receive_tube  A tube out of a box is counted in at the hub or the laboratory; counting may stop and go on.
testing.box_lost      A box cannot be found.
testing.box_found     It was found, and where.

A code is what the scanner read; the server makes it plain (`codes.clean`) and a phone that compares codes does the same.
"""

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from shouwang.lib.characters import NO_NUL

Row = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Code = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]
Words = Annotated[str, msgspec.Meta(max_length=200, pattern=NO_NUL)]
FewWords = Annotated[str, msgspec.Meta(max_length=64, pattern=NO_NUL)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=NO_NUL)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=9999)]
Degrees = Annotated[str, msgspec.Meta(pattern=r"^-?\d{1,2}(\.\d)?$")]
How = Literal["code", "id", "name", "household", "none"]
Category = Literal["", "resident", "visitor", "worker", "outsider"]
Station = Literal["point", "courier", "hub", "laboratory"]


class Shape(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Nothing that is not named here is taken for something."""


class SwabTaken(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """Somebody was swabbed.

    Shape: `person` is a row of the phone's `people`; who is none of them has a name, papers, a phone, or nothing at all. `how`: by
    what they were known. `id_kind` where the number is not that of an identity card. `place` is the place in the tube as the phone
    counts; `capacity` the pool size it was opened with.
    """

    tube: Code
    capacity: Annotated[int, msgspec.Meta(ge=1, le=99)]
    how: How
    point: UUID | None = None
    person: Row | None = None
    name: FewWords = ""
    id_kind: Annotated[str, msgspec.Meta(max_length=16, pattern=NO_NUL)] = ""
    id_number: Annotated[str, msgspec.Meta(max_length=40, pattern=NO_NUL)] = ""
    phone: Annotated[str, msgspec.Meta(max_length=40, pattern=NO_NUL)] = ""
    category: Category = ""
    at_door: bool = False
    lot: Annotated[str, msgspec.Meta(max_length=40, pattern=NO_NUL)] = ""
    place: Annotated[int, msgspec.Meta(ge=1, le=99)] | None = None
    note: Words = ""


class TubeClosed(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """A tube is closed."""

    tube: Code


class BoxOpened(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """A box is opened."""

    box: Code
    point: UUID | None = None


class TubeBoxed(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """A tube is laid into a box; from another box too, where that one was not told."""

    box: Code
    tube: Code


class TubeUnboxed(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """A tube is taken out of a box."""

    box: Code
    tube: Code
    reason: Reason


class BoxSealed(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """A box is sealed. Units: `tubes` counted by hand; `temperature_c` in °C, as text."""

    box: Code
    tubes: Amount
    temperature_c: Degrees | None = None
    sealed_with: FewWords = ""
    note: Words = ""


class HandOver(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """One side of a hand-over.

    Shape: `station` is whoever says it (a courier who takes: courier), `to_or_from` the other side in words. Units: `count` tubes, as
    counted or as written on the box; `temperature_c` in °C, as text, asked for when the way is longer than the plan says.
    """

    box: Code
    side: Literal["give", "take"]
    station: Station
    count: Amount
    disinfected: bool
    to_or_from: FewWords = ""
    temperature_c: Degrees | None = None
    carrier: FewWords = ""
    vehicle: Annotated[str, msgspec.Meta(max_length=16, pattern=NO_NUL)] = ""
    note: Words = ""


class TubeReceived(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """A tube was counted in out of this box."""

    box: Code
    tube: Code


class BoxLost(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """A box cannot be found."""

    box: Code
    reason: Reason
    where: FewWords = ""


class BoxFound(Shape, frozen=True, gc=False, forbid_unknown_fields=True):
    """A box was found again."""

    box: Code
    reason: Reason
    where: FewWords = ""
