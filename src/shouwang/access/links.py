"""Addresses that carry their own proof: what a link is about, and in which community, signed. No name, no number.

Shape: 39 signs: the UUID, the community, and eight bytes that only this installation can make.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.conf import settings

from shouwang.lib.codes import COMMUNITY, community_of
from shouwang.lib.sealing import sealer

UUID_BYTES, AREA_BYTES, PROOF_BYTES = 16, 5, 8


def token(kind: str, about: UUID, area: str) -> str:
    """The signed words of a link about this row of this community."""
    community = community_of(area)
    said = about.bytes + int(community).to_bytes(AREA_BYTES, "big")
    return urlsafe_b64encode(said + _proof(kind, about, community)).decode().rstrip("=")


def read(kind: str, written: str) -> tuple[UUID, str] | None:
    """What a link is about and in which community; nothing where we did not make it, or for another kind."""
    try:
        raw = urlsafe_b64decode(written + "=" * (-len(written) % 4))
    except ValueError:
        return None
    if len(raw) != UUID_BYTES + AREA_BYTES + PROOF_BYTES:
        return None
    about = UUID(bytes=raw[:UUID_BYTES])
    number = int.from_bytes(raw[UUID_BYTES : UUID_BYTES + AREA_BYTES], "big")
    community = f"{number:0{COMMUNITY}d}"
    ours = secrets.compare_digest(_proof(kind, about, community), raw[-PROOF_BYTES:])
    return (about, community) if ours else None


def _proof(kind: str, about: UUID, community: str) -> bytes:
    keyed = sealer(settings.SEALING_KEY_FILE).digest("link", kind, about.hex, community)
    return keyed[:PROOF_BYTES]
