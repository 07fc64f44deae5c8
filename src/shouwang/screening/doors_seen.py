"""What was seen and tried at one door or place, for whoever stands before it next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from shouwang.duties.models import Attempt, Duty
from shouwang.duties.windows import Facts, Window, state
from shouwang.screening.models import PlaceVisit, Visit

SHOWN = 30
LEFT = ("waiting", "open", "overdue")


@dataclass(frozen=True)
class Owed:
    """A duty and what it is now."""

    duty: Duty
    state: str


def visits_of(households: Sequence[int]) -> QuerySet[Visit]:
    """What was seen at these doors, the last first, struck ones with their reason."""
    return (
        Visit.objects.filter(household_id__in=households)
        .select_related("by", "void_by")
        .order_by("-at")[:SHOWN]
    )


def looks_at(places: Sequence[int]) -> QuerySet[PlaceVisit]:
    """What these places were found to be, the last first."""
    return PlaceVisit.objects.filter(place_id__in=places).select_related("by").order_by("-at")[:SHOWN]


def attempts_of(**subjects: Sequence[int]) -> QuerySet[Attempt]:
    """What was tried in vain, the last first: `attempts_of(household=[3])`."""
    asked = {f"{name}_id__in": ids for name, ids in subjects.items()}
    return Attempt.objects.filter(**asked).select_related("by").order_by("-at")[:SHOWN]


def owed_by(now: datetime, **subjects: Sequence[int]) -> list[Owed]:
    """What was and is owed about these subjects, merged ones included; what is still to do first."""
    asked = {f"{name}_id__in": ids for name, ids in subjects.items()}
    rows = Duty.objects.filter(void_at=None, **asked).order_by("-due_at", "id")[:SHOWN]
    found = [Owed(duty, _state(duty, now)) for duty in rows]
    return sorted(found, key=lambda one: one.state not in LEFT)


def _state(duty: Duty, now: datetime) -> str:
    window = Window(duty.opens_at, duty.due_at, duty.lapses_at)
    return state(Facts(window, duty.done_at, duty.waived_at, duty.missed_at, duty.void_at), now)
