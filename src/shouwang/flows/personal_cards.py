"""A helper works without a password: a printed card in the morning, a shift in the own doors, nothing after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from shouwang.access import cards
from shouwang.access.actions import add_user
from shouwang.access.models import Card, User
from shouwang.access.scope import Grants
from shouwang.lib.clock import day_end
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.sealing import sealer
from shouwang.register.answering import Helper, Responsibility
from shouwang.register.enrolment import link_account

AFTER_MIDNIGHT = timedelta(hours=2)  # the last doors of an evening are written down after midnight
LONGEST_SHIFT = timedelta(hours=24)
TAIL_DIGITS = 4


class NoPhone(Refusal):
    code = "flows.helper_without_phone"
    sentence = "{name}没有登记手机号，打不了名片。请先在防控力量里补上。"


class NoDoors(Refusal):
    code = "flows.no_doors"
    sentence = "{name}现在没有负责的地方。请先安排包保，再打名片。"


@dataclass(frozen=True)
class Printed:
    """One card as it is printed: the code is nowhere else."""

    helper: Helper
    code: str
    area_codes: list[str]
    expires_at: datetime


def print_cards(helpers: Sequence[int], *, by: Grants, at: datetime) -> list[Printed]:
    """A card for each of these helpers, for the areas that they answer for now.

    Raises: NotInScope, NoPhone, NoDoors, OwnAccount.
    """
    rows = list(Helper.objects.filter(pk__in=helpers, left_at=None).order_by("name", "id"))
    if len(rows) != len(set(helpers)):
        raise NotInScope()
    return [_print(helper, by=by, at=at) for helper in rows]


def areas_of(user: User, *, within: Sequence[str], now: datetime, since: datetime | None = None) -> list[str]:
    """What this worker answers for now, as far as it lies inside these areas.

    Shape: with `since` also what they answered for after that moment: their phone may still have something to send.
    """
    own_ones = Responsibility.objects.filter(helper__user=user)
    ended = own_ones.filter(until__gt=since, from_at__lte=now) if since else own_ones.none()
    held = (own_ones.in_force(now) | ended).values_list("area_code", flat=True)
    own = {code for code in held if any(code.startswith(area) for area in within)}
    return sorted(code for code in own if not any(code != other and code.startswith(other) for other in own))


def begin_shift(card: Card, *, at: datetime) -> datetime:
    """The card is used up; what it opens ends with the shift: when that is. Raises: NoDoors, CardUsed, OwnAccount."""
    areas = areas_of(card.user, within=card.area_codes, now=at)
    if not areas:
        raise NoDoors(name=card.user.name)
    until = min(day_end(at) + AFTER_MIDNIGHT, at + LONGEST_SHIFT)
    cards.use(card, areas=areas, until=until, at=at)
    return until


def _print(helper: Helper, *, by: Grants, at: datetime) -> Printed:
    phone = sealer(settings.SEALING_KEY_FILE).open(helper.phone_sealed)
    if len(phone) < TAIL_DIGITS:
        raise NoPhone(name=helper.name)
    user = account_of(helper, by=by, at=at)
    areas = areas_of(user, within=by.codes, now=at)
    if not areas:
        raise NoDoors(name=helper.name)
    code = cards.issue(user, tail=phone[-TAIL_DIGITS:], areas=areas, by=by, at=at)
    return Printed(helper, code, areas, at + cards.VALID)


def account_of(helper: Helper, *, by: Grants, at: datetime) -> User:
    """A helper's account; where there is none yet one without a password."""
    if helper.user:
        return helper.user
    user = add_user(f"renyuan{helper.pk}", name=helper.name, password=None, at=at)
    link_account(helper.pk, user, by=by.user, at=at)
    return user
