"""Who is held now, and until when: what a gate, a page and a ledger ask."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from shouwang.standing.models import Bar, Hold


def in_force(*, now: datetime) -> QuerySet[Hold]:
    """Holds that hold at this moment. One that is over needs nobody to end it."""
    return Hold.objects.filter(from_at__lte=now, until__gt=now, ended_at=None)


def held(people: Collection[int], *, now: datetime) -> dict[int, Hold]:
    """The hold of each of these people, by whoever now stands for them; of two rows that are one person the longer."""
    rows = in_force(now=now).filter(person__kept_id__in=people).select_related("person").order_by("until")
    return {row.person.kept_id or row.person_id: row for row in rows}


def held_or_barred(*, now: datetime) -> set[int]:
    """Everybody inside the scope whom something holds at home or keeps out at this moment, by whoever now stands for them."""
    barred = Bar.objects.filter(person__isnull=False, from_at__lte=now, until__gt=now, ended_at=None)
    held = in_force(now=now).values_list("person__kept_id")
    return {pk for (pk,) in held.union(barred.values_list("person__kept_id")) if pk}
