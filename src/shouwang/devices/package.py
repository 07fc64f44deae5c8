"""What a phone takes along: versioned, signed, whole or only what changed. The phone looks up; it never decides by rules.

Its version is a digest of what stands in it: nothing changed, the same version. Of the last package that a phone was
handed the server keeps the digests of its rows, and so the next one brings only what is different.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
from django.db import connection

from shouwang.access.roles import permissions_of
from shouwang.devices.day import who_may_use
from shouwang.devices.envelope import is_name
from shouwang.devices.models import Device, Handed
from shouwang.lib.kinds import Asking, Part

ROW_BYTES, VERSION_BYTES = 6, 12
Digests = dict[str, dict[str, bytes]]


@dataclass(frozen=True)
class Package:
    """What is sent, and its version; no body where the phone has it already."""

    version: str
    body: bytes


def package(device: Device, parts: Iterable[Part], *, since: str, now: datetime) -> Package | None:
    """What this phone's day needs, inside its scope; nothing where nobody may use the phone any more.

    Shape: `since` is the version that the phone holds. What changed: `changed` has rows to put, `gone` keys to drop.
    Cost: a few statements for each part, however many people there are.
    """
    workers = tuple(user.pk for user in who_may_use(device.workers, now=now))
    if not workers:
        return None
    asking = Asking(tuple(device.area_codes), permissions_of([device.role]), workers, now, {})
    rows = {part.name: part.rows(asking) for part in parts if part.goes_to(asking.may)}
    encoded = {
        part: {key: msgspec.json.encode(row) for key, row in own.items()} for part, own in rows.items()
    }
    digests = {
        part: {key: _digest(row, ROW_BYTES) for key, row in own.items()} for part, own in encoded.items()
    }
    version = _digest(msgspec.msgpack.encode(digests, order="sorted"), VERSION_BYTES).hex()
    if since == version:
        Handed.objects.filter(device=device, version=version).update(handed_at=now)
        return Package(version, b"")
    before = _handed(device, since)
    _hand(device, version, digests, now)
    body = _changes(encoded, digests, before, since) if before is not None else {"parts": _raw(encoded)}
    head = {
        "version": version,
        "device_id": device.pk,
        "made_at": now,
        "role": device.role,
        "area_codes": device.area_codes,
    }
    return Package(version, msgspec.json.encode(head | body))


def _handed(device: Device, since: str) -> Digests | None:
    """The digests of the package that the phone holds, if it is the last that it was handed."""
    found = Handed.objects.filter(device=device, version=since).first() if is_name(since) else None
    return msgspec.msgpack.decode(zlib.decompress(bytes(found.rows)), type=Digests) if found else None


def _hand(device: Device, version: str, digests: Digests, now: datetime) -> None:
    with connection.cursor() as cursor:
        # Nobody waits for the disk: what a power cut takes is handed out anew, and whole.
        cursor.execute("SET LOCAL synchronous_commit TO off")
    rows = zlib.compress(msgspec.msgpack.encode(digests), 1)
    kept = Handed(device=device, version=version, rows=rows, handed_at=now)
    Handed.objects.bulk_create(
        [kept],
        update_conflicts=True,
        unique_fields=["device"],
        update_fields=["version", "rows", "handed_at"],
    )


def _changes(
    encoded: Mapping[str, Mapping[str, bytes]], digests: Digests, before: Digests, since: str
) -> dict[str, Any]:
    changed = {
        part: {key: row for key, row in own.items() if before.get(part, {}).get(key) != digests[part][key]}
        for part, own in encoded.items()
    }
    gone = {part: sorted(own.keys() - digests.get(part, {}).keys()) for part, own in before.items()}
    return {
        "since": since,
        "changed": _raw({part: own for part, own in changed.items() if own}),
        "gone": {part: keys for part, keys in gone.items() if keys},
    }


def _raw(encoded: Mapping[str, Mapping[str, bytes]]) -> dict[str, dict[str, msgspec.Raw]]:
    return {part: {key: msgspec.Raw(row) for key, row in own.items()} for part, own in encoded.items()}


def _digest(written: bytes, size: int) -> bytes:
    return blake2b(written, digest_size=size).digest()
