"""A phone is given to those who work with it: the code that lets it in, for the areas that they answer for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shouwang.access.scope import Grants
from shouwang.devices.enrolling import ON_A_CARD, ON_SCREEN, issue
from shouwang.flows.personal_cards import TAIL_DIGITS, NoDoors, NoPhone, account_of, areas_of
from shouwang.lib.errors import NotInScope
from shouwang.lib.sealing import sealer
from shouwang.register.answering import Helper


@dataclass(frozen=True)
class PhoneCode:
    """A code as it is shown or printed; it is nowhere else."""

    code: str
    helpers: tuple[Helper, ...]
    area_codes: tuple[str, ...]
    expires_at: datetime
    on_a_card: bool


def code_for_phone(
    helpers: Sequence[int],
    *,
    role: str,
    on_a_card: bool,
    by: Grants,
    at: datetime,
    label: str = "",
    area: str = "",
) -> PhoneCode:
    """A code for one phone that these helpers share; on a card it also asks for the first one's last four digits.

    Shape: without `area` for the doors that they answer for; who works at a point, a gate or the hub answers for none.

    Raises: NotInScope, NoDoors, NoPhone, MoreThanOwn.
    """
    rows = list(
        Helper.objects.filter(pk__in=helpers, left_at=None).select_related("user").order_by("name", "id")
    )
    if not rows or len(rows) != len(set(helpers)):
        raise NotInScope()
    users = [account_of(helper, by=by, at=at) for helper in rows]
    own = {code for user in users for code in areas_of(user, within=by.codes, now=at)}
    areas = [by.require_area(area)] if area else sorted(own)
    if not areas:
        raise NoDoors(name="、".join(helper.name for helper in rows))
    tail = _tail(rows[0]) if on_a_card else ""
    code = issue(users, role=role, areas=areas, by=by, at=at, tail=tail, label=label)
    until = at + (ON_A_CARD if on_a_card else ON_SCREEN)
    return PhoneCode(code, tuple(rows), tuple(areas), until, on_a_card)


def _tail(helper: Helper) -> str:
    phone = sealer(settings.SEALING_KEY_FILE).open(helper.phone_sealed)
    if len(phone) < TAIL_DIGITS:
        raise NoPhone(name=helper.name)
    return phone[-TAIL_DIGITS:]
