"""An invented town in the middle of a working day, for whoever wants to see what 守望 does."""

from collections.abc import Callable
from datetime import datetime

from shouwang.demo.accounts import ACCOUNTS, PASSWORD

__all__ = ["ACCOUNTS", "PASSWORD", "make"]


def make(say: Callable[[str], None], *, now: datetime, scale: float = 1.0) -> None:
    """Makes the demo town if it is not there yet.

    Shape: Django is set up; `scale` 1 is the whole town of 12,500 people, 0.02 a street for a quick look.
    Raises: AlreadyInUse where the data folder holds a real community.
    Cost: half a minute for the whole town, once.
    """
    from shouwang.demo.making import make_town

    make_town(say, now=now, scale=scale)
