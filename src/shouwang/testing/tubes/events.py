"""What phones can tell of swabs, tubes and boxes: which shape goes to whom. In words: `shapes.py`."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from shouwang.access.scope import whole
from shouwang.lib.kinds import EventKind, Kind, Odd, Told
from shouwang.testing.rounds import nobody_home
from shouwang.testing.tubes import boxes, shapes
from shouwang.testing.tubes.codes import clean, row_of
from shouwang.testing.tubes.models import Tube
from shouwang.testing.tubes.swabs import Expired, Zones, record_swabs, take_back

SWAB, CARRY = "swab.record", "sample.carry"


def closed(told: Sequence[Told], at: datetime) -> Odd:
    """Tubes are closed, each at the first time that anybody said so."""
    with whole():
        for one in sorted(told, key=lambda one: one.at, reverse=True):
            rows = Tube.objects.filter(pk=row_of("tube", clean(one.payload.tube)))
            rows.exclude(closed_at__lte=one.at).update(closed_at=one.at)
    return {one.id: "odd_code" for one in told if not clean(one.payload.tube)}


def kinds(
    *, discharges: Sequence[Kind], expired: Expired, zones: Zones, then: boxes.Sealed
) -> tuple[EventKind, ...]:
    """What phones can tell of testing.

    Shape: `discharges` are the duties that a swab does; `expired()` says the last good day of lots that are over; `zones(now)` the
    zone of each sealed area; `then(boxes, at)` is what follows elsewhere when boxes are sealed.
    """

    def swabbed(told: Sequence[Told], at: datetime) -> Odd:
        return record_swabs(told, at=at, expired=expired, zones=zones, kinds=discharges)

    def unswabbed(told: Sequence[Told], at: datetime) -> Odd:
        return take_back(told, at=at, kinds=discharges)

    back = boxes.took_back
    return (
        EventKind("testing.swab", "采样", shapes.SwabTaken, swabbed, SWAB, unswabbed),
        EventKind("testing.close_tube", "满管", shapes.TubeClosed, closed, SWAB),
        EventKind("testing.open_box", "开箱", shapes.BoxOpened, boxes.opened, CARRY, back),
        EventKind("testing.box_tube", "装箱", shapes.TubeBoxed, boxes.boxed, CARRY, back),
        EventKind("testing.unbox_tube", "取出", shapes.TubeUnboxed, boxes.unboxed, CARRY, back),
        EventKind(
            "testing.seal_box", "封箱", shapes.BoxSealed, partial(boxes.sealed, then=then), CARRY, back
        ),
        EventKind("testing.hand_over", "样本交接", shapes.HandOver, boxes.handed, CARRY, back),
        EventKind("testing.receive_tube", "点收", shapes.TubeReceived, boxes.counted, CARRY, back),
        EventKind("testing.box_lost", "箱子找不到", shapes.BoxLost, boxes.lost, CARRY, back),
        EventKind("testing.box_found", "箱子找到了", shapes.BoxFound, boxes.found, CARRY, back),
        *nobody_home.KINDS,
    )
