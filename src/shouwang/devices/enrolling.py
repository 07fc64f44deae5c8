"""A phone is let in by a code that works once, and sent away again: revoked at once, wiped at its next contact."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.access.roles import ROLES
from shouwang.access.scope import Grants, NoGrant, one_in_scope
from shouwang.access.signing import NotAKey, is_signed, key_digest, public_key
from shouwang.devices.models import Device, Enrolment
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import sealer

CODE_DIGITS = 12
TRIES = 5
ON_SCREEN, ON_A_CARD = timedelta(minutes=10), timedelta(hours=24)
PERMISSION = "responsibility.edit"


class NoSuchCode(Refusal):
    code = "devices.no_such_code"
    sentence = "没有这个登记码。请对着屏幕或卡片再输一次，共 12 位数字。"


class CodeOver(Refusal):
    code = "devices.code_over"
    sentence = "这个登记码过期了。请找社区再要一个。"


class CodeUsed(Refusal):
    code = "devices.code_used"
    sentence = "这个登记码已经用过了。如果不是您用的，请马上告诉社区。"


class WrongTail(Refusal):
    code = "devices.wrong_tail"
    sentence = "手机号后四位不对，还可以试 {left} 次。"


class MoreThanOwn(Refusal):
    code = "devices.more_than_own"
    sentence = "“{role}”能做的比您自己多，不能登记这样的手机。"


@dataclass(frozen=True)
class Asked:
    """What a phone says when it comes in: the code, its public key, and the code signed with the key."""

    code: str
    key: dict[str, str]
    proof: str
    tail: str = ""
    label: str = ""


def issue(
    workers: Sequence[User],
    *,
    role: str,
    areas: Sequence[str],
    by: Grants,
    at: datetime,
    tail: str = "",
    label: str = "",
) -> str:
    """A code for one phone; it is returned once and never again. With a `tail` it is for a printed card.

    Raises: NoGrant, NotInScope, MoreThanOwn (nobody hands out what they do not have).
    """
    giver = _giver(by, areas)
    if role not in ROLES or not ROLES[role].may <= by.may:
        raise MoreThanOwn(role=ROLES[role].words if role in ROLES else role)
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    made = Enrolment.objects.create(
        code_digest=_digest("enrolment", code),
        tail_digest=_digest("enrolment tail", code, tail) if tail else b"",
        role=role,
        area_codes=sorted(areas),
        workers=sorted(user.pk for user in workers),
        label=label,
        issued_at=at,
        issued_by=giver,
        expires_at=at + (ON_A_CARD if tail else ON_SCREEN),
    )
    audit(
        "devices.issue_code",
        at=at,
        by=giver,
        area=made.area_codes[0],
        enrolment=made.pk,
        workers=made.workers,
    )
    return code


def message_to_sign(code: str) -> str:
    """What a phone signs to show that it holds the key."""
    return f"shouwang-enrol.{_digits(code)}"


def enrol(asked: Asked, *, at: datetime) -> Device:
    """The phone is in. Asked again with the same code and key, the answer is the same: the first may have been lost.

    A phone that comes back with the key it had is the phone that it was, with its events; a revoked one is let in again.
    Raises: NoSuchCode, CodeOver, CodeUsed, WrongTail, NotAKey.
    """
    key = public_key(asked.key)
    found = (
        Enrolment.objects.select_for_update()
        .filter(code_digest=_digest("enrolment", _digits(asked.code)))
        .first()
    )
    if found is None:
        raise NoSuchCode()
    if not is_signed(message_to_sign(asked.code), asked.proof, key):
        raise NotAKey()
    if found.used_at:
        return _the_same_again(found, key, at)
    if found.expires_at <= at or found.wrong_tries >= TRIES:
        raise CodeOver()
    device = _let_in(found, key, asked.label, at)
    Enrolment.objects.filter(pk=found.pk).update(used_at=at, device=device)
    audit(
        "devices.enrol", at=at, by=found.issued_by, area=device.home, device=device.pk, workers=device.workers
    )
    return device


def check_tail(code: str, tail: str, *, at: datetime) -> None:
    """Whether whoever holds the card knows the phone's number. A wrong try counts, whatever follows. Raises: WrongTail."""
    found = Enrolment.objects.filter(code_digest=_digest("enrolment", _digits(code))).first()
    if found is None or not found.tail_digest:
        return
    if secrets.compare_digest(bytes(found.tail_digest), _digest("enrolment tail", _digits(code), tail)):
        return
    Enrolment.objects.filter(pk=found.pk).update(wrong_tries=F("wrong_tries") + 1)
    raise WrongTail(left=max(TRIES - found.wrong_tries - 1, 0))


def revoke(device: UUID, *, reason: str, wipe: bool, by: Grants, at: datetime) -> None:
    """The phone is let in no more; with `wipe` it forgets everything when it next asks. Twice is once.

    Raises: NotInScope, NoGrant.
    """
    found = one_in_scope(Device.objects.filter(pk=device))
    giver = _giver(by, found.area_codes)
    mine = Device.objects.filter(pk=device)
    if mine.filter(revoked_at=None).update(revoked_at=at, revoked_by=giver, revoked_reason=reason[:100]):
        audit("devices.revoke", at=at, by=giver, area=found.home, reason=reason[:200], device=device)
    if wipe and mine.filter(wipe_asked_at=None).update(wipe_asked_at=at):
        audit("devices.ask_wipe", at=at, by=giver, area=found.home, device=device)


def confirm_wiped(device: Device, *, at: datetime) -> None:
    """The phone says that it holds nothing any more."""
    if Device.objects.filter(pk=device.pk, wiped_at=None).exclude(wipe_asked_at=None).update(wiped_at=at):
        audit("devices.wiped", at=at, area=device.home, device=device.pk)


def _let_in(found: Enrolment, key: dict[str, str], label: str, at: datetime) -> Device:
    values = {
        "role": found.role, "area_codes": found.area_codes, "workers": found.workers, "label": (found.label or label)[:64],
        "enrolled_at": at, "enrolled_by": found.issued_by, "key": key, "last_seen_at": at, "revoked_at": None,
        "revoked_by": None, "revoked_reason": "", "wipe_asked_at": None, "wiped_at": None,
    }  # fmt: skip
    device, _made = Device.objects.update_or_create(
        key_digest=key_digest(key), defaults=values, create_defaults={**values, "id": uuid7(at)}
    )
    return device


def _the_same_again(found: Enrolment, key: dict[str, str], at: datetime) -> Device:
    device = found.device
    if device is None or bytes(device.key_digest) != key_digest(key) or found.expires_at <= at:
        raise CodeUsed()
    return device


def _giver(by: Grants, areas: Sequence[str]) -> User:
    by.require(PERMISSION)
    for area in areas:
        by.require_area(area)
    if by.user is None or not areas:
        raise NoGrant()
    return by.user


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isascii() and sign.isdigit())


def _digest(*parts: str) -> bytes:
    return sealer(settings.SEALING_KEY_FILE).digest(*parts)
