"""The log of everything that phones told: the raw batch once, an event as one slim row, in one statement each."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from shouwang.devices.clocks import Clock
from shouwang.devices.envelope import UNDO, Read, Sending, Unread, same_event
from shouwang.devices.models import (
    ASKED,
    DIFFERS,
    DUPLICATE,
    STORED,
    UNREADABLE,
    Batch,
    Device,
    Event,
    Quarantined,
)
from shouwang.duties.writing import as_bytes, write

FASTEST = 1
GAPS_TOLD = 100

# Where the sequence of a phone is broken: an event in the quarantine has its place too.
GAPS = """
WITH filled AS (
  SELECT seq FROM devices_event WHERE device_id = %(device)s AND seq > %(known)s
  UNION SELECT seq FROM devices_quarantined WHERE device_id = %(device)s AND seq > %(known)s
  UNION SELECT %(known)s
)
SELECT seq + 1, coalesce(next - 1, 0) FROM (SELECT seq, lead(seq) OVER (ORDER BY seq) AS next FROM filled) AS pairs
WHERE next IS NULL OR next > seq + 1 ORDER BY seq
"""


@dataclass
class Kept:
    """What became of the events of a batch: outcomes by their place in it, those that are new, and when they happened.

    Shape: `again` were answered online under this name, and the phone, which did not hear it, says what it did itself.
    """

    batch: UUID
    outcomes: dict[int, str] = field(default_factory=dict)
    fresh: dict[int, Read] = field(default_factory=dict)
    again: dict[int, Read] = field(default_factory=dict)
    times: dict[UUID, datetime] = field(default_factory=dict)


def keep(
    told: Sequence[Read | Unread], body: bytes, sending: Sending, *, device: Device, clock: Clock, batch: UUID
) -> Kept:
    """Keeps the batch and its events, each once for ever. Judges nothing but what is there already.

    The raw bytes are kept when anything in them is new: sent again, a batch leaves no second copy.
    """
    kept = Kept(batch)
    read = _first_of_each(told, kept)
    rows = [_row(one, clock) for one in read.values()]
    kept.times = {row["id"]: row["at"] for row in rows}
    same = {"device_id": device.pk, "batch_id": batch, "received_at": clock.received_at}
    new = write(Event, rows, same=same | {"outcome": STORED, "override_mattered": False})
    kept.fresh = {place: one for place, one in read.items() if one.envelope.event_id in new}
    known = {place: one for place, one in read.items() if place not in kept.fresh}
    there = Event.objects.in_bulk([one.envelope.event_id for one in known.values()]) if known else {}
    kept.again = {place: one for place, one in known.items() if _was_asked(one, there)}
    if kept.fresh or kept.again:
        _keep_raw(body, sending, device, clock, batch)
    _told_again(kept)
    kept.outcomes |= dict.fromkeys(kept.fresh, STORED) | dict.fromkeys(kept.again, DUPLICATE)
    kept.outcomes |= _compared(
        {place: one for place, one in known.items() if place not in kept.again}, there, sending
    )
    apart = {place: one for place, one in enumerate(told) if kept.outcomes[place] in (DIFFERS, UNREADABLE)}
    quarantine(
        [_apart(one, sending.events[place]) for place, one in apart.items()], device, clock.received_at
    )
    return kept


def quarantine(apart: Iterable[tuple[Unread, str]], device: Device, at: datetime) -> None:
    """Keeps bytes that are no event of ours, each once, with the reason."""
    rows = {
        one.digest: {
            "digest": as_bytes(one.digest),
            "device_id": device.pk,
            "area_code": device.home,
            "outcome": outcome,
            "reason": one.reason,
            "event_id": one.event_id,
            "seq": one.seq,
            "raw": as_bytes(one.raw),
            "received_at": at,
        }
        for one, outcome in apart
    }
    write(Quarantined, list(rows.values()))


def gaps(device: Device) -> tuple[int, int, list[tuple[int, int]]]:
    """The last event before the first gap, the last of all, and the gaps from the first on.

    Cost: reads what came after the last gap that was known.
    """
    with connection.cursor() as cursor:
        cursor.execute(GAPS, {"device": device.pk, "known": device.contiguous_seq})
        found = cursor.fetchall()
    highest = found[-1][0] - 1
    return found[0][0] - 1, highest, [(first, last) for first, last in found[:-1]][:GAPS_TOLD]


def raw_of(events: Iterable[Event]) -> dict[UUID, bytes]:
    """The bytes of these events, out of the batches in scope."""
    wanted: dict[UUID, set[UUID]] = {}
    for event in events:
        wanted.setdefault(event.batch_id, set()).add(event.pk)
    found: dict[UUID, bytes] = {}
    for batch in Batch.objects.filter(pk__in=wanted).iterator(1):
        found |= _inside(zlib.decompress(bytes(batch.raw)), wanted[batch.pk])
    return found


class _Name(msgspec.Struct):
    event_id: UUID


class _Events(msgspec.Struct):
    events: list[msgspec.Raw]


def _inside(body: bytes, wanted: set[UUID]) -> dict[UUID, bytes]:
    found: dict[UUID, bytes] = {}
    for raw in msgspec.json.decode(body, type=_Events).events:
        try:
            name = msgspec.json.decode(raw, type=_Name).event_id
        except msgspec.MsgspecError:
            continue
        if name in wanted:
            found.setdefault(name, bytes(raw))
    return found


def _first_of_each(told: Sequence[Read | Unread], kept: Kept) -> dict[int, Read]:
    """The events that can be read, each id and each place in the sequence once; the others have their outcome."""
    read: dict[int, Read] = {}
    ids: dict[UUID, bytes] = {}
    seqs: set[int] = set()
    for place, one in enumerate(told):
        if isinstance(one, Unread):
            kept.outcomes[place] = UNREADABLE
        elif one.envelope.event_id in ids:
            same = ids[one.envelope.event_id] == one.digest
            kept.outcomes[place] = DUPLICATE if same else DIFFERS
        elif one.envelope.seq in seqs:
            kept.outcomes[place] = DIFFERS
        else:
            read[place] = one
            ids[one.envelope.event_id] = one.digest
            seqs.add(one.envelope.seq)
    return read


def _was_asked(one: Read, there: Mapping[UUID, Event]) -> bool:
    row, told = there.get(one.envelope.event_id), one.envelope
    return row is not None and (row.outcome, row.device_id, row.seq, row.kind) == (
        ASKED, told.device_id, told.seq, told.kind,
    )  # fmt: skip


def _told_again(kept: Kept) -> None:
    """From now on the event is what the phone says that it did; what it had asked stays in its own raw batch."""
    for one in kept.again.values():
        Event.objects.filter(pk=one.envelope.event_id).update(
            outcome=STORED, digest=one.digest, batch=kept.batch, claimed_offline=one.envelope.claimed_offline
        )


def _compared(known: Mapping[int, Read], there: Mapping[UUID, Event], sending: Sending) -> dict[int, str]:
    """Whether what was there already says the same."""
    if not known:
        return {}
    doubtful = [
        row for one in known.values()
        if (row := there.get(one.envelope.event_id)) and bytes(row.digest) != one.digest
    ]  # fmt: skip
    raw = raw_of(doubtful)
    outcomes: dict[int, str] = {}
    for place, one in known.items():
        row = there.get(one.envelope.event_id)
        same = row is not None and (
            bytes(row.digest) == one.digest or same_event(raw.get(row.pk, b""), bytes(sending.events[place]))
        )
        outcomes[place] = DUPLICATE if same else DIFFERS
    return outcomes


def _apart(one: Read | Unread, raw: msgspec.Raw) -> tuple[Unread, str]:
    """For the quarantine: what could not be read, or what says other than the first of its name or place."""
    if isinstance(one, Unread):
        return one, UNREADABLE
    told = one.envelope
    return Unread(bytes(raw), "another event has this id or this place", told.event_id, told.seq), DIFFERS


def _keep_raw(body: bytes, sending: Sending, device: Device, clock: Clock, batch: UUID) -> None:
    Batch(
        id=batch, device=device, area_code=device.home, sent_id=sending.batch_id, sent_at=clock.sent_at,
        received_at=clock.received_at, raw=zlib.compress(body, FASTEST),
    ).save(force_insert=True)  # fmt: skip


def _row(one: Read, clock: Clock) -> dict[str, Any]:
    told = one.envelope
    claimed = told.claimed_at
    return {
        "id": told.event_id,
        "seq": told.seq,
        "kind": told.kind,
        "worker_id": told.worker,
        "occurred_at": claimed,
        "at": clock.happened_at(claimed, told.elapsed_ms, told.boot_id),
        "digest": as_bytes(one.digest),
        "claimed_offline": told.claimed_offline,
        "names": one.said.of if told.kind == UNDO and one.said else None,
    }
