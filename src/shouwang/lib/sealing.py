"""ID numbers and phones at rest: sealed with AES-SIV, found again through keyed digests.

Two keys live in one file that only the owner of the data folder may read. A digest finds equal values without
opening any; rotation opens with the old keys, seals with the new and makes the digests again.
"""

import contextlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from shouwang.lib.postgres.private_files import private

SEAL_KEY_BYTES = 32
DIGEST_KEY_BYTES = 32
DIGEST_BYTES = 16


class Sealer:
    """Seals personal identifiers and makes the digests by which they are looked up."""

    def __init__(self, keys: bytes) -> None:
        self._siv = AESSIV(keys[:SEAL_KEY_BYTES])
        self._digest_key = keys[SEAL_KEY_BYTES:]

    def seal(self, value: str) -> bytes:
        """The value, readable only with the key."""
        return self._siv.encrypt(value.encode(), None) if value else b""

    def open(self, sealed: bytes | memoryview | None) -> str:
        """The value in clear. Callers write the audit row first."""
        return self._siv.decrypt(bytes(sealed), None).decode() if sealed else ""

    def digest(self, *parts: str) -> bytes:
        """What equal values have in common: `digest("id", "4101…")`, `digest("name+birth", name, "1962-05-21")`."""
        message = "\x1f".join(parts).encode()
        return hmac.digest(self._digest_key, message, "sha256")[:DIGEST_BYTES]


def read_or_make_keys(path: Path) -> bytes:
    """The installation's keys, made once. Lose the file and nobody reads the sealed fields again.

    Whole or not there: of two first starts at once, both read what the quicker one made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f".{secrets.token_hex(8)}")
        with open(draft, "xb", opener=private) as file:
            file.write(secrets.token_bytes(SEAL_KEY_BYTES + DIGEST_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_bytes()


@lru_cache(maxsize=4)
def sealer(path: Path) -> Sealer:
    """The sealer of an installation, by the path of its key file."""
    return Sealer(read_or_make_keys(path))
