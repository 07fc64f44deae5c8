"""An office without a public name: our own certificate authority, made once, and the certificate of this server.

The authority can sign for this installation's names and addresses alone, whoever may get hold of its key: that is written
into it, and every browser holds to it.
"""

import ipaddress
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shouwang.lib.postgres.private_files import private

AUTHORITY_YEARS, SERVER_DAYS, RENEW_DAYS = 10, 397, 30  # no phone believes a server's certificate for longer
LOCAL = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Certificates:
    """The files that the web server reads, and the one that phones install."""

    authority: Path
    server: Path
    server_key: Path

    @property
    def fingerprint(self) -> str:
        """What stands on the poster and on the phone: compared, it is ours."""
        digest = x509.load_pem_x509_certificate(self.authority.read_bytes()).fingerprint(SHA256())
        return ":".join(f"{byte:02X}" for byte in digest)


def own_addresses() -> list[str]:
    """Under which addresses phones of the same network reach this computer."""
    found = (one for ones in psutil.net_if_addrs().values() for one in ones if one.family == socket.AF_INET)
    addresses = {ipaddress.ip_address(one.address) for one in found}
    return [str(one) for one in sorted(addresses) if not one.is_loopback and not one.is_link_local]


def certificates(folder: Path, names: Sequence[str], *, now: datetime) -> Certificates:
    """The authority, made once, and a certificate for these names and addresses; renewed before it is over.

    New names need a new authority, which every phone must install once more: so name all of them at first.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = sorted({*names, *LOCAL})
    made = Certificates(folder / "authority.crt", folder / "server.crt", folder / "server.key")
    key_file = folder / "authority.key"
    if not key_file.exists() or not may_sign_for(made.authority, wanted):
        _make_authority(made.authority, key_file, wanted, now)
        made.server.unlink(missing_ok=True)
    if not made.server.exists() or expires(made.server) < now + timedelta(days=RENEW_DAYS):
        _make_server(made, key_file, wanted, now)
    return made


def _make_authority(file: Path, key_file: Path, names: Sequence[str], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"守望 {socket.gethostname()} {now:%Y-%m-%d}")
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _certificate(name, name, key.public_key(), now, timedelta(days=365 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints([_constraint(one) for one in names], None), critical=True)
        .sign(key, SHA256())
    )
    _write(key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _write(file, made.public_bytes(Encoding.PEM))


def _make_server(made: Certificates, key_file: Path, names: Sequence[str], now: datetime) -> None:
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    signing = load_pem_private_key(key_file.read_bytes(), None)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _certificate(_named("守望"), authority.subject, key.public_key(), now, timedelta(days=SERVER_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general(one) for one in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(signing, SHA256())  # type: ignore[arg-type]
    )
    _write(made.server_key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _write(made.server, certificate.public_bytes(Encoding.PEM) + made.authority.read_bytes())


def _certificate(
    name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))  # phones' clocks may be a day off
        .not_valid_after(now + lasts)
    )


def may_sign_for(file: Path, names: Sequence[str]) -> bool:
    """Whether the authority may sign for all of these."""
    if not file.exists():
        return False
    known = x509.load_pem_x509_certificate(file.read_bytes()).extensions
    allowed = known.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    return all(_constraint(one) in allowed for one in names)


def expires(file: Path) -> datetime:
    """When nobody believes it any more."""
    return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc


def _named(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words[:64])])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _constraint(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_network(name))
    except ValueError:
        return x509.DNSName(name)


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all, for the owner's eyes."""
    half = file.with_suffix(".half")
    half.unlink(missing_ok=True)
    with open(half, "xb", opener=private) as opened:
        opened.write(content)
    os.replace(half, file)
