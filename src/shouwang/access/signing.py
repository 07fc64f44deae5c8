"""Signatures of phones and of this installation: ECDSA on P-256 with SHA-256, as every browser knows it by itself.

Shape: a signature is 64 bytes, r and s, written in base64url; a public key is a JWK.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from jwt.algorithms import ECAlgorithm

from shouwang.lib.errors import Refusal
from shouwang.lib.sealing import read_or_make_keys

HALF = 32
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ALGORITHM = ec.ECDSA(SHA256())
JWT = "ES256"
NAMES = ("crv", "kty", "x", "y")


class NotAKey(Refusal):
    code = "devices.not_a_key"
    sentence = "这部手机没有给出正确的密钥。请更新浏览器，再扫一次。"


def public_key(jwk: Mapping[str, Any]) -> dict[str, str]:
    """A phone's public key, checked, without anything else that may stand beside it. Raises: NotAKey."""
    plain = {name: str(jwk.get(name, ""))[:64] for name in NAMES}
    _key_of(json.dumps(plain))
    return plain


def key_digest(key: Mapping[str, str]) -> bytes:
    """What tells a key apart from every other."""
    return sha256(_written(key).encode()).digest()


def is_signed(message: str, signature: str, key: Mapping[str, str]) -> bool:
    """Whether whoever holds the key signed just this."""
    try:
        raw = urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        halves = (int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big"))
        if len(raw) != 2 * HALF:
            return False
        _key_of(_written(key)).verify(encode_dss_signature(*halves), message.encode(), ALGORITHM)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign(message: bytes) -> str:
    """This installation's signature."""
    return raw_signature(_own(settings.PACKAGE_KEY_FILE), message)


def sign_claims(claims: Mapping[str, Any]) -> str:
    """Claims that this installation stands for, as a signed token (JWT)."""
    return jwt.encode(dict(claims), _own(settings.PACKAGE_KEY_FILE), algorithm=JWT, headers={"typ": None})


def signed_claims(token: str, key: Mapping[str, str]) -> dict[str, Any] | None:
    """What a token says, where whoever holds the key signed just this; nothing where not. Whether it is over is not asked."""
    asked = {"verify_signature": True} | dict.fromkeys(("verify_exp", "verify_nbf", "verify_iat"), False)
    try:
        return jwt.decode(token, _key_of(_written(key)), algorithms=[JWT], options=asked)  # type: ignore[arg-type]
    except (jwt.InvalidTokenError, ValueError):
        return None


def raw_signature(key: ec.EllipticCurvePrivateKey, message: bytes) -> str:
    """A signature as browsers write it."""
    r, s = decode_dss_signature(key.sign(message, ALGORITHM))
    return urlsafe_b64encode(r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")).decode().rstrip("=")


def own_key() -> dict[str, str]:
    """The key by which phones check what this installation signed."""
    return as_jwk(_own(settings.PACKAGE_KEY_FILE).public_key())


def as_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """A public key as browsers write it."""
    known: dict[str, str] = ECAlgorithm.to_jwk(key, as_dict=True)
    return {name: known[name] for name in NAMES}


def _written(key: Mapping[str, str]) -> str:
    return json.dumps({name: key[name] for name in NAMES})


@lru_cache(maxsize=512)
def _key_of(jwk: str) -> ec.EllipticCurvePublicKey:
    try:
        key = ECAlgorithm(ECAlgorithm.SHA256).from_jwk(jwk)
    except (jwt.InvalidKeyError, ValueError) as wrong:
        raise NotAKey() from wrong
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise NotAKey()
    return key


@lru_cache(maxsize=4)
def _own(path: Path) -> ec.EllipticCurvePrivateKey:
    """The installation's own key: made once, like the others, in a file of its own."""
    number = int.from_bytes(read_or_make_keys(path)[:48], "big") % (ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())
