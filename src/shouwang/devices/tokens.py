"""What a phone shows to be let in: a question of ours that it signs, and for that a word that is good for a shift.

Both carry their own proof and the hour at which we made them: no clock of a phone has a say, and nothing is kept here. Whether
the phone was revoked meanwhile is looked up where the word is shown.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from shouwang.lib.codes import is_code
from shouwang.lib.sealing import sealer

QUESTION, SESSION = "question", "session"
GOOD_FOR = {QUESTION: timedelta(minutes=2), SESSION: timedelta(hours=12)}
EARLY = timedelta(minutes=5)  # two servers of one installation may differ so much
LONGEST = 4096


@dataclass(frozen=True)
class Word:
    """Whom a word is for; a session also says the areas that the phone was let into."""

    device: UUID
    areas: tuple[str, ...]
    made_at: datetime


def make(kind: str, device: UUID, areas: tuple[str, ...] = (), *, at: datetime) -> str:
    """A word that only this installation can make."""
    said = f"{device.hex}.{int(at.timestamp())}.{'-'.join(areas)}.{secrets.token_hex(8)}"
    return f"{said}.{_proof(kind, said)}"


def read(kind: str, written: str, *, at: datetime) -> Word | None:
    """Whom it is for; nothing where we did not make it, made it for something else, or too long ago."""
    said, _dot, proof = written[:LONGEST].rpartition(".")
    if not proof.isascii() or not secrets.compare_digest(_proof(kind, said), proof):
        return None
    device, made, areas, _chance = said.split(".")
    made_at = datetime.fromtimestamp(int(made), UTC)
    if not -EARLY <= at - made_at <= GOOD_FOR[kind]:
        return None
    return Word(UUID(hex=device), tuple(filter(is_code, areas.split("-"))), made_at)


@lru_cache(maxsize=1024)  # a phone at a gate shows the same word hundreds of times
def _proof(kind: str, said: str) -> str:
    return sealer(settings.SEALING_KEY_FILE).digest("device word", kind, said).hex()
