"""What machines send and are answered, as the OpenAPI document shows it; batches of events are only described here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from shouwang.lib.characters import NO_NUL

Code = Field(pattern=r"^[\d -]{12,20}$", description="the twelve digits under the QR code")
Signature = Field(max_length=120, description="ECDSA P-256 SHA-256, r and s, base64url")


class Refused(Schema):
    """A no: a code for the program, a sentence for whoever holds the phone."""

    code: str
    sentence: str


class Key(Schema):
    """A public key as a JWK."""

    kty: str = Field(pattern="^EC$")
    crv: str = Field(pattern="^P-256$")
    x: str = Field(max_length=64)
    y: str = Field(max_length=64)


class Enrol(Schema):
    """A phone comes in: `proof` signs `shouwang-enrol.` and the twelve digits."""

    code: str = Code
    tail: str = Field(
        "", pattern=r"^(\d{4})?$", description="last four digits of the phone, for printed cards"
    )
    key: Key
    proof: str = Signature
    label: str = Field("", max_length=64, pattern=NO_NUL)


class Worker(Schema):
    """Somebody who may use the phone."""

    id: int
    name: str


class Enrolled(Schema):
    """The phone is in. `server_key` checks what the server signs."""

    device_id: UUID
    workers: list[Worker]
    role: str
    area_codes: list[str]
    server_key: Key
    server_time: datetime


class Question(Schema):
    """Which phone wants to come in."""

    device_id: UUID


class Asked(Schema):
    """What the phone signs, within two minutes."""

    question: str


class Signed(Schema):
    """The question, signed."""

    device_id: UUID
    question: str = Field(max_length=4096)
    signature: str = Signature


class Session(Schema):
    """A word for `Authorization: Bearer`, good for so many seconds by the server's clock."""

    token: str
    good_for_s: int
    server_time: datetime


class Have(Schema):
    """Events that the phone is not sure about."""

    ids: list[UUID] = Field(max_length=2000)


class Had(Schema):
    """Those of them that are durably here."""

    have: list[UUID]
    highest_contiguous_seq: int
    highest_seq: int


class Photographed(Schema):
    """What became of a photograph: after `stored` and `duplicate` the phone may drop it, otherwise it sets it aside."""

    photo_id: UUID
    outcome: str = Field(pattern="^(stored|duplicate|duplicate_differs|unreadable)$")


class Calling(Schema):
    """Which worker wants to call which door."""

    household: int = Field(ge=1, le=2**63 - 1)
    worker: int = Field(ge=1, le=2**63 - 1)


class Number(Schema):
    """Whose number, and the digits by which they know that the caller is real."""

    name: str
    phone: str
    code: str


class Numbers(Schema):
    """The numbers of a door in clear."""

    numbers: list[Number]


class Checked(Schema):
    """What the guard does. `stored`: the event need not be sent, unless the guard did otherwise or was told to ask."""

    event_id: UUID
    decision: str = Field(pattern="^(admit|refuse|ask)$")
    code: str
    sentence: dict[str, list[str]]
    stored: bool
    until: datetime | None
    hold: bool
    medical: bool
    fever: bool
    copied: bool


EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["event_id", "device_id", "seq", "kind", "occurred_at", "worker", "payload"],
    "properties": {
        "event_id": {"type": "string", "format": "uuid", "description": "UUIDv7, made where it happened"},
        "device_id": {"type": "string", "format": "uuid"},
        "seq": {"type": "integer", "minimum": 1, "description": "one by one for each phone, without gaps"},
        "kind": {"type": "string", "examples": ["screening.visit", "isolation.temperature", "undo"]},
        "occurred_at": {
            "type": "string",
            "format": "date-time",
            "description": "the phone's clock, with its zone",
        },
        "elapsed_ms": {"type": "integer", "minimum": 0},
        "boot_id": {"type": "string", "maxLength": 40},
        "worker": {"type": "integer", "description": "whose PIN is in the phone"},
        "offline": {"type": "boolean"},
        "decision": {"type": "string", "maxLength": 40},
        "decision_basis": {"enum": ["", "online", "signed_pass", "local_list", "override"]},
        "package_version": {"type": "string", "maxLength": 40},
        "scanned": {"type": "string", "maxLength": 500},
        "payload": {"type": "object"},
    },
}
SENDING: dict[str, Any] = {
    "type": "object",
    "required": ["batch_id", "events"],
    "properties": {
        "batch_id": {"type": "string", "pattern": r"^[\w-]{1,64}$"},
        "sent_at": {"type": "string", "format": "date-time"},
        "elapsed_ms": {"type": "integer", "minimum": 0},
        "boot_id": {"type": "string", "maxLength": 40},
        "pending": {
            "type": "integer",
            "minimum": 0,
            "description": "what the phone still holds, these included",
        },
        "app_version": {"type": "string", "maxLength": 40},
        "package_version": {"type": "string", "maxLength": 40},
        "events": {"type": "array", "maxItems": 500, "items": EVENT},
    },
}
PHOTO: dict[str, Any] = {
    "required": True,
    "description": "a JPEG of at most 512 kB",
    "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
}
CHECK: dict[str, Any] = {
    "required": True,
    "content": {"application/json": {"schema": {**EVENT, "description": "gates.passage, not decided yet"}}},
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["batch_id", "outcomes", "highest_contiguous_seq", "highest_seq", "missing", "skew_s"],
    "properties": {
        "batch_id": {"type": "string"},
        "outcome": {"enum": ["", "unreadable_batch"]},
        "outcomes": {
            "type": "array",
            "description": "one for each event, in the order in which they were sent",
            "items": {
                "type": "object",
                "required": ["place", "event_id", "outcome"],
                "properties": {
                    "place": {"type": "integer"},
                    "event_id": {"type": ["string", "null"]},
                    "outcome": {
                        "enum": ["stored", "duplicate", "held", "flagged", "duplicate_differs", "unreadable"]
                    },
                    "reason": {"type": "string"},
                },
            },
        },
        "highest_contiguous_seq": {"type": "integer"},
        "highest_seq": {"type": "integer"},
        "missing": {
            "type": "array",
            "description": "gaps in the sequence: the first and the last of each",
            "items": {"type": "array", "items": {"type": "integer"}},
        },
        "skew_s": {"type": "number", "description": "how far the phone's clock is behind the server's"},
        "server_time": {"type": "string", "format": "date-time"},
    },
}
