"""Handing one text over to a gateway, and what can be known afterwards: it went, it did not, nobody can say.

"Nobody can say" is an answer of its own: a gateway that took the text and then fell silent may have sent it, and a person
who gets the same message twice at night trusts neither.
"""

import logging
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

import apprise

CONNECT_SECONDS, ANSWER_SECONDS = 4.0, 10.0
SIDE_BY_SIDE = 16
PHONE, ID = "{phone}", "{id}"
STATUS = re.compile(r"error=(\d{3})")
NEVER_GOT_THERE = re.compile(
    r"NewConnectionError|ConnectTimeout|NameResolution|Connection refused|Failed to resolve|SSLError|ProxyError"
)
BUSY, MAYBE = {"429", "503"}, {"502", "504"}


@dataclass(frozen=True)
class Parcel:
    """A text with where it goes: the apprise address still with its places for phone and number."""

    message: UUID
    claim: UUID
    phone: str
    text: str
    url: str
    channel: int


@dataclass(frozen=True)
class Outcome:
    """What came of it. Shape: `ok` is None where nobody can say; `why` is a key of `queries.WHY`."""

    message: UUID
    claim: UUID
    channel: int
    ok: bool | None
    why: str = ""


class _Overhearing(logging.Handler):
    """What apprise says of a try, kept for the thread that made it: it answers only yes or no itself."""

    def __init__(self) -> None:
        super().__init__()
        self.said = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        self.said.lines = [*self.lines(), record.getMessage()]

    def lines(self) -> list[str]:
        return getattr(self.said, "lines", [])

    def forget(self) -> None:
        self.said.lines = []


def _listen() -> _Overhearing:
    """Its words hold phones and keys: they are judged and forgotten, and reach no log."""
    logger, listening = logging.getLogger("apprise"), _Overhearing()
    logger.handlers, logger.propagate = [listening], False
    logger.setLevel(logging.DEBUG)
    return listening


_overhearing = _listen()


def hand_over(parcels: list[Parcel]) -> list[Outcome]:
    """Hands several over side by side. Cost: at most 14 s for sixteen, whatever the gateway does."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return list(pool.map(_one, parcels))


def fits(url: str) -> bool:
    """Whether apprise understands this address."""
    return apprise.Apprise.instantiate(_filled(url, "19900000000", UUID(int=0))) is not None


def _one(parcel: Parcel) -> Outcome:
    _overhearing.forget()
    gateway = apprise.Apprise.instantiate(_filled(parcel.url, parcel.phone, parcel.message))
    if gateway is None:
        return Outcome(parcel.message, parcel.claim, parcel.channel, False, "settings")
    gateway.socket_connect_timeout, gateway.socket_read_timeout = CONNECT_SECONDS, ANSWER_SECONDS
    try:
        ok = gateway.notify(body=parcel.text, body_format=apprise.NotifyFormat.TEXT)
    except Exception:  # whatever a plugin does, the others' messages go out
        return Outcome(parcel.message, parcel.claim, parcel.channel, None, "broken_off")
    if ok:
        return Outcome(parcel.message, parcel.claim, parcel.channel, True)
    return Outcome(parcel.message, parcel.claim, parcel.channel, *judged("\n".join(_overhearing.lines())))


def judged(said: str) -> tuple[bool | None, str]:
    """What a try that did not succeed means, by what apprise said of it."""
    status = STATUS.search(said)
    if status:
        code = status[1]
        return (None, "no_answer") if code in MAYBE else (False, "busy" if code in BUSY else "refused")
    if NEVER_GOT_THERE.search(said):
        return False, "unreachable"
    if "Connection error" in said or "Exception" in said:
        return None, "no_answer" if "timed out" in said else "broken_off"
    return False, "refused"


def _filled(url: str, phone: str, message: UUID) -> str:
    return url.replace(PHONE, quote(phone, safe="")).replace(ID, str(message))
