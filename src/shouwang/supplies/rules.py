"""How many, for how long, which lot first. Values in, values out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shouwang.lib.errors import Refusal
from shouwang.plans.form.fieldwork import Supply

TYPED = re.compile(r"([0-9]{1,7})\s*(\D{0,8})")


class UnknownUnit(Refusal):
    code = "supplies.unknown_unit"
    sentence = "“{typed}”看不懂。{item}请按{units}写，例如 30{unit}。数不清的，写在“别的”里。"


@dataclass(frozen=True)
class Units:
    """In which units an item may be told: its own, and a pack of several. Shape: every way to write each, first as it is shown."""

    item: str
    unit: tuple[str, ...]
    pack: tuple[str, ...] = ()
    in_pack: int = 0


@dataclass(frozen=True)
class Shelf:
    """What lies of one lot. Shape: `expires_on` is the last good day."""

    lot: object
    quantity: int
    expires_on: date | None = None


def read_quantity(typed: str, units: Units) -> int:
    """30, 30瓶, 3箱 in the item's own unit. Raises: UnknownUnit where it is no number or another unit."""
    found = TYPED.fullmatch(typed.strip().translate(str.maketrans("０１２３４５６７８９", "0123456789")))
    sizes = {word.lower(): units.in_pack for word in units.pack} | {word.lower(): 1 for word in units.unit}
    size = found and {"": 1, **sizes}.get(found[2].strip().lower())
    if not found or not size or not int(found[1]):
        known = "、".join((units.unit[0], *units.pack[:1]))
        raise UnknownUnit(typed=typed[:20], item=units.item, units=known, unit=units.unit[0])
    return int(found[1]) * size


def expired(expires_on: date | None, today: date) -> bool:
    """Whether its last good day is over."""
    return expires_on is not None and expires_on < today


def pick(shelves: Sequence[Shelf], wanted: int, *, today: date) -> list[tuple[Shelf, int]]:
    """From which lots so many are taken: what expires first, first; never what has expired. Fewer where there are fewer."""
    good = [one for one in shelves if not expired(one.expires_on, today) and one.quantity > 0]
    taken = []
    for one in sorted(good, key=lambda shelf: shelf.expires_on or date.max):
        amount = min(one.quantity, wanted)
        if amount:
            taken.append((one, amount))
            wanted -= amount
    return taken


def days_left(good: int, used_in_a_day: int) -> int | None:
    """For how many whole days it lasts at today's use; unknown where none was used."""
    return good // used_in_a_day if used_in_a_day > 0 else None


def runs_short(good: int, days: int | None, *, minimum: int | None, alarm_below_days: int | None) -> bool:
    """Whether more must be asked for: below the minimum, or for fewer days than the plan's alarm."""
    below = minimum is not None and good < minimum
    return below or (alarm_below_days is not None and days is not None and days < alarm_below_days)


def owed_by_norm(norm: Supply, heads: int) -> int:
    """What a post gets in a day by the plan's norm: each worker so many, or the post so many. None where it is not set."""
    if not norm.quantity or norm.per not in ("worker", "point"):
        return 0
    return norm.quantity * (heads if norm.per == "worker" else 1)
