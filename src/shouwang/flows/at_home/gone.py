"""Somebody who is kept at home dies, or is said to have moved out: an order never stays behind with nobody, and never vanishes.

Who died is let go at once, without a message or a call. Who is held cannot be written down as moved out: a transfer or a
decision comes first, so that nobody is lost between two doors.
"""

from datetime import datetime

from shouwang.access.models import User
from shouwang.isolation.caring import release
from shouwang.isolation.ordering import withdraw
from shouwang.isolation.overview import held, waiting
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.register.editing import leave
from shouwang.register.models import Person
from shouwang.standing.cards import carried_by
from shouwang.standing.passes import MOVED, end, end_of_empty

DIED = "died"
WHY = "本人去世"


class StillHeld(Refusal):
    code = "flows.still_held"
    sentence = "{name}还在隔离（到 {until}），不能直接记为搬走。请先解除，或办转运、改住址；人已经不在家的，请马上联系本人。"


def leave_home(person: int, *, reason: str, by: User, at: datetime) -> None:
    """Somebody moved out or died, whatever order there is. Raises: StillHeld, and as `leave`."""
    runs = list(held(at).filter(person__kept=person).select_related("person"))
    if runs and reason != DIED:
        raise StillHeld(name=runs[0].person.name, until=f"{runs[0].until.astimezone(ZONE):%m月%d日 %H:%M}")
    asked = list(waiting(at).filter(person__kept=person).values_list("pk", flat=True))
    leave(person, reason=reason, by=by, at=at)
    row = Person.objects.get(pk=person)
    end(carried_by([row.kept_id or person], ()), why=WHY if reason == DIED else MOVED, by=by, at=at)
    end_of_empty([row.household_id], by=by, at=at)
    for order in asked:
        withdraw(order, reason=WHY if reason == DIED else MOVED, by=by, at=at)
    if runs:
        release([row.pk for row in runs], by=by, at=at, reason=WHY)
