"""Ages as days of birth. Pure: days in, days out."""

from datetime import date

USUAL_DOSES = 3
BANDS = ((0, 3), (3, 12), (12, 18), (18, 60), (60, 80), (80, None))


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; who was born on a 29 February is a year older on the 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def born_between(day: date, from_age: int, until_age: int | None) -> tuple[date | None, date]:
    """Who has this age on a day was born after the first and on or before the second."""
    return (years_before(day, until_age) if until_age is not None else None), years_before(day, from_age)
