"""What kind of picture a file is; and a photograph without its traces, that say where, when and by whom it was taken."""

import struct

from shouwang.lib.errors import Refusal

MOST_BYTES = 12 * 1024 * 1024
BEGIN, END, SCAN, EXIF, REMARK = b"\xff\xd8", 0xD9, 0xDA, 0xE1, 0xFE
TOLD = range(0xE1, 0xF0)  # what programs write beside the picture
COLOURS = 0xEE  # without it some pictures turn green
ORIENTATION, UPRIGHT = 0x0112, 1
INSIDE = (0x00, *range(0xD0, 0xD8))  # after FF inside a picture's own data
PICTURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n": "image/png",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
}


class NotAPhoto(Refusal):
    code = "register.not_a_photo"
    sentence = "这不是照片，没有收。请用手机直接拍一张。"


class PhotoTooBig(Refusal):
    code = "register.photo_too_big"
    sentence = "照片太大了，没有收。请用手机直接拍一张，不要选原图。"


def picture_kind(content: bytes) -> str:
    """What kind of picture this is; empty where it is none."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in PICTURES.items() if content.startswith(mark)), "")


def without_traces(photo: bytes) -> bytes:
    """The same picture and nothing that says where, when or by whom. Shape: JPEG. Raises: NotAPhoto, PhotoTooBig."""
    if len(photo) > MOST_BYTES:
        raise PhotoTooBig()
    if not photo.startswith(BEGIN):
        raise NotAPhoto()
    try:
        kept, turned = _parts(photo)
    except (IndexError, struct.error) as broken:
        raise NotAPhoto() from broken
    return BEGIN + (_upright(turned) if turned != UPRIGHT else b"") + b"".join(kept)


def _parts(photo: bytes) -> tuple[list[bytes], int]:
    """Every part that draws the picture, and which way up it is."""
    kept, turned, at = [], UPRIGHT, len(BEGIN)
    while photo[at + 1] != END:
        marker = photo[at + 1]
        if photo[at] != 0xFF:
            raise IndexError
        end = at + 2 + struct.unpack(">H", photo[at + 2 : at + 4])[0]
        if end > len(photo) or end < at + 4:
            raise IndexError
        if marker == EXIF:
            turned = _turned(photo[at + 4 : end]) or turned
        if marker == SCAN:
            end = _end_of_scan(photo, end)
        if marker == COLOURS or marker not in (REMARK, *TOLD):
            kept.append(photo[at:end])
        at = end
    return [*kept, photo[at : at + 2]], turned


def _end_of_scan(photo: bytes, at: int) -> int:
    while True:
        at = photo.find(b"\xff", at)
        if at < 0 or photo[at + 1] not in INSIDE:
            return at if at >= 0 else len(photo)
        at += 2


def _turned(told: bytes) -> int:
    """Which way up the telephone was held, if it says so."""
    order = {b"II": "<", b"MM": ">"}.get(told[6:8])
    if order is None or told[:4] != b"Exif":
        return 0
    at = 6 + struct.unpack(f"{order}I", told[10:14])[0]
    for number in range(struct.unpack(f"{order}H", told[at : at + 2])[0]):
        entry = told[at + 2 + 12 * number :][:12]
        if struct.unpack(f"{order}H", entry[:2])[0] == ORIENTATION:
            return int(struct.unpack(f"{order}H", entry[8:10])[0])
    return 0


def _upright(turned: int) -> bytes:
    one = struct.pack(">HHIHH", ORIENTATION, 3, 1, turned, 0)
    said = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + one + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said
