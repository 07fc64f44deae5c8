"""A gate with a network asks: the verdict, and in the same breath the passage written down under the phone's own event.

Whoever does not hear the answer decides alone and tells it later under the same name: then it is one passage, not two.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from shouwang.access.asking import Question, Rows, ask, ask_at_once, written
from shouwang.access.scope import scope
from shouwang.devices.envelope import ENVELOPE, NUL, WRONG, Envelope, digest_of
from shouwang.devices.models import ASKED, Batch, Device, Event
from shouwang.gates.deciding import decide, with_heat
from shouwang.gates.events import Came
from shouwang.gates.known import Asked, question_about, understood
from shouwang.gates.models import Gate, Passage
from shouwang.gates.package import spoken
from shouwang.gates.recording import companion_rows, degrees, mark_copied, row_of
from shouwang.lib.kinds import Told
from shouwang.plans.actions import read
from shouwang.plans.models import PlanVersion
from shouwang.plans.schema import Plan
from shouwang.standing.verdict import REFUSE, Verdict

KIND = "gates.passage"
SEEN_EVERY = timedelta(minutes=1)
FASTEST = 1
CAME = msgspec.json.Decoder(Came)


@dataclass(frozen=True)
class Standing:
    """Who stands there, as the phone asks it; `raw` byte for byte."""

    envelope: Envelope
    came: Came
    raw: bytes


@dataclass(frozen=True)
class Here:
    """The phone that asks and what is known of its question: nothing of the gate where it is not in scope.

    Shape: `about` is what the register answered of whoever stands there.
    """

    device: Device
    worker: int | None
    gate: Gate | None
    host: int | None
    plan: int | None
    told: bool
    answered: Verdict | None
    about: Rows


@dataclass(frozen=True)
class Answer:
    """What the guard is told. Shape: `stored` says that the phone need not send the event, unless the guard does otherwise."""

    event_id: UUID
    decision: str
    code: str
    sentence: Mapping[str, list[str]]
    stored: bool
    until: datetime | None = None
    hold: bool = False
    medical: bool = False
    fever: bool = False
    copied: bool = False


def standing_of(raw: bytes) -> Standing | None:
    """What was asked; nothing where it cannot be read."""
    try:
        envelope = ENVELOPE.decode(raw)
        if envelope.kind != KIND or NUL in raw:
            return None
        return Standing(envelope, CAME.decode(envelope.payload), raw)
    except WRONG:
        return None


def here(there: Standing, areas: tuple[str, ...], *, device: UUID, now: datetime) -> Here | None:
    """The phone, its gate and whoever stands there, as far as they lie in these areas. Cost: one round trip."""
    told, came = there.envelope, there.came
    values = {
        "device": device, "worker": told.worker, "gate": came.gate, "host": came.host, "event": told.event_id, "at": now,
    }  # fmt: skip
    online = Question(written(__file__, "online.sql"), values)
    found, about = ask_at_once(areas, online, question_about([_asked(there, _gate(came.gate), now)]))
    for row in found:
        phone = Device(
            id=device, role=row["role"], area_codes=row["area_codes"], revoked_at=row["revoked_at"],
            wipe_asked_at=row["wipe_asked_at"], last_seen_at=row["last_seen_at"],
        )  # fmt: skip
        gate = _gate(row["gate"], row["area_code"], row["kind"]) if row["gate"] else None
        answered = Verdict(row["should"], row["should_code"]) if row["should"] else None
        told_before = row["told"] is not None
        return Here(phone, row["worker"], gate, row["host"], row["plan"], told_before, answered, about)
    return None


def check(there: Standing, found: Here, gate: Gate, *, at: datetime) -> Answer:
    """The verdict, and the passage. Asked again, it is answered again and counted once. Cost: one round trip, as a rule."""
    came, told = there.came, there.envelope
    plan = _plan(found.plan) if found.plan else None
    (whom,) = understood([_asked(there, gate, at)], found.about, plan)
    verdict = found.answered or with_heat(
        decide(whom, came, gate, plan, now=at), degrees(came.temperature_c), degrees(came.second_c),
        plan.temperature if plan else None, lives_here=whom.known.lives_here,
        on_fever=plan.gates.on_fever if plan and plan.gates else None,
    )  # fmt: skip
    row = row_of(Told(told.event_id, at, None, came), gate, whom, plan, host=found.host, at=at) | {
        "by_id": found.worker, "decision": verdict.decision, "asked": False, "code": verdict.code,
        "should": verdict.decision, "should_code": verdict.code, "online": True, "mattered": False,
        "copied": whom.copied,
    }  # fmt: skip
    stored = found.told or _stored(there, found, gate, row, at)
    held = verdict.decision == REFUSE and verdict.code == "at_home"
    return Answer(
        told.event_id, verdict.decision, verdict.code, spoken()[verdict.code], stored,
        whom.known.held_until if held else None, held, came.medical, row["fever"], whom.copied,
    )  # fmt: skip


def _asked(there: Standing, gate: Gate, at: datetime) -> Asked:
    came = there.came
    return Asked(gate, at, came.card, came.person, came.plate, came.expected, there.envelope.scanned)


@lru_cache(maxsize=1024)
def _gate(pk: UUID, area: str = "", kind: str = "") -> Gate:
    return Gate(id=pk, area_code=area, kind=kind)


def _stored(there: Standing, found: Here, gate: Gate, row: Mapping[str, Any], at: datetime) -> bool:
    """The passage; and in the same transaction who went along, and where else the pass was shown. Not stored: its place is taken."""
    areas, writing = tuple(found.device.area_codes), _writing(there, found, row, at)
    if not there.came.names and not row["copied"]:
        return bool(ask_at_once(areas, writing)[0])
    with scope(areas):
        stored = bool(ask(writing))
        if stored:
            companion_rows([Told(there.envelope.event_id, at, None, there.came)], {gate.pk: gate})
            mark_copied([row])
    return stored


def _writing(there: Standing, found: Here, row: Mapping[str, Any], at: datetime) -> Question:
    """The raw text, the event and the passage; nothing where its place in the phone's sequence is taken."""
    told, device = there.envelope, found.device
    batch = told.event_id  # a batch of one bears its name
    event = {
        "id": told.event_id, "device_id": device.pk, "batch_id": batch, "seq": told.seq, "kind": told.kind,
        "worker_id": told.worker, "occurred_at": told.claimed_at, "at": at, "received_at": at,
        "digest": digest_of(there.raw), "outcome": ASKED, "flag": "", "claimed_offline": False,
        "override_mattered": False, "settled_word": "",
    }  # fmt: skip
    raw = {
        "id": batch, "device_id": device.pk, "area_code": device.home, "sent_id": "", "received_at": at,
        "raw": zlib.compress(b'{"events":[' + there.raw + b"]}", FASTEST),
    }  # fmt: skip
    named = {"void_reason": "", **row}
    values = {
        **{f"e_{name}": value for name, value in event.items()},
        **{f"b_{name}": value for name, value in raw.items()},
        **{f"p_{name}": value for name, value in named.items()},
    }
    return Question(_storing(tuple(event), tuple(raw), tuple(named)), values)


@cache
def _storing(event: tuple[str, ...], raw: tuple[str, ...], passage: tuple[str, ...]) -> str:
    """One statement: the event first, and the others only where it was new."""

    def values(mark: str, names: tuple[str, ...], table: str) -> str:
        return ", ".join(f"%({mark}_{name})s::{_types(table)[name]}" for name in names)

    return (
        f"WITH told AS (INSERT INTO devices_event ({', '.join(event)}) SELECT {values('e', event, 'devices_event')}"
        " ON CONFLICT DO NOTHING RETURNING id), raw AS ("
        f"INSERT INTO devices_batch ({', '.join(raw)}) SELECT {values('b', raw, 'devices_batch')} FROM told)"
        f" INSERT INTO gates_passage ({', '.join(passage)})"
        f" SELECT {values('p', passage, 'gates_passage')} FROM told RETURNING id"
    )


@cache
def _types(table: str) -> dict[str, str]:
    model = next(one for one in (Event, Batch, Passage) if one._meta.db_table == table)
    return {str(field.column): str(field.db_type(connection)) for field in model._meta.concrete_fields}


@lru_cache(maxsize=64)
def _plan(version: int) -> Plan:
    """A version never changes."""
    return read(PlanVersion.objects.get(pk=version))


def seen(device: Device, *, at: datetime) -> None:
    """The phone was there; written down once a minute."""
    if device.last_seen_at is None or at - device.last_seen_at >= SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen_at=at)
