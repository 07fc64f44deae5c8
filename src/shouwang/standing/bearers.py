"""Who is to carry a pass: everybody of a building or compound, a household, somebody from outside, a vehicle."""

import re
from dataclasses import dataclass

from shouwang.lib.codes import subtree
from shouwang.register.models import Household, Person

NOT_OF_A_PLATE = re.compile(r"[\s·.•\-]+")


@dataclass(frozen=True)
class Bearer:
    """One of them. Shape: `holder` and `phone` where nobody of the register carries it; `host` is whom a visitor sees."""

    area_code: str
    person: int | None = None
    household: int | None = None
    host: int | None = None
    holder: str = ""
    phone: str = ""
    plate: str = ""

    @property
    def mark(self) -> tuple[object, ...]:
        """By what one of them is told apart from another."""
        if self.person or (self.household and not self.plate):
            return (self.person, self.household)
        return (self.plate,) if self.plate else (self.holder, self.phone[-4:])


def everybody_in(area: str) -> list[Bearer]:
    """Whoever lives in this area, door by door."""
    low, high = subtree(area)
    rows = Person.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None, kept_id__isnull=False)
    living = rows.order_by("area_code", "id").values_list("id", "kept_id", "area_code")
    return [Bearer(code, person=pk) for pk, kept, code in living if pk == kept]


def every_household_in(area: str) -> list[Bearer]:
    """Every door of this area behind which somebody lives."""
    low, high = subtree(area)
    lived_in = Person.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None).values(
        "household__kept"
    )
    rows = Household.objects.filter(area_code__gte=low, area_code__lt=high, pk__in=lived_in)
    return [
        Bearer(code, household=pk) for pk, code in rows.order_by("area_code").values_list("id", "area_code")
    ]


def plate_as_kept(typed: str) -> str:
    """A plate as it is kept and compared: without gaps and points, in capitals."""
    return NOT_OF_A_PLATE.sub("", typed).upper()[:16]
