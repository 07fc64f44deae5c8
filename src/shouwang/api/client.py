"""A phone in Python: what the app does, in the order in which the contract wants it. For tests, the demo, and others' clients.

    phone = Phone(OverHttp("http://127.0.0.1:8000"))
    phone.enrol("1234 5678 9012")
    phone.tell("screening.visit", {"household": 7, "met": "户主"}, worker=3, at=now)
    phone.send(at=now)

An event leaves the outbox by the server's word alone: no status, no answer of somebody else, no error makes it forget anything.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec

from shouwang.access.signing import as_jwk, is_signed, raw_signature
from shouwang.lib.ids import uuid7

AT_ONCE = 500
DONE = frozenset({"stored", "duplicate", "held", "flagged"})
APART = frozenset({"duplicate_differs", "unreadable"})


@dataclass(frozen=True)
class Reply:
    """What came back. Status 0: nothing did."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def said(self) -> Any:
        """The body as JSON; nothing where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


Send = Callable[[str, str, Mapping[str, str], bytes], Reply]


class OverHttp:
    """A way to the server over one kept connection."""

    def __init__(self, address: str, *, timeout_s: float = 30) -> None:
        where = urlsplit(address)
        kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
        self._kept = kind(where.hostname or "", where.port, timeout=timeout_s)

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """One question; status 0 where nothing came back."""
        try:
            self._kept.request(method, path, body or None, dict(headers))
            answer = self._kept.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read())
        except (OSError, HTTPException):
            self.close()
            return Reply(0)

    def close(self) -> None:
        """Lets the connection go."""
        self._kept.close()


class NotIn(Exception):
    """The server did not let the phone in: its answer says why."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        said = reply.said if isinstance(reply.said, dict) else {}
        super().__init__(f"{reply.status} {said.get('code', '')} {said.get('sentence', '')}")


@dataclass
class Phone:
    """A phone with its key, its outbox and its package. Events in the outbox are text: written once, sent as they are."""

    send_request: Send
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    device_id: UUID | None = None
    server_key: dict[str, str] = field(default_factory=dict)
    workers: list[dict[str, Any]] = field(default_factory=list)
    token: str = ""
    seq: int = 0
    outbox: dict[str, str] = field(default_factory=dict)
    quarantine: dict[str, str] = field(default_factory=dict)
    photos: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    confirmed_seq: int = 0
    version: str = ""
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    boot_id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def green(self) -> bool:
        """Nothing is pending, and the server has confirmed the last event."""
        kept = self.outbox or self.quarantine or self.photos
        return not kept and self.confirmed_seq == self.seq

    def enrol(self, code: str, tail: str = "", label: str = "") -> None:
        """In by a code. Raises: NotIn."""
        digits = "".join(sign for sign in code if sign.isdigit())
        said = {
            "code": code, "tail": tail, "label": label, "key": as_jwk(self.key.public_key()),
            "proof": raw_signature(self.key, f"shouwang-enrol.{digits}".encode()),
        }  # fmt: skip
        answer = self._told("/api/v1/enrol", said, "device_id")
        self.device_id = UUID(answer["device_id"])
        self.server_key, self.workers = answer["server_key"], answer["workers"]

    def come_in(self) -> None:
        """A new session. Raises: NotIn."""
        asked = self._told("/api/v1/session/question", {"device_id": str(self.device_id)}, "question")
        self.token = self._told("/api/v1/session", self._signed(asked["question"]), "token")["token"]

    def confirm_wiped(self) -> None:
        """Says that everything was forgotten; a phone does so right before it forgets its key too."""
        asked = self._told("/api/v1/session/question", {"device_id": str(self.device_id)}, "question")
        self._post("/api/v1/session/wiped", self._signed(asked["question"]))

    def tell(self, kind: str, payload: Mapping[str, Any], *, worker: int, at: datetime, **more: Any) -> UUID:
        """Something happened: into the outbox, for ever the same text."""
        self.seq += 1
        event_id = uuid7(at)
        event = {
            "event_id": str(event_id), "device_id": str(self.device_id), "seq": self.seq, "kind": kind,
            "occurred_at": at.isoformat(), "worker": worker, "boot_id": self.boot_id, "payload": payload, **more,
        }  # fmt: skip
        self.outbox[str(event_id)] = json.dumps(event, ensure_ascii=False)
        return event_id

    def photograph(self, event: UUID, picture: bytes, *, at: datetime) -> UUID:
        """A JPEG of what an event told: it goes after the event."""
        photo = uuid7(at)
        self.photos[str(photo)] = (str(event), picture)
        return photo

    def send_photos(self) -> Reply:
        """Sends the photographs whose events the server has, and forgets what it kept. The last answer."""
        reply = Reply(0)
        for photo, (event, picture) in list(self.photos.items()):
            if event in self.outbox:
                continue
            address = f"/api/v1/photos?photo={photo}&event={event}"
            reply = self._ask("POST", address, {"Content-Type": "image/jpeg"}, picture)
            said = reply.said if reply.status == 201 else None
            if isinstance(said, dict) and said.get("photo_id") == photo and said["outcome"] in DONE:
                del self.photos[photo]
        return reply

    def send(self, *, at: datetime, most: int = AT_ONCE) -> Reply:
        """Sends what is waiting, the oldest first, and forgets what the server has. The last answer."""
        reply = Reply(0)
        for _ in range(len(self.outbox) // most + 1):
            chosen = list(self.outbox)[:most]
            if not chosen:
                break
            reply = self.send_these(chosen, at=at)
            if not any(event not in self.outbox for event in chosen):
                break
        return reply

    def send_these(self, chosen: list[str], *, at: datetime) -> Reply:
        """One batch; halved where the server cannot read it or finds it too large."""
        batch_id = uuid4().hex
        head = {
            "batch_id": batch_id, "sent_at": at.isoformat(), "boot_id": self.boot_id, "pending": len(self.outbox),
            "app_version": "python", "package_version": self.version,
        }  # fmt: skip
        text = json.dumps(head)[:-1] + ', "events": [' + ", ".join(self.outbox[one] for one in chosen) + "]}"
        reply = self._ask(
            "POST", "/api/v1/events", {"X-Batch-Id": batch_id}, text.encode("utf-8", "surrogatepass")
        )
        if reply.status == 413 and len(chosen) > 1:
            return self._halved(chosen, at)
        said = reply.said if reply.status == 201 else None
        if not isinstance(said, dict) or said.get("batch_id") != batch_id:
            return reply  # no answer of our server: everything stays
        if said.get("outcome") == "unreadable_batch":
            return self._alone_or_halved(chosen, reply, at)
        for event, line in zip(chosen, said["outcomes"], strict=True):
            if line["outcome"] in DONE | APART:
                text = self.outbox.pop(event)
                if line["outcome"] in APART:
                    self.quarantine[event] = text
        self.confirmed_seq = said["highest_contiguous_seq"]
        return reply

    def have(self, ids: list[str]) -> set[str]:
        """Which of these the server holds."""
        reply = self._ask("POST", "/api/v1/events/have", {}, json.dumps({"ids": ids}).encode())
        return set(reply.said["have"]) if reply.status == 200 else set()

    def fetch_package(self) -> Reply:
        """What the day needs: whole, or what changed. What is not signed by our server is not believed."""
        since = f"?since={self.version}" if self.version else ""
        reply = self._ask("GET", f"/api/v1/package{since}", {"Accept-Encoding": "gzip"}, b"")
        if reply.status != 200:
            return reply
        headers = {name.lower(): value for name, value in reply.headers.items()}
        body = gzip.decompress(reply.body) if headers.get("content-encoding") == "gzip" else reply.body
        if is_signed(body.decode(), headers.get("x-signature", ""), self.server_key):
            self._take(json.loads(body))
        return reply

    def _take(self, said: dict[str, Any]) -> None:
        if "parts" in said:
            self.parts = said["parts"]
        for part, rows in said.get("changed", {}).items():
            self.parts.setdefault(part, {}).update(rows)
        for part, keys in said.get("gone", {}).items():
            for key in keys:
                self.parts[part].pop(key, None)
        self.version = said["version"]

    def _alone_or_halved(self, chosen: list[str], reply: Reply, at: datetime) -> Reply:
        if len(chosen) > 1:
            return self._halved(chosen, at)
        self.quarantine[chosen[0]] = self.outbox.pop(chosen[0])
        self.confirmed_seq = reply.said["highest_contiguous_seq"]
        return reply

    def _halved(self, chosen: list[str], at: datetime) -> Reply:
        middle = len(chosen) // 2
        self.send_these(chosen[:middle], at=at)
        return self.send_these(chosen[middle:], at=at)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """With the session, and once more with a new one where it is over."""
        if not self.token:
            self.come_in()
        reply = self._with_token(method, path, headers, body)
        if (
            reply.status == 401
            and isinstance(reply.said, dict)
            and reply.said.get("code") == "api.not_let_in"
        ):
            self.come_in()
            reply = self._with_token(method, path, headers, body)
        return reply

    def _with_token(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        own = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        return self.send_request(method, path, own, body)

    def _told(self, path: str, said: Mapping[str, Any], name: str) -> dict[str, Any]:
        """An answer of our server, which holds this name; a portal's welcome page is none. Raises: NotIn."""
        reply = self._post(path, said)
        if reply.status not in (200, 201) or not isinstance(reply.said, dict) or name not in reply.said:
            raise NotIn(reply)
        return dict(reply.said)

    def _post(self, path: str, said: Mapping[str, Any]) -> Reply:
        return self.send_request(
            "POST", path, {"Content-Type": "application/json"}, json.dumps(said).encode()
        )

    def _signed(self, question: str) -> dict[str, str]:
        signature = raw_signature(self.key, f"shouwang-session.{question}".encode())
        return {"device_id": str(self.device_id), "question": question, "signature": signature}
