"""What a supervisor does about odd events: settles them with a word, has them judged once more, reads the raw text."""

from datetime import datetime
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.devices.flags import FLAGS
from shouwang.devices.judging import Kinds, judge_again
from shouwang.devices.log import raw_of
from shouwang.devices.models import Device
from shouwang.devices.queries import APART, apart_of, flagged_of
from shouwang.lib.errors import NotInScope, Refusal

SHOWN = 4000


class NoWord(Refusal):
    code = "devices.no_word"
    sentence = "请写一句怎么处理的。"


def settle_oddity(device: Device, code: str, *, word: str, by: User, at: datetime) -> int:
    """All of one sort from one phone are dealt with: how. How many were. Raises: NoWord."""
    if not word.strip():
        raise NoWord()
    rows = apart_of(device, code) if code in APART else flagged_of(device, code)
    settled = rows.order_by().update(settled_at=at, settled_by=by, settled_word=word.strip()[:100])
    if settled:
        audit(
            "devices.settle",
            at=at,
            by=by,
            area=device.home,
            reason=word[:200],
            device=device.pk,
            flag=code,
            events=settled,
        )
    return settled


def once_more(device: Device, code: str, kinds: Kinds, *, by: User, at: datetime) -> tuple[int, int]:
    """Judges what is flagged once more after something was put right. How many were, and how many are still odd."""
    if code not in FLAGS or not FLAGS[code].again:
        raise NotInScope()
    events = list(flagged_of(device, code)[:500])
    odd = judge_again(events, kinds, device=device, at=at)
    audit(
        "devices.judge_again", at=at, by=by, area=device.home, device=device.pk, flag=code, events=len(events)
    )
    return len(events), len(odd)


def raw_words(device: Device, code: str, *, by: User, at: datetime) -> list[tuple[datetime, str]]:
    """What a phone really wrote, written down before it is shown: it may tell of residents."""
    audit("devices.read_raw", at=at, by=by, area=device.home, device=device.pk, flag=code)
    if code in APART:
        return [(one.received_at, _text(bytes(one.raw))) for one in apart_of(device, code)[:20]]
    events = list(flagged_of(device, code)[:20])
    raw: dict[UUID, bytes] = raw_of(events)
    return [(event.received_at, _text(raw.get(event.pk, b""))) for event in events]


def _text(raw: bytes) -> str:
    return raw[:SHOWN].decode("utf-8", "replace")
