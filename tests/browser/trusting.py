"""Installs a certificate authority for a Chromium, as somebody does who follows the poster: in the store of its account."""

import ctypes
from pathlib import Path

TRUSTED_AUTHORITY = 0x18  # CERTDB_VALID_CA | CERTDB_TRUSTED_CA, for web servers
POINTERS = ("PK11_GetInternalKeySlot", "CERT_GetDefaultCertDB")


class Trust(ctypes.Structure):
    """For what a certificate is believed."""

    _fields_ = [("servers", ctypes.c_uint), ("mail", ctypes.c_uint), ("programs", ctypes.c_uint)]


def install(home: Path, certificate: bytes) -> None:
    """Into the store of the account whose home this is, with the library that Debian's Chromium reads it by."""
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    nss, smime = ctypes.CDLL("libnss3.so"), ctypes.CDLL("libsmime3.so")
    smime.CERT_DecodeCertFromPackage.restype = ctypes.c_void_p
    for name in POINTERS:
        getattr(nss, name).restype = ctypes.c_void_p
    assert nss.NSS_InitReadWrite(f"sql:{store}".encode()) == 0
    slot = ctypes.c_void_p(nss.PK11_GetInternalKeySlot())
    if nss.PK11_NeedUserInit(slot):
        assert nss.PK11_InitPin(slot, None, b"") == 0
    read = ctypes.c_void_p(smime.CERT_DecodeCertFromPackage(certificate, len(certificate)))
    assert nss.PK11_ImportCert(slot, read, 0, b"shouwang", 0) == 0
    kept = ctypes.c_void_p(nss.CERT_GetDefaultCertDB())
    assert nss.CERT_ChangeCertTrust(kept, read, ctypes.byref(Trust(TRUSTED_AUTHORITY, 0, 0))) == 0
    nss.CERT_DestroyCertificate(read)
    nss.PK11_FreeSlot(slot)
    assert nss.NSS_Shutdown() == 0
