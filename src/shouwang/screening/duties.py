"""What screening asks of people.

screening.visit        Every door of the round is seen and somebody is met there. Nobody home by day: again at a meal
                       time or in the evening. A door whose people are away is waived with a reason, never ticked.
screening.place_visit  Every shop, restaurant, hotel and venue of the round is looked at: open or closed, as it must be.
"""

from django.db.models import Exists, F, OuterRef, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from shouwang.lib.kinds import Kind
from shouwang.register.models import Household, Person, Place
from shouwang.screening.models import PlaceVisit, Visit

NOTHING = Cast(Value(None), UUIDField())


def doors(area_low: str, area_high: str, only: dict[str, str]) -> QuerySet[Household]:
    """Who owes a visit: every door of the area that stands for itself, or those that match the round's filter."""
    rows = Household.objects.filter(area_code__gte=area_low, area_code__lt=area_high, kept_id=F("id"))
    if only.get("empty") == "no":
        rows = rows.filter(empty_on=None)
    at_home = Person.objects.filter(household=OuterRef("pk"), left_at=None)
    if only.get("help"):
        rows = rows.filter(Exists(at_home.filter(helps__contains=[only["help"]])))
    if only.get("category"):
        rows = rows.filter(Exists(at_home.filter(category=only["category"])))
    return rows.annotate(subject=F("id"), about=NOTHING)


def places(area_low: str, area_high: str, only: dict[str, str]) -> QuerySet[Place]:
    """Which places owe a look: all of the area, or those of a kind."""
    rows = Place.objects.filter(area_code__gte=area_low, area_code__lt=area_high, kept_id=F("id"))
    if only.get("kind"):
        rows = rows.filter(kind=only["kind"])
    return rows.annotate(subject=F("id"), about=NOTHING)


def visits() -> QuerySet[Visit]:
    """The visits that count: those not struck out."""
    return Visit.objects.filter(void_at=None).annotate(subject=F("household_id"), about=NOTHING)


def place_visits() -> QuerySet[PlaceVisit]:
    """The looks that count: those not struck out."""
    return PlaceVisit.objects.filter(void_at=None).annotate(subject=F("place_id"), about=NOTHING)


VISIT = Kind("screening.visit", "入户走访", "household", visits)
PLACE_VISIT = Kind(
    "screening.place_visit",
    "场所检查",
    "place",
    place_visits,
    answers=("property_company", "grid_lead", "cadre"),
)
WHO = {VISIT.name: doors, PLACE_VISIT.name: places}
