"""A worker's way in: a phone in the roster, a card printed by the secretary, the card used."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from shouwang.register.models import Helper
    from tests.world import World

TAIL = "4821"  # the last digits of the phones that workers are given here
# Every address at the door, with what stands in it: a household, a card.
ADDRESSES: dict[str, str] = {
    "door": "",
    "door_enter": "",
    "door_enter_code": "code",
    "door_told": "",
    "door_household": "household",
    "door_call": "household",
    "door_call_lead": "household",
    "door_cards": "",
    "door_card_back": "card",
    "door_sheets": "",
    "door_sheet": "",
    "door_keying": "",
}


def door_addresses(household: int, card: int) -> list[tuple[str, list[object]]]:
    """The names of all addresses, each with its arguments."""
    known: dict[str, list[object]] = {"": [], "household": [household], "card": [card], "code": ["0" * 12]}
    return [(name, known[kind]) for name, kind in ADDRESSES.items()]


def sealed(phone: str) -> bytes:
    """A phone as the register keeps it."""
    from django.conf import settings

    from shouwang.lib.sealing import sealer

    return sealer(settings.SEALING_KEY_FILE).seal(phone)


def give_phone(street: "World", name: str, phone: str) -> None:
    """The roster knows this helper's phone."""
    from shouwang.access.scope import scope
    from tests.world import XIANGYUN

    with scope([XIANGYUN]):
        helper = street.helpers[name]
        type(helper).objects.filter(pk=helper.pk).update(phone_sealed=sealed(phone))


def card_for(secretary: "Client", helper: "Helper") -> str:
    """The code on a card that the secretary prints."""
    from django.urls import reverse

    page = secretary.post(reverse("door_cards"), {"helper": [helper.pk]}).content.decode()
    found = re.search(r'class="code">([\d ]+)<', page)
    assert found, page
    return found[1].replace(" ", "")


def come_in(code: str, tail: str) -> "Client":
    """A phone in which the card was used."""
    from django.test import Client
    from django.urls import reverse

    phone = Client()
    answer = phone.post(reverse("door_enter"), {"code": code, "tail": tail})
    assert answer["Location"] == reverse("door"), answer.content.decode()
    return phone
