"""Where somebody was and with whom, as a plain value: every module that knows something of it offers a function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Traced:
    """Whose days are looked at, behind which door: from the first day to the last one, both included."""

    person: int
    household: int
    door: str
    from_on: date
    last_on: date


@dataclass(frozen=True)
class Trace:
    """One thing that is known of a day.

    Shape: `source` says where from (household, list, visit, said, gate, queue); `person` is who was there too, in the
    register, `name` what they are called; `how` in words. `near` is somebody who only stood before or behind in a
    queue or at a gate, forgotten after the days that the plan says. No name: only where the person was.
    """

    source: str
    on: date
    place: str
    how: str = ""
    from_at: datetime | None = None
    until: datetime | None = None
    person: int | None = None
    name: str = ""
    near: bool = False


Tracer = Callable[[Traced], Iterable[Trace]]
