"""What the desk shows of phones: how each stands, and what a supervisor should look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from shouwang.access.models import User
from shouwang.devices.clocks import TOLERATED_SKEW
from shouwang.devices.flags import FLAGS, Flag
from shouwang.devices.models import DIFFERS, FLAGGED, UNREADABLE, UNREADABLE_BATCH, Device, Event, Quarantined
from shouwang.lib.codes import merged

SILENT = timedelta(minutes=30)
APART = {
    DIFFERS: Flag(
        "同一个编号、两种内容", "先到的算数。后来的原样留着，问一下记的人哪一条对，错了就在页面上更正。"
    ),
    UNREADABLE: Flag("看不懂的记录", "原样留着。请看原文，在页面上补记，再写一句处理结果。"),
    UNREADABLE_BATCH: Flag("坏掉的一批", "手机会拆开重传，好的都会到。拆到最后的那一条看原文补记。"),
}


@dataclass(frozen=True)
class Standing:
    """A phone as the page shows it. Shape: `gap` says that an event has not arrived and a later one has."""

    device: Device
    workers: list[User]
    silent: bool
    skewed: bool
    gap: bool

    @property
    def gone(self) -> bool:
        """Whether it is let in no more."""
        return self.device.revoked_at is not None

    @property
    def alarm(self) -> bool:
        """Whether somebody should call whoever holds it."""
        return not self.gone and (self.silent or self.skewed or self.gap)


@dataclass(frozen=True)
class Oddity:
    """Things of one sort that one phone told: how many, from when to when, and what to do about them."""

    device: Device
    code: str
    flag: Flag
    amount: int
    first_at: datetime
    last_at: datetime
    apart: bool


def phones_in(codes: Sequence[str]) -> QuerySet[Device]:
    """The phones whose first area lies in these."""
    inside = Q(pk=None)
    for low, high in merged(codes):
        inside |= Q(area_codes__0__gte=low, area_codes__0__lt=high)
    return Device.objects.filter(inside)


def standings(codes: Sequence[str], *, now: datetime) -> list[Standing]:
    """Every phone of these areas, those that need somebody first."""
    rows = list(phones_in(codes).order_by("label", "enrolled_at"))
    users = User.objects.in_bulk({pk for row in rows for pk in row.workers})
    found = [_standing(row, [users[pk] for pk in row.workers if pk in users], now) for row in rows]
    return sorted(found, key=lambda one: (one.gone, not one.alarm))


def oddities(codes: Sequence[str]) -> list[Oddity]:
    """What is flagged or lies in the quarantine and nobody has settled, by phone and sort."""
    devices = {row.pk: row for row in phones_in(codes)}
    counted = {"amount": Count("pk"), "first_at": Min("received_at"), "last_at": Max("received_at")}
    flagged = Event.objects.filter(device__in=devices, outcome=FLAGGED, settled_at=None)
    apart = Quarantined.objects.filter(device__in=devices, settled_at=None)
    rows: list[tuple[Any, str, bool]] = [
        *(
            (row, row["flag"], False)
            for row in flagged.order_by().values("device", "flag").annotate(**counted)
        ),
        *(
            (row, row["outcome"], True)
            for row in apart.order_by().values("device", "outcome").annotate(**counted)
        ),
    ]
    found = [
        Oddity(
            devices[row["device"]], code, APART[code] if aside else FLAGS.get(code, Flag(code, "")), row["amount"],
            row["first_at"], row["last_at"], aside,
        )
        for row, code, aside in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.last_at, reverse=True)


def flagged_of(device: Device, flag: str) -> QuerySet[Event]:
    """The events of one sort that nobody has settled."""
    return Event.objects.filter(device=device, outcome=FLAGGED, flag=flag, settled_at=None).order_by("seq")


def apart_of(device: Device, outcome: str) -> QuerySet[Quarantined]:
    """What lies in the quarantine of one phone and nobody has settled."""
    return Quarantined.objects.filter(device=device, outcome=outcome, settled_at=None).order_by("received_at")


def _standing(device: Device, workers: list[User], now: datetime) -> Standing:
    silent = device.last_seen_at is None or now - device.last_seen_at >= SILENT
    skewed = abs(device.skew_s) > TOLERATED_SKEW.total_seconds()
    return Standing(device, workers, silent, skewed, device.highest_seq > device.contiguous_seq)
