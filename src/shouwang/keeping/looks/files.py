"""Whether the data folder is whole and private: keys, uploads, permissions, room."""

import hashlib
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag

from shouwang.keeping.backing_up import UPLOADS, WEB_KEY, sealing_key
from shouwang.keeping.finding import Finding, Place
from shouwang.lib.sealing import DIGEST_KEY_BYTES, SEAL_KEY_BYTES, Sealer

KEY_BYTES = SEAL_KEY_BYTES + DIGEST_KEY_BYTES
SEALED = "SELECT id_sealed FROM register_person WHERE id_sealed <> '' LIMIT 1"
NAMED = 3


def keys(place: Place) -> Iterator[Finding]:
    """The keys are there, whole, private, and open what is sealed; before the first start there is none."""
    sealed = place.rows(SEALED)
    for file in (sealing_key(place.data), place.data / WEB_KEY):
        if not file.exists() and not sealed:
            continue
        if not file.exists() or file.stat().st_size != KEY_BYTES:
            yield _key(f"密钥文件 {file} 不在或者不完整")
        elif _others_may(file):
            yield Finding(
                "key_open", f"密钥文件 {file} 别人也能读", "证件号和电话会泄露", f"执行 chmod 600 {file}"
            )
    if sealed:
        yield from _opens(sealing_key(place.data), sealed[0][0])


def uploads(place: Place) -> Iterator[Finding]:
    """The workbooks as they came in are there and unchanged."""
    gone = [
        filename
        for stored, filename, digest in place.rows(
            "SELECT stored, filename, sha256 FROM register_upload ORDER BY id"
        )
        if _digest(place.data / UPLOADS / stored) != digest
    ]
    if gone:
        some = "、".join(gone[:NAMED]) + ("……" if len(gone) > NAMED else "")
        yield Finding(
            "uploads_missing",
            f"{len(gone)} 个原始表格不在了或者被改过：{some}",
            "以后查不到数是从哪里来的",
            "从备份里找回来，放进 uploads 文件夹",
        )


def permissions(place: Place) -> Iterator[Finding]:
    """Only the keeper of the data folder enters it."""
    for folder in (place.data, place.data / "secrets"):
        if folder.exists() and _others_may(folder):
            yield Finding(
                "folder_open",
                f"文件夹 {folder} 别人也能进",
                "同一台电脑上的其他用户看得到居民资料",
                f"执行 chmod 700 {folder}",
            )


def room(place: Place) -> Iterator[Finding]:
    """There is room to go on."""
    free = shutil.disk_usage(place.data).free
    if free < place.room_bytes:
        yield Finding(
            "disk_nearly_full",
            f"磁盘只剩 {free / 1e9:.1f} GB",
            "满了以后记不进去，也备份不了",
            "把旧备份挪到别处，或者换大一点的磁盘",
        )


def _opens(file: Path, sealed: bytes) -> Iterator[Finding]:
    try:
        Sealer(file.read_bytes()).open(sealed)
    except (OSError, ValueError, InvalidTag):
        yield _key(f"密钥文件 {file} 打不开库里的证件号：不是这个库的密钥")


def _key(what: str) -> Finding:
    return Finding("key_unusable", what, "证件号和电话谁也打不开", "从备份里把原来的密钥放回去，不要新建")


def _others_may(path: Path) -> bool:
    return sys.platform != "win32" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _digest(file: Path) -> str:
    if not file.is_file():
        return ""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


LOOKS = (keys, uploads, permissions, room)
