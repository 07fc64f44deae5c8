"""The page of a pass for whoever carries it: the address in a message or read out, and the number with four digits of a phone."""

from datetime import datetime
from secrets import compare_digest

from django.conf import settings

from shouwang.access.links import token
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.sealing import sealer
from shouwang.register.models import Person
from shouwang.standing.models import Pass

PURPOSE = "pass"
PHONE_TAIL = 4


def path_of(card: Pass) -> str:
    """The address of the page of this pass."""
    return f"/p/{token(PURPOSE, card.pk, community_of(card.area_code))}/"


def own_pass(area: str, *, number: str, tail: str, now: datetime) -> Pass | None:
    """The pass with this number, for whoever also knows the last four digits of a phone of its bearer; else nothing."""
    low, high = subtree(area)
    digits = "".join(sign for sign in number if sign.isdecimal())
    row = Pass.objects.filter(area_code__gte=low, area_code__lt=high, number=digits).first()
    return row if row and is_of(row, tail) else None


def is_of(card: Pass, tail: str) -> bool:
    """Whether these are the last four digits of a phone of whoever carries this pass."""
    matches = [compare_digest(own, tail) for own in tails(card)]
    return any(matches)


def tails(card: Pass) -> set[str]:
    """The last four digits of the phones of whoever carries it: the bearer's own, or those of the household."""
    keys = sealer(settings.SEALING_KEY_FILE)
    sealed = [card.phone_sealed] if card.phone_sealed else []
    for person in _people(card):
        sealed += person.phones_sealed
    numbers = (keys.open(one) for one in sealed)
    return {number[-PHONE_TAIL:] for number in numbers if len(number) >= PHONE_TAIL}


def _people(card: Pass) -> list[Person]:
    home = card.household or (card.person.household if card.person else None)
    return list(Person.objects.filter(household__kept_id=home.kept_id, left_at=None)) if home else []
