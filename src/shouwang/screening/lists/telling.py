"""What matching said of every row, with the whole numbers: for the operator's check of a list, never for a page."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings

from shouwang.lib.sealing import sealer
from shouwang.register.matching import WHY
from shouwang.register.models import Person
from shouwang.screening.lists.models import CANDIDATES, FOUND, ListRow

AT_ONCE = 2_000
Told = tuple[int, str, str, str, str, str, str]  # row, outcome, ID number, name, compound, door, why


def told_rows(list_pk: UUID) -> Iterator[Told]:
    """Each row of a list with the person taken, or the first candidate; empty where there is none."""
    rows = ListRow.objects.filter(list=list_pk, withdrawn_at=None).order_by("number")
    meant = {
        row.pk: row.candidates[0] for row in rows if row.outcome in (FOUND, CANDIDATES) and row.candidates
    }
    people = Person.objects.select_related("household").in_bulk({one["person"] for one in meant.values()})
    keys = sealer(settings.SEALING_KEY_FILE)
    for row in rows.iterator(chunk_size=AT_ONCE):
        one = meant.get(row.pk)
        person = people.get(one["person"]) if one else None
        why = "、".join(WHY.get(key, key) for key in (one["why"] if one else row.why))
        if person is None:
            yield row.number, row.outcome, "", "", "", "", why
            continue
        door, number = person.household, keys.open(person.id_sealed) if person.id_sealed else ""
        yield row.number, row.outcome, number, person.name, door.compound, door.door, why
