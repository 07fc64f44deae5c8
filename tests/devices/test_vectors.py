"""The vectors that Python and the app share: what is signed, what is believed, how a clock is put right."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from shouwang.access.signing import is_signed
from shouwang.catalogue import EVENT_KINDS
from shouwang.devices.clocks import Clock
from shouwang.devices.envelope import Read, decoders_of, read_event, unread_body

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["signatures"], ids=lambda case: case["name"])
def test_signatures(case):
    assert is_signed(case["message"], case["signature"], case["key"]) is case["holds"]


@pytest.mark.parametrize("case", VECTORS["events"], ids=lambda case: case["name"])
def test_events(case):
    text = case["text"] if "text" in case else json.dumps(case["event"])
    read = read_event(text.encode(), decoders_of(EVENT_KINDS), UUID(VECTORS["device_id"]))
    assert isinstance(read, Read) is case["readable"], getattr(read, "reason", "")
    if not case["readable"]:
        assert (read.seq, str(read.event_id)) == (case["seq"], case["event_id"])


@pytest.mark.parametrize("case", VECTORS["bodies"], ids=lambda case: case["name"])
def test_bodies(case):
    unread = unread_body(case["text"].encode())
    assert [unread.event_id and str(unread.event_id), unread.seq] == case["believed"]


@pytest.mark.parametrize("case", VECTORS["clocks"], ids=lambda case: case["name"])
def test_clocks(case):
    received = datetime.fromisoformat(case["received_at"])
    sent = case.get("sent_at") and datetime.fromisoformat(case["sent_at"])
    clock = Clock(received, sent, case.get("sent_elapsed_ms"), case.get("sent_boot_id", ""))
    occurred = datetime.fromisoformat(case["occurred_at"])
    happened = clock.happened_at(occurred, case.get("elapsed_ms"), case.get("boot_id", ""))
    assert happened == datetime.fromisoformat(case["happened_at"])
    assert clock.odd(occurred) == case["odd"]
    assert happened <= received + timedelta(0)
