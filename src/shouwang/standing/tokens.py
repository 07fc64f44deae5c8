"""What a pass says of itself when it is scanned: signed, so that a gate without a network knows that it is ours.

Shape: `SW1:` and a token (JWT, ES256) with `p` the pass, `k` its kind, `a` its area down to the compound, `f` and `u` the
seconds from when and until when it holds. No name and no door: whoever finds a card learns nothing from it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shouwang.access.signing import own_key, sign_claims, signed_claims
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import COMPOUND, is_code

MARK = "SW1:"
HEX = re.compile(r"[0-9a-f]{32}")
LAST_SECOND = 253_370_764_800  # of the year 9999: what comes after is no moment
NO_PASS, NOT_YET, OVER, GOOD = "no_pass", "not_yet", "over", "good"


@dataclass(frozen=True)
class Token:
    """What stands in a pass. `until` is exclusive."""

    id: UUID
    kind: str
    area: str
    from_at: datetime
    until: datetime

    def state(self, now: datetime) -> str:
        """What a gate that knows nothing else may believe of it."""
        if now < self.from_at:
            return NOT_YET
        return GOOD if now < self.until else OVER


def write(token: Token) -> str:
    """The words behind the picture on the card."""
    claims = {
        "p": token.id.hex, "k": token.kind, "a": token.area[:COMPOUND], "f": int(token.from_at.timestamp()),
        "u": int(token.until.timestamp()),
    }  # fmt: skip
    return MARK + sign_claims(claims)


def read(scanned: str, key: Mapping[str, str] | None = None) -> Token | None:
    """What was scanned, where this installation (or whoever holds `key`) signed it; nothing where not: it is forged, or no pass."""
    text = scanned.strip()
    if not text.startswith(MARK):
        return None
    said = signed_claims(text.removeprefix(MARK), key or own_key())
    if said is None or not _complete(said):
        return None
    return Token(UUID(hex=said["p"]), said["k"], said["a"], _moment(said["f"]), _moment(said["u"]))


def _complete(said: Mapping[str, object]) -> bool:
    words = all(isinstance(said.get(name), str) for name in "pka")
    seconds = [said.get(name) for name in "fu"]
    moments = all(type(one) is int and 0 <= one < LAST_SECOND for one in seconds)
    return words and moments and bool(HEX.fullmatch(str(said["p"]))) and is_code(str(said["a"]))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, ZONE)
