"""What a phone sends, taken apart event by event: one that cannot be read never hides its neighbours.

Values in, values out. Nothing here knows a module: what an event says is decoded by the shape of its kind.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from shouwang.lib.characters import NO_NUL
from shouwang.lib.kinds import EventKind

MOST_EVENTS = 500
MOST_BYTES = 2 * 1024 * 1024
DIGEST_BYTES = 16
LAST_SEQ = 2**53 - 1  # the last whole number that every browser counts exactly
NUL = b"\\u0000"
UNDO = "undo"
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)

Short = Annotated[str, msgspec.Meta(max_length=40, pattern=NO_NUL)]
Seq = Annotated[int, msgspec.Meta(ge=1, le=LAST_SEQ)]
Row = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=10**12)]


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """What every event says, whatever happened. Units: `elapsed_ms` since the page with this `boot_id` was opened."""

    event_id: UUID
    device_id: UUID
    seq: Seq
    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"^[a-z_]+(\.[a-z_]+)*$")]
    occurred_at: Moment
    worker: Row
    payload: msgspec.Raw
    elapsed_ms: Milliseconds | None = None
    boot_id: Short = ""
    offline: bool = False
    decision: Short = ""
    decision_basis: Literal["", "online", "signed_pass", "local_list", "override"] = ""
    package_version: Short = ""
    scanned: Annotated[str, msgspec.Meta(max_length=500, pattern=NO_NUL)] = ""

    @property
    def claimed_at(self) -> datetime:
        """When it was by the phone's clock, as far as tables can show it."""
        return within_reach(self.occurred_at)

    @property
    def claimed_offline(self) -> bool:
        """Whether the phone says that it decided alone."""
        return self.offline or self.decision_basis not in ("", "online")


class Sending(msgspec.Struct, frozen=True):
    """A batch as it came. Units: `elapsed_ms` as in its events; `pending` events that the phone still holds."""

    batch_id: str
    events: list[msgspec.Raw]
    sent_at: Any = None
    elapsed_ms: Any = None
    boot_id: Any = ""
    pending: Any = None
    app_version: Any = ""
    package_version: Any = ""


class Undo(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Something was told by mistake: which event."""

    of: UUID


class Read(msgspec.Struct, frozen=True, gc=False):
    """An event that was read: its envelope, what it says (nothing where nobody knows its kind), its digest."""

    envelope: Envelope
    said: Any
    digest: bytes


class Unread(msgspec.Struct, frozen=True, gc=False):
    """Bytes that are no event: why, and what of the envelope could be read apart from the rest."""

    raw: bytes
    reason: str
    event_id: UUID | None = None
    seq: int | None = None

    @property
    def digest(self) -> bytes:
        return digest_of(self.raw)


NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
ENVELOPE = msgspec.json.Decoder(Envelope)
SENDING = msgspec.json.Decoder(Sending)
ANYTHING = msgspec.json.Decoder()
WRONG = (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError)


def decoders_of(kinds: Mapping[str, EventKind]) -> dict[str, msgspec.json.Decoder[Any]]:
    """One decoder for what the events of each kind say."""
    shapes = {UNDO: Undo, **{name: kind.payload for name, kind in kinds.items()}}
    return {name: msgspec.json.Decoder(shape) for name, shape in shapes.items()}


def is_name(written: str) -> bool:
    """Whether a batch can be called so."""
    return NAME.fullmatch(written) is not None


def read_sending(body: bytes) -> Sending | None:
    """The batch, its events still unread; nothing where it is none."""
    try:
        return SENDING.decode(body)
    except WRONG:
        return None


def read_event(raw: bytes, decoders: Mapping[str, msgspec.json.Decoder[Any]], device: UUID) -> Read | Unread:
    """One event by itself."""
    try:
        envelope = ENVELOPE.decode(raw)
        if envelope.device_id != device:
            raise ValueError("another device_id")
        if NUL in raw:
            raise ValueError("a NUL character")
        decoder = decoders.get(envelope.kind)
        said = decoder.decode(envelope.payload) if decoder else None
    except WRONG as wrong:
        return _apart(raw, str(wrong))
    return Read(envelope, said, digest_of(raw))


def same_event(one: bytes, other: bytes) -> bool:
    """Whether two texts say the same, however a phone may have written them."""
    try:
        return bool(ANYTHING.decode(one) == ANYTHING.decode(other))
    except WRONG:
        return False


def digest_of(raw: bytes | memoryview) -> bytes:
    """What equal bytes have in common."""
    return blake2b(raw, digest_size=DIGEST_BYTES).digest()


def moment(written: Any) -> datetime | None:
    """A time as a phone writes it, if it is one that a clock can show."""
    try:
        return within_reach(msgspec.convert(written, Moment))
    except WRONG:
        return None


def within_reach(at: datetime) -> datetime:
    """A moment that every clock and every table can show."""
    if EARLIEST.year < at.year < LATEST.year:
        return at
    return min(max(at, EARLIEST), LATEST)


def amount(written: Any) -> int | None:
    """A number of things or milliseconds, if it is one."""
    try:
        return msgspec.convert(written, Milliseconds)
    except WRONG:
        return None


def short(written: Any) -> str:
    """A few signs, cut; nothing where it is no text."""
    return written[:40].replace("\x00", "") if isinstance(written, str) else ""


FIELDS = {
    "event_id": re.compile(rb'"event_id"\s*:\s*"([0-9A-Fa-f-]{32,36})"'),
    "seq": re.compile(rb'"seq"\s*:\s*([1-9][0-9]{0,15})(?![0-9.eE])'),
}


def _apart(raw: bytes, reason: str) -> Unread:
    """Id and place of an event that cannot be read as a whole."""
    return Unread(bytes(raw), _printable(reason), *_id_and_seq(raw))


def unread_body(body: bytes) -> Unread:
    """A body that is no batch. What it says of one single event is believed; of several nothing is."""
    return Unread(body, "not a batch", *_id_and_seq(body))


def _id_and_seq(raw: bytes) -> tuple[UUID | None, int | None]:
    ids, seqs = (FIELDS[name].findall(raw) for name in ("event_id", "seq"))
    try:
        event_id = UUID(ids[0].decode()) if len(set(ids)) == 1 else None
    except ValueError:
        event_id = None
    seq = int(seqs[0]) if len(set(seqs)) == 1 else None
    return event_id, seq if seq and seq <= LAST_SEQ else None


def _printable(reason: str) -> str:
    return "".join(sign if sign.isprintable() else "·" for sign in reason)[:200]
