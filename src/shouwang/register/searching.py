"""Finding a person, a door or a place by the first letters, digits or characters that somebody types."""

from collections.abc import Iterable

from django.db import connection

from shouwang.lib.codes import community_of
from shouwang.register.bulk import add_rows

SUBJECTS = ("household_id", "person_id", "place_id")
COLUMNS = ("area_code", "community", "key", *SUBJECTS)

Keyed = tuple[int, str, list[str]]  # identity, area code, keys


def write_keys(subject: str, rows: Iterable[Keyed]) -> None:
    """Makes the search keys of these households, people or places anew.

    Shape: `subject` is household_id, person_id or place_id.
    """
    rows = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM register_searchkey WHERE {subject} = ANY(%s)", [[row[0] for row in rows]]
        )
    place = SUBJECTS.index(subject)
    add_rows("register_searchkey", COLUMNS, _lines(sorted(rows, key=lambda row: row[1]), place))


def _lines(rows: Iterable[Keyed], place: int) -> Iterable[tuple[object, ...]]:
    for identity, area_code, keys in rows:
        subjects = [None, None, None]
        subjects[place] = identity  # type: ignore[call-overload]
        for key in keys:
            yield (area_code, community_of(area_code), key, *subjects)
