"""Somebody calls a door before going there: the numbers in clear, written down before they are shown, and what to say first."""

from dataclasses import dataclass
from datetime import datetime

from shouwang.access.models import User
from shouwang.lib.identity import mask_name
from shouwang.outreach.codes import for_calls
from shouwang.register.models import Household
from shouwang.register.queries import people_of, reveal


@dataclass(frozen=True)
class Number:
    """Whose it is, and the digits by which they know that the caller is real."""

    name: str
    phone: str
    code: str


def numbers_of(home: Household, *, full_names: bool, reason: str, by: User, at: datetime) -> list[Number]:
    """The phones of everybody behind a door. Raises: NoReason."""
    found = [
        (person.name if full_names else mask_name(person.name), phone)
        for person in people_of([home.pk])[home.pk]
        if person.phones_sealed
        for phone in reveal(person, "phones", by=by, at=at, reason=reason)
    ]
    codes = for_calls([phone for _name, phone in found], by=by, area=home.area_code, at=at)
    return [Number(name, phone, codes[phone]) for name, phone in found]
