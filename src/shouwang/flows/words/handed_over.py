"""What a worker ticked as handed over on a visit is counted with the notices: each visit and title once, whichever way it came in."""

from datetime import datetime, timedelta

from shouwang.lib.ids import uuid7
from shouwang.outreach.notices.models import Handed
from shouwang.screening.models import Visit

LATE = timedelta(days=3)  # a phone that was without a network for so long is still counted


def count_handed_over(*, now: datetime) -> int:
    """Takes over what is new, and strikes what belongs to a visit that was struck out. How many were new.

    Shape: called often; what was counted once is not counted again. It is booked when it is counted, so that no report
    that left meanwhile misses it: the next one has it.
    """
    rows = Visit.objects.filter(recorded_at__gt=now - LATE).exclude(handed_out=[])
    known = set(Handed.objects.filter(source__in=rows.values("pk")).values_list("source", "title"))
    fresh = [
        Handed(
            id=uuid7(now), area_code=visit.area_code, title=title[:40], by_way="door", amount=1,
            household_id=visit.household_id, source=visit.pk, at=visit.at, recorded_at=now, by_id=visit.by_id,
        )
        for visit in rows.filter(void_at=None)
        for title in dict.fromkeys(visit.handed_out)
        if (visit.pk, title[:40]) not in known
    ]  # fmt: skip
    made = Handed.objects.bulk_create(fresh, ignore_conflicts=True)
    struck = Visit.objects.filter(void_at__gt=now - LATE).values("pk")
    Handed.objects.filter(source__in=struck, void_at=None).update(void_at=now)
    return len(made)
