"""Boxes as phones and the desk tell of them: each step kept as it was told, what is odd about it said afterwards."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Left

from shouwang.access.scope import first_code, whole
from shouwang.duties.discharge import settle_about
from shouwang.duties.models import Duty
from shouwang.duties.plan import communities_of, plan
from shouwang.duties.windows import Window
from shouwang.duties.writing import write
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.kinds import Kind, Told
from shouwang.plans.actions import plan_of
from shouwang.testing.tubes.accounts import Facts, facts_of
from shouwang.testing.tubes.around import points_in_scope
from shouwang.testing.tubes.codes import clean, named, row_of
from shouwang.testing.tubes.models import (
    FOUND,
    GAVE,
    IN,
    LABORATORY,
    LOST,
    OPENED,
    OUT,
    RECEIVED,
    SEALED,
    TOOK,
    Box,
    BoxStep,
    Tube,
    TubeStep,
)
from shouwang.testing.tubes.rules import SEAL_COUNT, lies_in

Sealed = Callable[[Sequence[UUID], datetime], object]
USED, TWO_BOXES, SHUT, DIFFERS = "box_used", "tube_in_two_boxes", "box_sealed", "count_differs"
NOT_IN_BOX, DIRTY, UNMEASURED, NO_CODE = "tube_not_in_box", "not_disinfected", "no_temperature", "odd_code"

BOXES = """
INSERT INTO testing_box AS box (id, area_code, code, seen_at)
SELECT id, area_code, code, seen_at FROM jsonb_to_recordset(%s::jsonb)
  AS told(id uuid, area_code text, code text, seen_at timestamptz) ORDER BY id
ON CONFLICT (id) DO UPDATE SET area_code = excluded.area_code WHERE %s AND box.area_code <> excluded.area_code
"""


def reached() -> Any:
    """The boxes that a laboratory took in."""
    took = BoxStep.objects.filter(kind=TOOK, station=LABORATORY, void_at=None)
    return took.annotate(subject=Left("box__area_code", COMMUNITY), about=F("box_id"))


BOX = Kind(
    "testing.box", "样本送检", "area", reached, ("grid_lead", "cadre"), Box._meta.db_table, "testing_box"
)


def opened(told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """Boxes are opened; one that somebody has used before is odd."""
    facts = _stepped(told, at, lambda one: {"kind": OPENED, "point_id": one.payload.point}, opened=True)
    return _flags(told, lambda one, box: USED if _used(facts[box], one) else "")


def boxed(told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """Tubes are laid into boxes."""
    facts = _moved(told, at, IN)

    def odd(one: Told, box: UUID) -> str:
        tube, mine = _tube(one), facts[box]
        others = [move for move in mine.moves if move.id != one.id and move.at <= one.at]
        if lies_in(others).get(tube, box) != box:
            return TWO_BOXES
        return SHUT if any(step.kind == SEALED and step.at < one.at for step in mine.steps) else ""

    return _flags(told, odd, tubes=True)


def unboxed(told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """Tubes are taken out again, each with a reason."""
    _moved(told, at, OUT)
    return _flags(told, lambda one, box: "", tubes=True)


def counted(told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """Tubes are counted in, at the hub or the laboratory; one of another box is odd, once whoever sealed the box has told of it."""
    facts = _moved(told, at, RECEIVED)

    def odd(one: Told, box: UUID) -> str:
        tube = _tube(one)
        laid = any(move.kind == IN and (move.tube, move.box) == (tube, box) for move in facts[box].moves)
        return NOT_IN_BOX if facts[box].sealed_at and not laid else ""

    return _flags(told, odd, tubes=True)


def sealed(told: Sequence[Told], at: datetime, *, then: Sealed) -> dict[UUID, str]:
    """Boxes are sealed: what was counted by hand is compared, the way to the laboratory is owed, and whoever fetches it is told."""
    facts = _stepped(
        told, at, lambda one: {
            "kind": SEALED, "station": "point", "count": one.payload.tubes, "sealed_with": one.payload.sealed_with,
            "temperature_c": _degrees(one.payload.temperature_c), "note": one.payload.note,
        },
    )  # fmt: skip
    boxes = {_box(one) for one in told}
    fresh = owe_the_way(boxes, facts, at=at)
    then(fresh, at)
    return _flags(told, lambda one, box: DIFFERS if _differs(facts[box], SEAL_COUNT) else "")


def handed(told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """One side of a hand-over each; what reaches the laboratory is no longer owed.

    Whoever carries a box is often heard before whoever sealed it: no count is odd until then, and the account compares them all.
    """
    facts = _stepped(told, at, _hand)
    arrived = sorted({_box(one) for one in told if one.payload.station == LABORATORY})
    settle_boxes(arrived, at=at)
    return _flags(told, lambda one, box: _hand_flag(one, facts[box]))


def lost(told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """Boxes cannot be found."""
    _stepped(told, at, lambda one: {"kind": LOST, "other": one.payload.where, "note": one.payload.reason})
    return _flags(told, lambda one, box: "")


def found(told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """Boxes turned up again."""
    _stepped(told, at, lambda one: {"kind": FOUND, "other": one.payload.where, "note": one.payload.reason})
    return _flags(told, lambda one, box: "")


def took_back(told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """Wrong scans of tubes and boxes, struck out by whoever scanned."""
    ids = [one.payload.of for one in told]
    voided = {"void_at": at, "void_by": told[0].by, "void_reason": "点错"}
    boxes: set[UUID] = set()
    known: set[UUID] = set()
    for rows in (BoxStep.objects.filter(pk__in=ids), TubeStep.objects.filter(pk__in=ids)):
        for pk, box in rows.values_list("pk", "box_id"):
            known.add(pk)
            boxes.add(box)
        rows.filter(void_at=None).update(**voided)
    settle_boxes(sorted(boxes), at=at)
    return {one.id: "not_in_scope" for one in told if one.payload.of not in known}


def owe_the_way(boxes: Collection[UUID], facts: Mapping[UUID, Facts], *, at: datetime) -> list[UUID]:
    """These boxes are owed at the laboratory by the hour that the plan says. Those that were not yet."""
    with whole():
        owed = set(
            Duty.objects.filter(kind=BOX.name, about__in=boxes, void_at=None).values_list("about", flat=True)
        )
        rows = Box.objects.filter(pk__in=set(boxes) - owed).order_by("pk")
        for box in rows:
            window = _window(box, facts[box.pk])
            if window:
                who = Box.objects.filter(pk=box.pk).annotate(
                    subject=Left("area_code", COMMUNITY), about=F("id")
                )
                plan(BOX, who, window, at=at)
        fresh = [box.pk for box in rows]
    settle_boxes(fresh, at=at)
    return fresh


def settle_boxes(boxes: Sequence[UUID], *, at: datetime) -> None:
    """Settles what is owed about these boxes."""
    if boxes:
        with whole():
            areas = Box.objects.filter(pk__in=boxes).values_list("area_code", flat=True)
            settle_about(BOX, list(boxes), communities=sorted(communities_of(areas)), at=at)


def _window(box: Box, facts: Facts) -> Window | None:
    """From the first swab in the box, or its opening, until the plan's hours are over: those of the road, and those that a sample keeps."""
    rules = plan_of(box.area_code, now=facts.sealed_at or box.seen_at)
    testing = rules.testing if rules else None
    if testing is None or facts.sealed_at is None:
        return None
    ends = (
        [facts.sealed_at + timedelta(hours=testing.deliver_within_hours[1])]
        if testing.deliver_within_hours
        else []
    )
    if testing.room_temperature_hours and facts.first_swab_at:
        ends.append(facts.first_swab_at + timedelta(hours=testing.room_temperature_hours))
    if not ends:
        return None
    opens = min(facts.first_swab_at or facts.sealed_at, facts.sealed_at, *(step.at for step in facts.steps))
    return Window(opens, max(min(ends), opens + timedelta(minutes=1)))


def _stepped(
    told: Sequence[Told], at: datetime, more: Callable[[Told], Mapping[str, Any]], *, opened: bool = False
) -> dict[UUID, Facts]:
    """Writes one step of a box for each event, and the boxes with them. What is known of these boxes now."""
    home = first_code()
    points = points_in_scope(one.payload.point for one in told if opened and one.payload.point)
    areas = {one.id: points.get(getattr(one.payload, "point", None) or one.id, home) for one in told}
    with whole():
        lie = _ensure_boxes(told, areas, opened)
        rows = [_common(one, lie[_box(one)], at) | {"box_id": _box(one)} | dict(more(one)) for one in told]
        write(BoxStep, rows)
        return facts_of({row["box_id"] for row in rows})


def _moved(told: Sequence[Told], at: datetime, kind: str) -> dict[UUID, Facts]:
    """Writes one step of a tube for each event."""
    home = first_code()
    areas = dict.fromkeys((one.id for one in told), home)
    tubes = {_tube(one): (named(one.payload.tube, one.id), _box(one)) for one in told}
    with whole():
        lie = _ensure_boxes(told, areas, False)
        rows = [
            _common(one, lie[_box(one)], at) | {
                "box_id": _box(one), "tube_id": _tube(one), "kind": kind,
                "note": getattr(one.payload, "reason", ""),
            }
            for one in told
        ]  # fmt: skip
        write(
            Tube,
            [
                {"id": pk, "area_code": lie[box][:COMMUNITY], "code": code}
                for pk, (code, box) in sorted(tubes.items())
            ],
        )
        write(TubeStep, rows)
        return facts_of({row["box_id"] for row in rows})


def _ensure_boxes(told: Sequence[Told], areas: Mapping[UUID, str], opened: bool) -> dict[UUID, str]:
    """Writes down these boxes; where each lies, and with it whatever was told of it, also by a courier of a larger area."""
    boxes: dict[UUID, dict[str, Any]] = {}
    for one in sorted(told, key=lambda one: (one.at, one.id)):
        code = named(one.payload.box, one.id)
        row = {"id": _box(one), "area_code": areas[one.id], "code": code, "seen_at": one.at}
        boxes.setdefault(_box(one), row)
    with connection.cursor() as cursor:
        cursor.execute(BOXES, [msgspec.json.encode(list(boxes.values())).decode(), opened])
    lie = dict(Box.objects.filter(pk__in=boxes).values_list("pk", "area_code"))
    for model in (BoxStep, TubeStep) if opened else ():
        elsewhere = model.objects.filter(box__in=boxes).exclude(area_code=F("box__area_code"))
        elsewhere.update(area_code=Subquery(Box.objects.filter(pk=OuterRef("box")).values("area_code")))
    return lie


def _common(one: Told, area: str, at: datetime) -> dict[str, Any]:
    by = one.by.pk if one.by else None
    return {"id": one.id, "area_code": area, "at": one.at, "recorded_at": at, "by_id": by}


def _box(one: Told) -> UUID:
    return row_of("box", named(one.payload.box, one.id))


def _tube(one: Told) -> UUID:
    return row_of("tube", named(one.payload.tube, one.id))


def _degrees(written: str | None) -> Decimal | None:
    return Decimal(written) if written else None


def _hand(one: Told) -> dict[str, Any]:
    said = one.payload
    return {
        "kind": GAVE if said.side == "give" else TOOK, "station": said.station, "other": said.to_or_from,
        "count": said.count, "temperature_c": _degrees(said.temperature_c), "disinfected": said.disinfected,
        "carrier": said.carrier, "vehicle": said.vehicle, "note": said.note,
    }  # fmt: skip


def _hand_flag(one: Told, facts: Facts) -> str:
    said = one.payload
    if facts.sealed_at and said.count != len(_contents_then(facts, one.at)):
        return DIFFERS
    if not said.disinfected:
        return DIRTY
    return (
        UNMEASURED if said.side == "take" and said.temperature_c is None and facts.long_since(one.at) else ""
    )


def _contents_then(facts: Facts, at: datetime) -> list[UUID]:
    return [tube for tube, box in lies_in(facts.moves, until=at).items() if box == facts.box]


def _differs(facts: Facts, kind: str) -> bool:
    return any(one.kind == kind for one in facts.account().differences)


def _used(facts: Facts, one: Told) -> bool:
    """Whether somebody else opened it, or anybody sealed it, before."""
    before = [step for step in facts.steps if step.id != one.id and step.at <= one.at]
    return any(step.kind == SEALED or (step.kind == OPENED and step.by != one.by.pk) for step in before)


def _flags(told: Iterable[Told], odd: Callable[[Told, UUID], str], *, tubes: bool = False) -> dict[UUID, str]:
    found = {}
    for one in told:
        unread = not clean(one.payload.box) or (tubes and not clean(one.payload.tube))
        found[one.id] = NO_CODE if unread else odd(one, _box(one))
    return {key: flag for key, flag in found.items() if flag}
