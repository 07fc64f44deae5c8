"""A batch arrives: kept as it came, read event by event, judged, answered; all of it in one transaction.

Nothing that was captured is refused storage: not for being late, from the future, unknown or wrong. What a phone is
told about each event is all that it needs to know whether it may forget it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.devices.clocks import Clock
from shouwang.devices.envelope import (
    Read,
    Sending,
    amount,
    decoders_of,
    moment,
    read_event,
    short,
    unread_body,
)
from shouwang.devices.judging import Kinds, judge, judge_again, note
from shouwang.devices.log import Kept, gaps, keep, quarantine
from shouwang.devices.models import FLAGGED, HELD, STORED, UNREADABLE_BATCH, Device, Event
from shouwang.lib.ids import uuid7

MOST_PENDING = 10**6


@dataclass(frozen=True)
class Answer:
    """What the phone is told. Units: `skew_s` seconds that its clock is behind ours."""

    batch_id: str
    outcome: str = ""
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    highest_contiguous_seq: int = 0
    highest_seq: int = 0
    missing: list[tuple[int, int]] = field(default_factory=list)
    skew_s: float = 0.0
    server_time: datetime | None = None


def receive(
    body: bytes, sending: Sending | None, batch_id: str, kinds: Kinds, *, device: Device, at: datetime
) -> Answer:
    """Takes a batch in, inside the scope of its phone, whose row the caller holds. A `sending` of none is no batch.

    Cost: for 500 events of one kind about a dozen statements.
    """
    if sending is None or sending.batch_id != batch_id:
        return _not_a_batch(body, batch_id, device, at)
    clock = _clock(sending, at)
    decoders = decoders_of(kinds)
    told = [read_event(bytes(raw), decoders, device.pk) for raw in sending.events]
    kept = keep(told, body, sending, device=device, clock=clock, batch=uuid7(at))
    flags = _judged(kept, kinds, device, clock)
    _no_longer_waiting(kept, kinds, device, at)
    contiguous, highest, missing = gaps(device)
    _seen(device, sending, clock, contiguous, highest)
    audit(
        "devices.receive",
        at=at,
        area=device.home,
        device=device.pk,
        batch=kept.batch,
        events=len(told),
        new=len(kept.fresh),
    )
    outcomes = [_line(place, one, kept.outcomes[place], flags) for place, one in enumerate(told)]
    return Answer(
        batch_id, "", outcomes, contiguous, highest, missing, round(clock.skew.total_seconds(), 3), at
    )


def held_of(device: Device, ids: Sequence[UUID]) -> list[UUID]:
    """Which of these events of the phone are durably here."""
    return list(Event.objects.filter(device=device, pk__in=ids).values_list("pk", flat=True))


def _not_a_batch(body: bytes, batch_id: str, device: Device, at: datetime) -> Answer:
    """Kept as it came; the phone halves it until the bad event stands alone, and that one has its place."""
    quarantine([(unread_body(body), UNREADABLE_BATCH)], device, at)
    contiguous, highest, missing = gaps(device)
    Device.objects.filter(pk=device.pk).update(
        last_seen_at=at, contiguous_seq=contiguous, highest_seq=highest
    )
    audit("devices.receive", at=at, area=device.home, device=device.pk, events=0, new=0)
    return Answer(batch_id, UNREADABLE_BATCH, [], contiguous, highest, missing, 0.0, at)


def _judged(kept: Kept, kinds: Kinds, device: Device, clock: Clock) -> dict[UUID, str]:
    """What is odd about the new events, and those told again; their rows and outcomes say so."""
    told = kept.fresh | kept.again
    if not told:
        return {}
    read = list(told.values())
    odd = {one.envelope.event_id: said for one in read if (said := clock.odd(one.envelope.claimed_at))}
    odd |= judge(read, kept.times, kinds, device=device, at=clock.received_at)
    by_flag: dict[str, list[UUID]] = {}
    for event, flag in odd.items():
        by_flag.setdefault(flag, []).append(event)
    for flag, events in by_flag.items():
        note(Event.objects.filter(pk__in=events), flag)
    for place, one in kept.fresh.items():
        flag = odd.get(one.envelope.event_id, "")
        kept.outcomes[place] = HELD if flag == HELD else FLAGGED if flag else STORED
    for place, one in kept.again.items():
        if odd.get(one.envelope.event_id):
            kept.outcomes[place] = FLAGGED
    return odd


def _no_longer_waiting(kept: Kept, kinds: Kinds, device: Device, at: datetime) -> None:
    """What waited for one of the new events is judged now."""
    ids = {one.envelope.event_id for one in kept.fresh.values()}
    held = Event.objects.filter(outcome=HELD, device=device)
    waiting = [event for event in held if event.names in ids and event.pk not in ids]
    if waiting:
        judge_again(waiting, kinds, device=device, at=at)


def _seen(device: Device, sending: Sending, clock: Clock, contiguous: int, highest: int) -> None:
    pending = amount(sending.pending)  # before this batch, which has its outcomes now
    left = None if pending is None else min(max(pending - len(sending.events), 0), MOST_PENDING)
    Device.objects.filter(pk=device.pk).update(
        last_seen_at=clock.received_at,
        skew_s=clock.skew.total_seconds(),
        pending=left,
        app_version=short(sending.app_version) or device.app_version,
        package_version=short(sending.package_version) or device.package_version,
        contiguous_seq=contiguous,
        highest_seq=highest,
    )


def _clock(sending: Sending, at: datetime) -> Clock:
    return Clock(at, moment(sending.sent_at), amount(sending.elapsed_ms), short(sending.boot_id))


def _line(place: int, one: Any, outcome: str, flags: Mapping[UUID, str]) -> dict[str, Any]:
    """One event of the answer, in the place in which it was sent."""
    event_id = one.envelope.event_id if isinstance(one, Read) else one.event_id
    line: dict[str, Any] = {"place": place, "event_id": event_id, "outcome": outcome}
    if not isinstance(one, Read):
        line["reason"] = one.reason
    elif flags.get(event_id) and outcome == FLAGGED:
        line["reason"] = flags[event_id]
    return line
