"""What pages show of a drive: whom to call, what was said, how many of which age have how many doses."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from shouwang.duties.models import Duty
from shouwang.lib.codes import subtree
from shouwang.register.models import Person
from shouwang.vaccination.duties import CALL
from shouwang.vaccination.models import Drive, Said
from shouwang.vaccination.rules import BANDS, born_between


@dataclass(frozen=True)
class Cover:
    """How many of an age live here, how many have enough doses, of how many nobody knows."""

    from_age: int
    until_age: int | None
    people: int
    enough: int
    unknown: int

    @property
    def share(self) -> int:
        """Percent with enough doses, rounded down: never more than is true."""
        return self.enough * 100 // self.people if self.people else 0


def drives(area: str) -> QuerySet[Drive]:
    """The drives of an area: open ones first, then the latest."""
    low, high = subtree(area)
    return Drive.objects.filter(area_code__gte=low, area_code__lt=high).order_by(
        F("ended_at").asc(nulls_first=True), "-opened_at"
    )


def still_to_call(drive: Drive, area: str, *, now: datetime) -> QuerySet[Person]:
    """Whoever is owed a call, door by door."""
    low, high = subtree(area)
    owed = Duty.objects.filter(
        kind=CALL.name, about=drive.pk, fact="owed", area_code__gte=low, area_code__lt=high
    )
    return (
        Person.objects.filter(pk__in=owed.values("person_id"))
        .select_related("household")
        .order_by("area_code", "pk")
    )


def said(drive: Drive, area: str) -> list[tuple[str, int]]:
    """How many said what, the last word of each."""
    low, high = subtree(area)
    rows = Said.objects.filter(drive=drive, void_at=None, area_code__gte=low, area_code__lt=high)
    last = rows.filter(person=OuterRef("person")).order_by("-at", "-id").values("id")[:1]
    counted = rows.filter(id=Subquery(last)).order_by().values("says").annotate(n=Count("pk"))
    return [(one["says"], one["n"]) for one in counted]


@dataclass(frozen=True)
class Behind:
    """Of one door: how many of the age live there, how many have enough doses, of how many nobody knows."""

    people: int
    enough: int
    unknown: int


def by_door(area: str, doses: int, ages: tuple[int, int | None], *, day: date) -> dict[int, Behind]:
    """The doors behind which somebody of this age lives. Cost: one query."""
    low, high = subtree(area)
    after, until = born_between(day, *ages)
    rows = Person.objects.filter(
        area_code__gte=low, area_code__lt=high, kept_id=F("id"), left_at=None, born_on__lte=until
    )
    found = (rows.filter(born_on__gt=after) if after else rows).order_by().values("household__kept_id")
    counted = found.annotate(
        people=Count("pk"), enough=Count("pk", filter=Q(vaccine_doses__gte=doses)),
        unknown=Count("pk", filter=Q(vaccine_doses=None)),
    )  # fmt: skip
    return {
        home: Behind(row["people"], row["enough"], row["unknown"])
        for row in counted
        if (home := row["household__kept_id"])
    }


def coverage(area: str, doses: int, *, day: date) -> list[Cover]:
    """By age, of everybody who lives here. Cost: one query."""
    low, high = subtree(area)
    rows = Person.objects.filter(area_code__gte=low, area_code__lt=high, kept_id=F("id"), left_at=None)
    sums: dict[str, Count] = {}
    for number, band in enumerate(BANDS):
        after, until = born_between(day, *band)
        inside = Q(born_on__lte=until) & (Q(born_on__gt=after) if after else Q())
        sums[f"all{number}"] = Count("pk", filter=inside)
        sums[f"enough{number}"] = Count("pk", filter=inside & Q(vaccine_doses__gte=doses))
        sums[f"unknown{number}"] = Count("pk", filter=inside & Q(vaccine_doses=None))
    found = rows.aggregate(**sums)
    return [
        Cover(*band, found[f"all{n}"], found[f"enough{n}"], found[f"unknown{n}"])
        for n, band in enumerate(BANDS)
    ]
