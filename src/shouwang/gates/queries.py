"""What pages of gates show: how each gate stands now, who has not left, which quota was overdrawn, what mattered."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, When
from django.db.models.functions import ExtractHour

from shouwang.devices.models import Device, Event
from shouwang.devices.queries import SILENT
from shouwang.duties.models import OWED, Duty
from shouwang.gates.duties import STAFFED
from shouwang.gates.models import ADMITTED, HOME_LATE, REFUSED, Fever, Gate, Passage, Watch
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.standing.models import Pass

A_DAY = timedelta(days=1)
HOURS = 24
STILL_INSIDE = ("visitor", "supplier", "outsider", "worker", "group")
MOST = 500


@dataclass
class Line:
    """One gate as it stands now. Units: people. Shape: `hours` of today, let through either way, from midnight on."""

    gate: Gate
    came: int = 0
    left: int = 0
    turned_back: int = 0
    fevers: int = 0
    mattered: int = 0
    asking: int = 0
    hours: list[int] = field(default_factory=lambda: [0] * HOURS)
    watch: Watch | None = None
    unmanned: bool = False
    offline_since: datetime | None = None

    @property
    def manned(self) -> bool:
        """Whether somebody is on watch."""
        return self.watch is not None and self.watch.takes_over


def gates_in(area: str) -> QuerySet[Gate]:
    """The gates of an area that are open."""
    low, high = subtree(area)
    return Gate.objects.filter(area_code__gte=low, area_code__lt=high, closed_at=None).order_by(
        "area_code", "name"
    )


def live(area: str, *, now: datetime) -> list[Line]:
    """Every gate with the figures of today. Cost: six questions, however many gates."""
    lines = {gate.pk: Line(gate) for gate in gates_in(area)}
    _count(lines, now)
    for gate, many in _amounts(
        Fever.objects.filter(gate__in=lines, void_at=None, at__gte=midnight(day_of(now)))
    ):
        lines[gate].fevers = many
    for watch in (
        Watch.objects.filter(gate__in=lines, void_at=None, at__lte=now)
        .order_by("gate", "-at")
        .distinct("gate")
        .select_related("by")
    ):
        lines[watch.gate_id].watch = watch
    for about in _unmanned(lines, now):
        lines[about].unmanned = True
    _offline(lines, now)
    return list(lines.values())


def inside(area: str, *, now: datetime) -> int:
    """How many from outside went in today and have not come out, by all gates together. Units: people."""
    rows = _passages(area).filter(
        at__gte=midnight(day_of(now)), at__lte=now, decision=ADMITTED, kind__in=STILL_INSIDE
    )
    signed = Case(When(direction="in", then=F("people")), default=-F("people"), output_field=IntegerField())
    return max(0, rows.aggregate(many=Sum(signed))["many"] or 0)


def not_left(area: str, *, now: datetime) -> list[Passage]:
    """Visitors and others from outside who went in within two days and were not seen going out, the longest first.

    Shape: somebody is known again by the pass, else by the car, else by the announcement; who has none of these cannot be.
    """
    rows = _passages(area).filter(
        at__gt=now - 2 * A_DAY, at__lte=now, decision=ADMITTED, kind__in=STILL_INSIDE
    )
    last: dict[object, Passage] = {}
    for row in rows.select_related("gate", "host").order_by("at")[: 20 * MOST]:
        key = row.card_id or row.plate or row.expected
        if key:
            last[key] = row
    return [row for row in last.values() if row.direction == "in"][:MOST]


@dataclass(frozen=True)
class Overdrawn:
    """A pass that went out more often than it may: shown, and nothing follows by itself."""

    card: Pass
    times: int
    last_at: datetime


def overdrawn(area: str, *, now: datetime) -> list[Overdrawn]:
    """Passes that were used up and used again within a week, the most often first."""
    rows = _passages(area).filter(at__gt=now - 7 * A_DAY, should_code="used_up", decision=ADMITTED)
    found: defaultdict[UUID, list[datetime]] = defaultdict(list)
    for card, at in rows.filter(card__isnull=False).order_by("at").values_list("card_id", "at"):
        found[card].append(at)
    cards = Pass.objects.select_related("person__household", "household").in_bulk(found)
    lines = [Overdrawn(cards[pk], len(times), times[-1]) for pk, times in found.items() if pk in cards]
    return sorted(lines, key=lambda one: (-one.times, one.last_at))[:MOST]


def mattering(area: str, *, now: datetime) -> QuerySet[Passage]:
    """Passages of a week at which somebody passed who should not have, or the reverse, or a pass was copied."""
    rows = _passages(area).filter(Q(mattered=True) | Q(copied=True), at__gt=now - 7 * A_DAY)
    return rows.select_related("gate", "person", "by", "card").order_by("-at")


def came_late(area: str, *, now: datetime) -> QuerySet[Passage]:
    """Passages of a week at which somebody came home later than their pass allows: shown, and nothing follows by itself."""
    rows = _passages(area).filter(should_code=HOME_LATE, at__gt=now - 7 * A_DAY)
    return rows.select_related("gate", "person", "card__person", "card__household").order_by("-at", "-id")


@dataclass(frozen=True)
class Tally:
    """The figures of a checkpoint for one gate and shift. Units: as named."""

    gate: UUID
    shift: int
    vehicles: int
    people: int
    province: int
    city: int
    turned_vehicles: int
    turned_people: int
    fevers: int


def tallies(gates: Collection[UUID], *, from_at: datetime, until: datetime, shifts: int) -> list[Tally]:
    """What came in by gate and shift; the day has so many shifts of equal length, from midnight. Cost: one question."""
    length = HOURS // shifts
    rows = (
        Passage.objects.filter(
            gate__in=gates, void_at=None, at__gte=from_at, at__lt=until, direction="in", decision__in=(ADMITTED, REFUSED)
        )
        .annotate(hour=ExtractHour("at", tzinfo=ZONE))
        .values("gate_id", "hour")
        .annotate(
            vehicles=Count("pk", filter=~Q(plate="")), people_=Sum("people"),
            province=Sum("people", filter=Q(outside="province")), city=Sum("people", filter=Q(outside="city")),
            turned_v=Count("pk", filter=~Q(plate="") & Q(decision=REFUSED)),
            turned_p=Sum("people", filter=Q(decision=REFUSED)), hot=Count("pk", filter=Q(fever=True)),
        )
    )  # fmt: skip
    found: defaultdict[tuple[UUID, int], list[int]] = defaultdict(lambda: [0] * 7)
    names = ("vehicles", "people_", "province", "city", "turned_v", "turned_p", "hot")
    for row in rows:
        told: dict[str, Any] = dict(row)
        cell = found[told["gate_id"], told["hour"] // length]
        for place, name in enumerate(names):
            cell[place] += told[name] or 0
    return [Tally(gate, shift, *numbers) for (gate, shift), numbers in sorted(found.items(), key=str)]


def _passages(area: str) -> QuerySet[Passage]:
    low, high = subtree(area)
    return Passage.objects.filter(area_code__gte=low, area_code__lt=high, void_at=None)


def _count(lines: dict[UUID, Line], now: datetime) -> None:
    rows = (
        Passage.objects.filter(gate__in=lines, void_at=None, at__gte=midnight(day_of(now)), at__lte=now)
        .annotate(hour=ExtractHour("at", tzinfo=ZONE))
        .values("gate_id", "hour", "direction", "decision")
        .annotate(many=Sum("people"), odd=Count("pk", filter=Q(mattered=True) | Q(copied=True)))
    )
    for row in rows:
        line, many = lines[row["gate_id"]], row["many"]
        line.mattered += row["odd"]
        if row["decision"] == REFUSED:
            line.turned_back += many
        elif row["decision"] == ADMITTED:
            line.hours[row["hour"]] += many
            line.came += many if row["direction"] == "in" else 0
            line.left += many if row["direction"] == "out" else 0
        else:
            line.asking += many


def _amounts(rows: QuerySet[Fever]) -> Iterable[tuple[UUID, int]]:
    return rows.values("gate_id").annotate(many=Count("pk")).values_list("gate_id", "many")


def _unmanned(gates: Collection[UUID], now: datetime) -> list[UUID]:
    """The gates whose shift has begun and nobody has come."""
    rows = Duty.objects.filter(
        kind=STAFFED.name, about__in=gates, fact=OWED, due_at__lte=now, lapses_at__gt=now
    )
    return [about for about in rows.values_list("about", flat=True) if about]


def _offline(lines: dict[UUID, Line], now: datetime) -> None:
    """Since when the phone of a gate that is manned has not been heard of."""
    rows = Passage.objects.filter(gate__in=lines, at__gt=now - A_DAY).order_by("gate", "-at").distinct("gate")
    last = dict(rows.values_list("pk", "gate_id"))
    phones = dict(Event.objects.filter(pk__in=last).values_list("pk", "device_id"))
    heard = dict(Device.objects.filter(pk__in=phones.values()).values_list("pk", "last_seen_at"))
    for event, phone in phones.items():
        line, seen_at = lines[last[event]], heard.get(phone)
        if line.manned and seen_at and now - seen_at >= SILENT:
            line.offline_since = seen_at
