"""Samples of the demo's day: a round in one compound, a table that swabbed all morning, boxes at three places on their way."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from shouwang.access.models import User
from shouwang.catalogue import SAMPLES
from shouwang.demo.stage import Stage
from shouwang.lib.codes import COMPOUND, subtree
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Told
from shouwang.register.models import Person
from shouwang.testing.rounds.ordering import Asked, order
from shouwang.testing.rounds.planning import add_point, call
from shouwang.testing.tubes.shapes import BoxOpened, BoxSealed, HandOver, SwabTaken, TubeBoxed, TubeReceived

PEOPLE, TO_A_TUBE, TO_A_BOX, SECONDS = 160, 10, 5, 40
NAMED = {kind.name: kind for kind in SAMPLES}


def samples(stage: Stage) -> None:
    """From eight to two: sixteen tubes; the first box is at the laboratory, the second is on the road, one tube was not told of."""
    area = stage.doors[0].area_code[:COMPOUND]
    asked = Asked(
        area, "第一轮核酸检测", stage.at(8), stage.at(20), pool_sizes={"everyone": TO_A_TUBE}, plan=stage.plan
    )
    row = order(asked, by=stage.secretary, at=stage.at(-3)).round
    point = add_point(
        area, name="大门口采样点", where="东门广场", tables=2, per_hour=120, by=stage.clerk, at=stage.at(-3)
    )
    call(row, area, None, by=stage.clerk, at=stage.at(-3))
    low, high = subtree(area)
    people = Person.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None).order_by(
        "area_code", "id"
    )[:PEOPLE]
    tubes = [f"EQ{number:05d}" for number in range(1, 1 + -(-len(people) // TO_A_TUBE))]
    swabs = [
        SwabTaken(
            tube=tubes[number // TO_A_TUBE], capacity=TO_A_TUBE, how="code", point=point.pk, person=person.pk
        )
        for number, person in enumerate(people)
    ]
    begun = stage.at(9)
    tell(
        stage,
        "testing.swab",
        swabs,
        stage.clerk,
        [(begun + timedelta(seconds=SECONDS * number)) for number in range(len(swabs))],
    )
    _boxes(stage, tubes, point.pk)


def _boxes(stage: Stage, tubes: Sequence[str], point: Any) -> None:
    boxes = [tubes[start : start + TO_A_BOX] for start in range(0, len(tubes) - 1, TO_A_BOX)]
    for number, inside in enumerate(boxes, 1):
        code, minute = f"X{number:04d}", 60 * number
        fill(stage, code, inside, minute, point)
        if number < max(len(boxes), 2):  # also the only box of a small town
            send_off(stage, code, inside, minute + 8, arrived=number < max(len(boxes) - 1, 2))


def fill(stage: Stage, code: str, inside: Sequence[str], minute: int, point: Any = None) -> None:
    """A box is opened and filled so many minutes after nine."""
    _say(stage, 9, minute, "testing.open_box", [BoxOpened(box=code, point=point)])
    _say(stage, 9, minute + 5, "testing.box_tube", [TubeBoxed(box=code, tube=tube) for tube in inside])


def send_off(stage: Stage, code: str, inside: Sequence[str], minute: int, *, arrived: bool = True) -> None:
    """It is sealed and given away; one that arrived was counted in at the hub and taken by the laboratory."""
    sealed = BoxSealed(box=code, tubes=len(inside), sealed_with=f"封条{code[1:]}")
    _say(stage, 9, minute, "testing.seal_box", [sealed])
    minute += 2
    _hand(stage, minute, code, "give", "point", len(inside))
    _hand(stage, minute + 1, code, "take", "courier", len(inside))
    if arrived:
        _hand(stage, minute + 15, code, "give", "courier", len(inside))
        _hand(stage, minute + 16, code, "take", "hub", len(inside))
        _say(
            stage,
            9,
            minute + 18,
            "testing.receive_tube",
            [TubeReceived(box=code, tube=tube) for tube in inside],
        )
        _hand(stage, minute + 30, code, "give", "hub", len(inside))
        _hand(stage, minute + 31, code, "take", "courier", len(inside))
        _hand(stage, minute + 50, code, "take", "laboratory", len(inside))


def _hand(stage: Stage, minute: int, code: str, side: Any, station: Any, count: int) -> None:
    said = HandOver(box=code, side=side, station=station, count=count, disinfected=True, vehicle="豫A00001")
    by = stage.users["laboratory"] if station == "laboratory" else stage.clerk
    tell(stage, "testing.hand_over", [said], by, [stage.at(9, minute)])


def _say(stage: Stage, hour: int, minute: int, kind: str, said: Sequence[Any]) -> None:
    tell(stage, kind, said, stage.clerk, [stage.at(hour, minute)] * len(said))


def tell(stage: Stage, kind: str, said: Sequence[Any], by: User, moments: Sequence[Any]) -> None:
    """What phones told by now, each at its moment."""
    told = [Told(uuid7(at), at, by, one) for one, at in zip(said, moments, strict=True) if at <= stage.moment]
    if told:
        NAMED[kind].handle(told, max(one.at for one in told))
