"""What a team from door to door takes along: its stops, in their order."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from shouwang.duties.models import Attempt
from shouwang.lib.clock import ZONE, day_of, midnight
from shouwang.lib.codes import merged
from shouwang.lib.kinds import Asking, Part
from shouwang.testing.rounds.doors import AT_THE_DOOR
from shouwang.testing.rounds.models import Stop

IN_VAIN = Attempt.objects.filter(
    kind__in=AT_THE_DOOR, person__household=OuterRef("household"), recorded_at__gt=OuterRef("tour__made_at")
)
SWABBING = frozenset({"swab.record"})


def stops(asking: Asking) -> Mapping[str, Any]:
    """For phones: each stop of the tours that hold, its tour and place, when, how many people, whether it is urgent or last,
    since when it holds, and whether nobody was there since."""
    inside = Q(pk=None)
    for low, high in merged(asking.codes):
        inside |= Q(area_code__gte=low, area_code__lt=high)
    since = midnight(day_of(asking.now))
    rows = Stop.objects.filter(
        inside, tour__replaced_at=None, tour__round__ended_at=None, tour__back_at__gte=since
    )
    told = (
        rows.annotate(tried=Exists(IN_VAIN))
        .order_by("id")
        .values_list(
            "id",
            "tour_id",
            "tour__number",
            "tour__round_id",
            "place",
            "household__kept_id",
            "arrives_at",
            "people",
            "rank",
            "tour__made_at",
            "tried",
        )
    )
    return {
        str(pk): {
            "tour": str(tour), "number": number, "round": str(of_round), "place": place, "door": door,
            "at": arrives.astimezone(ZONE).isoformat(), "people": people, "rank": rank,
            "made": made.astimezone(ZONE).isoformat(), "tried": tried,
        }
        for pk, tour, number, of_round, place, door, arrives, people, rank, made, tried in told
    }  # fmt: skip


STOPS = Part("stops", stops, SWABBING)
