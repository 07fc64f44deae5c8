"""What was handed to a laboratory: the boxes that its log-in took in, and the tubes that came with them."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from shouwang.access.models import User
from shouwang.lib.ids import as_array
from shouwang.testing.tubes.accounts import facts_of
from shouwang.testing.tubes.models import IN, LABORATORY, RECEIVED, TOOK, Box, BoxStep, Tube, TubeStep

BOXES = """
SELECT DISTINCT took.box_id FROM testing_boxstep took JOIN testing_tubestep lay ON lay.box_id = took.box_id
WHERE took.kind = %s AND took.station = %s AND took.by_id = %s AND took.void_at IS NULL
  AND lay.void_at IS NULL AND lay.tube_id = ANY(%s::uuid[])
"""


def boxes_handed(to: User) -> QuerySet[Box]:
    """The boxes that a laboratory took in, whichever of its phones told of it, the latest first."""
    took = BoxStep.objects.filter(kind=TOOK, station=LABORATORY, void_at=None, by=to)
    return Box.objects.filter(pk__in=took.values("box")).order_by("-seen_at", "code")


def tubes_touched(to: User) -> QuerySet[Tube]:
    """The tubes that were ever in one of these boxes; some may have gone on in another."""
    laid = TubeStep.objects.filter(
        box__in=boxes_handed(to).values("pk"), kind__in=(IN, RECEIVED), void_at=None
    )
    return Tube.objects.filter(pk__in=laid.values("tube"))


def handed(tubes: Iterable[UUID], *, to: User) -> set[UUID]:
    """Those of these tubes that came to a laboratory: they lie in a box that it took in, or were counted in out of one.

    Cost: four statements, however many tubes.
    """
    wanted = set(tubes)
    with connection.cursor() as cursor:
        cursor.execute(BOXES, [TOOK, LABORATORY, to.pk, as_array(wanted)])
        boxes = [box for (box,) in cursor.fetchall()]
    accounts = [facts.account() for facts in facts_of(boxes).values()]
    return wanted & {tube for one in accounts for tube in one.contents | one.received}
