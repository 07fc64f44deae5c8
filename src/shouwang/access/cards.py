"""Printed cards: one use, one day, one worker; a card that was lost or copied is revoked and its session ends."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import F, Q

from shouwang.access.audit import record as audit
from shouwang.access.models import Card, Grant, User
from shouwang.access.roles import ROLES
from shouwang.access.scope import Grants, NoGrant, one_in_scope
from shouwang.lib.errors import Refusal
from shouwang.lib.sealing import sealer

ROLE = "volunteer"
CODE_DIGITS = (
    12  # typed on the number pad; with few tries a minute nobody finds one of a thousand cards in a day
)
TRIES = 5
VALID = timedelta(hours=24)
# An account that a card opens has no password and may do no more than this.
LIGHT = frozenset(
    {
        *("board", "wall", "directive.read", "register.read", "visit.record"),
        *("list.work", "isolation.work", "disinfection.work", "inbox.work", "custody"),
        *("swab.record", "sample.carry"),
    }
)


class NoSuchCard(Refusal):
    code = "access.no_such_card"
    sentence = "没有这个编号。请对着名片再输一次，共 12 位数字。"


class CardOver(Refusal):
    code = "access.card_over"
    sentence = "这张名片过期了或者收回了。请找发名片的人再打一张。"


class CardUsed(Refusal):
    code = "access.card_used"
    sentence = "这张名片已经用过了。如果不是您本人用的，请马上告诉发名片的人收回。"


class WrongTail(Refusal):
    code = "access.wrong_tail"
    sentence = "手机号后四位不对，还可以试 {left} 次。"


class OwnAccount(Refusal):
    code = "access.own_account"
    sentence = "{name}有自己的账号和密码，请用账号登录，不用名片。"


def issue(user: User, *, tail: str, areas: Sequence[str], by: Grants, at: datetime) -> str:
    """A new card for somebody; the code is returned once and never again. Earlier cards not yet used end.

    Raises: OwnAccount, NoGrant, NotInScope (nobody hands out what they do not have).
    """
    giver = _giver(by, areas)
    only_by_card(user, at=at)
    Card.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=at, revoked_by=giver)
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    card = Card.objects.create(
        user=user,
        code_digest=_digest("card", code),
        tail_digest=_digest("card tail", code, tail),
        area_codes=sorted(areas),
        issued_at=at,
        issued_by=giver,
        expires_at=at + VALID,
    )
    for area in areas:
        audit("access.issue_card", at=at, by=giver, area=area, card=card.pk, user=user.pk)
    return code


def only_by_card(user: User, *, at: datetime) -> None:
    """A card never opens an account that somebody logs in to, or one that may do more. Raises: OwnAccount."""
    held = Grant.objects.filter(user=user).in_force(at).values_list("role", flat=True)
    may = frozenset().union(*(ROLES[role].may for role in held if role in ROLES))
    if user.has_usable_password() or not may <= LIGHT or not user.is_active:
        raise OwnAccount(name=user.name)


def find(code: str, *, at: datetime) -> Card:
    """The card of this code, if it can still be used. Raises: NoSuchCard, CardUsed, CardOver."""
    digits = "".join(sign for sign in code if sign.isdigit())
    card = Card.objects.select_related("user").filter(code_digest=_digest("card", digits)).first()
    if card is None:
        raise NoSuchCard()
    if card.revoked_at or card.expires_at <= at or card.wrong_tries >= TRIES:
        raise CardOver()
    if card.used_at:
        raise CardUsed()
    return card


def check_tail(card: Card, code: str, tail: str) -> None:
    """Whether whoever holds the card knows the phone. A wrong try counts first, whatever follows.

    Raises: WrongTail, CardOver after the last try.
    """
    digits = "".join(sign for sign in code if sign.isdigit())
    counted = Card.objects.filter(pk=card.pk, wrong_tries__lt=TRIES).update(wrong_tries=F("wrong_tries") + 1)
    if not counted:
        raise CardOver()
    if not secrets.compare_digest(bytes(card.tail_digest), _digest("card tail", digits, tail)):
        card.refresh_from_db(fields=["wrong_tries"])
        if card.wrong_tries >= TRIES:
            raise CardOver()
        raise WrongTail(left=TRIES - card.wrong_tries)


def use(card: Card, *, areas: Sequence[str], until: datetime, at: datetime) -> Grant:
    """The card is used up; its worker may record visits in these areas until the end of the shift.

    One worker, one phone: what an earlier card opened is closed.

    Raises: CardUsed when somebody was quicker, OwnAccount.
    """
    only_by_card(card.user, at=at)
    fresh = Card.objects.filter(pk=card.pk, used_at=None, revoked_at=None, expires_at__gt=at)
    if not fresh.update(used_at=at):
        raise CardUsed()
    for earlier in (
        Card.objects.filter(user=card.user, revoked_at=None).exclude(used_at=None).exclude(pk=card.pk)
    ):
        _close(earlier, by=card.user, at=at)
    grant = Grant.objects.create(
        user=card.user,
        role=ROLE,
        area_codes=sorted(areas),
        from_at=at,
        until=until,
        granted_by=card.issued_by,
    )
    Card.objects.filter(pk=card.pk).update(grant=grant)
    for area in areas:
        audit("access.use_card", at=at, by=card.user, area=area, card=card.pk)
    return grant


def revoke(card: int, *, by: Grants, at: datetime) -> None:
    """The card opens nothing any more, and what it opened is closed at once. Raises: NotInScope, NoGrant."""
    found = one_in_scope(Card.objects.filter(pk=card))
    _close(found, by=_giver(by, found.area_codes), at=at)


def _giver(by: Grants, areas: Sequence[str]) -> User:
    """Who hands out cards for these areas. Raises: NoGrant, NotInScope."""
    by.require("responsibility.edit")
    for area in areas:
        by.require_area(area)
    if by.user is None:
        raise NoGrant()
    return by.user


def _close(card: Card, *, by: User, at: datetime) -> None:
    Card.objects.filter(pk=card.pk, revoked_at=None).update(revoked_at=at, revoked_by=by)
    if card.grant_id:
        Grant.objects.filter(Q(until=None) | Q(until__gt=at), pk=card.grant_id).update(until=at)
    if card.session_key:
        Session.objects.filter(pk=card.session_key).delete()
    for area in card.area_codes:
        audit("access.revoke_card", at=at, by=by, area=area, card=card.pk)


def _digest(*parts: str) -> bytes:
    return sealer(settings.SEALING_KEY_FILE).digest(*parts)
