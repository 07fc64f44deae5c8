"""Who may be taken away, with whom, and when. Values in, values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from shouwang.lib.clock import ZONE

CHILD, DEPENDANT = "child", "dependant"


@dataclass(frozen=True)
class Member:
    """Somebody behind a door, as far as care goes. Shape: `leans` says that somebody must be there for them."""

    person: int
    name: str
    born_on: date | None
    leans: bool = False


def age(born_on: date, on: date) -> int:
    """Years completed on that day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def leans_on_somebody(member: Member, *, on: date, guardian_until_age: int | None) -> bool:
    """Whether somebody must be with this person: a child, or whoever the register knows to need it."""
    if member.leans:
        return True
    return bool(guardian_until_age and member.born_on and age(member.born_on, on) < guardian_until_age)


def taken_without_guardian(
    leaving: Sequence[Member], *, on: date, guardian_until_age: int | None
) -> list[Member]:
    """The children and dependants who would be taken with nobody of their own beside them."""
    leaning = [one for one in leaving if leans_on_somebody(one, on=on, guardian_until_age=guardian_until_age)]
    return leaning if len(leaning) == len(leaving) else []


def left_without_guardian(
    living_here: Iterable[Member], leaving: Sequence[Member], *, on: date, guardian_until_age: int | None
) -> list[Member]:
    """The children and dependants who would stay behind a door with nobody who can look after them."""
    going = {one.person for one in leaving}
    staying = [one for one in living_here if one.person not in going]
    leaning = [one for one in staying if leans_on_somebody(one, on=on, guardian_until_age=guardian_until_age)]
    return leaning if leaning and len(leaning) == len(staying) else []


def is_night(at: datetime, *, quiet_from: time | None, quiet_until: time | None) -> bool:
    """Whether nobody is to be taken at this hour without the level above."""
    if quiet_from is None or quiet_until is None:
        return False
    hour = at.astimezone(ZONE).time()
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until
