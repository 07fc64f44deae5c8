"""How every door of an area stands today in one kind of duty: what the picture of a building is coloured by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shouwang.duties.board import behind
from shouwang.duties.models import Attempt, Duty
from shouwang.duties.windows import Facts, Window, state
from shouwang.lib.codes import subtree
from shouwang.register.models import Household, Person

# Of several duties at one door the one shows that most needs somebody to go there.
FIRST = ("overdue", "open", "waiting", "missed", "late", "done", "waived")
NOTHING = "none"


@dataclass(frozen=True)
class Mark:
    """One door of the drawing: its labels, how it stands, how often nobody was met."""

    id: int
    area_code: str
    building: str
    unit: str
    floor: str
    room: str
    empty: bool
    lived_in: bool
    state: str = NOTHING
    tries: int = 0

    @property
    def owes(self) -> bool:
        """Whether somebody still has to go there."""
        return self.state in ("overdue", "open", "waiting")


def marks(area: str, kind: str, *, now: datetime, subject: str = "household") -> list[Mark]:
    """Every door of an area with today's state; of a kind that is owed by people (`subject`) with that of whoever lives there.

    Cost: two queries, whatever the number of doors.
    """
    standing: dict[int, tuple[int, str, int]] = {}
    for household, tries, said in _standing(area, kind, subject, now):
        rank = (FIRST.index(said), said, tries)
        standing[household] = min(standing.get(household, rank), rank)
    found = []
    for row in _doors(area):
        _, said, tries = standing.get(row.pk, (0, NOTHING, 0))
        found.append(
            Mark(
                row.pk,
                row.area_code,
                row.building,
                row.unit,
                row.floor,
                row.room,
                row.empty_on is not None,
                row.lived_in,
                said,
                tries,
            )
        )
    return found


def _doors(area: str) -> QuerySet:
    low, high = subtree(area)
    at_home = Person.objects.filter(household__kept_id=OuterRef("pk"), left_at=None)
    rows = Household.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"))
    return rows.annotate(lived_in=Exists(at_home)).defer("landlord_sealed", "note").order_by("area_code")


def _standing(area: str, kind: str, subject: str, now: datetime) -> Iterable[tuple[int, int, str]]:
    """Of each duty of today: the door that it is about, the tries since it opened, its state."""
    whose = f"{subject}_id"
    tried = Attempt.objects.filter(Q(**{whose: OuterRef(whose)}), kind=kind, at__gte=OuterRef("opens_at"))
    counted = tried.order_by().values(whose).annotate(times=Count("pk")).values("times")
    today = behind(area, "total", now=now) | behind(area, "running", now=now)
    rows: QuerySet[Duty] = today.filter(kind=kind, **{f"{subject}__isnull": False})
    door = "household__kept_id" if subject == "household" else f"{subject}__household__kept_id"
    columns = ("opens_at", "due_at", "lapses_at", "done_at", "waived_at", "missed_at")
    told = rows.annotate(stands=F(door), times=Coalesce(Subquery(counted), 0))
    for household, tries, opens, due, lapses, *facts in told.values_list("stands", "times", *columns):
        yield household, tries, state(Facts(Window(opens, due, lapses), *facts), now)
