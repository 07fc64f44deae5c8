"""Events become records: each kind is handed to its module in bulk; one that fails never takes its neighbours along."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError, transaction
from django.db.models import QuerySet

from shouwang.access.models import User
from shouwang.access.roles import permissions_of
from shouwang.devices.envelope import UNDO, Read, Unread, decoders_of, read_event
from shouwang.devices.flags import (
    COULD_NOT,
    NO_UNDO,
    NOT_ALLOWED,
    NOT_THEIRS,
    OVERRIDE,
    PARENT_MISSING,
    UNKNOWN_KIND,
    UNKNOWN_WORKER,
)
from shouwang.devices.log import raw_of
from shouwang.devices.models import FLAGGED, HELD, STORED, Device, Event, Handed
from shouwang.lib.kinds import EventKind, Handle, Told

log = structlog.get_logger()
Kinds = Mapping[str, EventKind]
LONGEST_WAIT = timedelta(hours=24)


def judge(
    fresh: Iterable[Read], times: Mapping[UUID, datetime], kinds: Kinds, *, device: Device, at: datetime
) -> dict[UUID, str]:
    """Hands new events to the modules that understand them. The odd ones, by their flag; `held` for one that must wait.

    Shape: kinds in the order of the catalogue, what takes back last: a thing and its undoing may lie in one batch.
    """
    workers = User.objects.in_bulk(device.workers)
    may = permissions_of([device.role])
    lists = dict(Handed.objects.filter(device=device).values_list("version", "handed_at"))
    odd: dict[UUID, str] = {}
    told: dict[str, list[Told]] = {}
    for one in fresh:
        envelope = one.envelope
        refused = _refused(envelope.kind, workers.get(envelope.worker), may, kinds)
        if refused:
            odd[envelope.event_id] = refused
            continue
        happened = times[envelope.event_id]
        by = workers[envelope.worker]
        listed = lists.get(envelope.package_version) if envelope.package_version else None
        told.setdefault(envelope.kind, []).append(
            Told(
                envelope.event_id,
                happened,
                by,
                one.said,
                envelope.decision_basis,
                envelope.scanned,
                listed,
            )
        )
    for name in (*kinds, UNDO):
        if name in told:
            odd |= (
                _undo(told[name], kinds, at) if name == UNDO else _safely(kinds[name].handle, told[name], at)
            )
    return odd


def judge_again(events: Sequence[Event], kinds: Kinds, *, device: Device, at: datetime) -> dict[UUID, str]:
    """Judges events of one phone that are in the log once more, from their raw bytes, and writes down what came of it."""
    decoders, raw = decoders_of(kinds), raw_of(events)
    read: list[Read] = []
    odd: dict[UUID, str] = {}
    for event in events:
        found = read_event(raw.get(event.pk, b""), decoders, device.pk)
        if isinstance(found, Unread):
            odd[event.pk] = COULD_NOT
        else:
            read.append(found)
    odd |= judge(read, {event.pk: event.at for event in events}, kinds, device=device, at=at)
    for event in events:
        note(Event.objects.filter(pk=event.pk), odd.get(event.pk, ""))
    return odd


def note(events: Any, flag: str) -> None:
    """Writes down what these events turned out to be."""
    outcome = HELD if flag == HELD else FLAGGED if flag else STORED
    flag = "" if flag == HELD else flag
    events.update(outcome=outcome, flag=flag, override_mattered=flag == OVERRIDE)


def phones_waiting(kinds: Kinds) -> list[Device]:
    """The phones with events that nobody understood when they came, and that somebody understands now."""
    return list(Device.objects.filter(pk__in=_understood_now(kinds).values("device")))


def judge_waiting(device: Device, kinds: Kinds, *, at: datetime) -> int:
    """Judges them, inside the scope of their phone. How many are as they should be."""
    events = list(_understood_now(kinds).filter(device=device))
    return len(events) - len(judge_again(events, kinds, device=device, at=at))


def give_up_waiting(*, at: datetime) -> int:
    """What named an event that did not come within a day: somebody looks at it. How many."""
    late = Event.objects.filter(outcome=HELD, received_at__lte=at - LONGEST_WAIT)
    count = late.count()
    if count:
        note(late, PARENT_MISSING)
    return count


def _refused(kind: str, worker: User | None, may: frozenset[str], kinds: Kinds) -> str:
    """Why an event is kept and not acted on, if so."""
    if kind != UNDO and kind not in kinds:
        return UNKNOWN_KIND
    if worker is None:
        return UNKNOWN_WORKER
    return NOT_ALLOWED if kind != UNDO and kinds[kind].permission not in may else ""


def _safely(handle: Handle, told: Sequence[Told], at: datetime) -> dict[UUID, str]:
    """All at once; where that fails one by one, so that the one that cannot be written down stands alone."""
    try:
        with transaction.atomic():
            return dict(handle(told, at))
    except OperationalError:
        raise  # the database is away, or two batches stood in each other's way: the phone sends again
    except Exception as wrong:
        if len(told) == 1:
            log.warning("event not taken", told=str(told[0].id), reason=repr(wrong)[:200])
            return {told[0].id: COULD_NOT}
    odd: dict[UUID, str] = {}
    for one in told:
        odd |= _safely(handle, [one], at)
    return odd


def _undo(told: Sequence[Told], kinds: Kinds, at: datetime) -> dict[UUID, str]:
    """Takes back what these events name; what has not arrived yet is waited for."""
    named = Event.objects.in_bulk([one.payload.of for one in told])
    odd: dict[UUID, str] = {}
    back: dict[str, list[Told]] = {}
    for one in told:
        event = named.get(one.payload.of)
        kind = kinds.get(event.kind) if event else None
        if event is None or event.outcome == HELD:
            odd[one.id] = HELD
        elif event.worker_id != one.by.pk:
            odd[one.id] = NOT_THEIRS
        elif kind is None or kind.undo is None:
            odd[one.id] = NO_UNDO
        else:
            back.setdefault(kind.name, []).append(one)
    for name, those in back.items():
        undo = kinds[name].undo
        if undo:
            odd |= _safely(undo, those, at)
    return odd


def _understood_now(kinds: Kinds) -> QuerySet[Event]:
    return Event.objects.filter(outcome=FLAGGED, flag=UNKNOWN_KIND, settled_at=None, kind__in=list(kinds))
