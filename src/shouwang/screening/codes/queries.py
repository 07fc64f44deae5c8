"""Requests to have a code taken back, for the page: by step and by the place where people were."""

from django.db.models import Count, Q, QuerySet

from shouwang.screening.codes.models import ASKED, CONVERTED, REFUSED, REPORTED, STATES, VERIFIED, CodeRequest

AT = {
    ASKED: Q(ended_at=None, reported_at=None, verified_at=None),
    VERIFIED: Q(ended_at=None, reported_at=None, verified_at__isnull=False),
    REPORTED: Q(ended_at=None, reported_at__isnull=False),
    CONVERTED: Q(ended_at__isnull=False, converted=True),
    REFUSED: Q(ended_at__isnull=False, converted=False),
}


def at_state(state: str, place: str = "") -> QuerySet[CodeRequest]:
    """The requests at one step, those due first in front; of one place where that is asked."""
    rows = CodeRequest.objects.filter(AT[state])
    rows = rows.filter(place=place) if place else rows
    return rows.select_related("row__list", "row__inquiry__person__household").order_by(
        "due_at", "area_code", "id"
    )


def how_many() -> dict[str, int]:
    """How many requests stand at each step."""
    counted = {f"at_{state}": Count("pk", filter=AT[state]) for state in STATES}
    return {
        name.removeprefix("at_"): amount for name, amount in CodeRequest.objects.aggregate(**counted).items()
    }


def places_of(state: str) -> list[tuple[str, int]]:
    """Where the people of this step were, with how many."""
    rows = CodeRequest.objects.filter(AT[state]).exclude(place="").order_by().values("place")
    return list(rows.annotate(amount=Count("pk")).order_by("-amount", "place").values_list("place", "amount"))
