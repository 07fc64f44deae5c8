"""The results of one person's own tests, in their order, as decisions about this person may use them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, Subquery

from shouwang.testing.results.models import NEGATIVE, POSITIVE, Result
from shouwang.testing.tubes.models import Swab

PENDING = "pending"


def own_positives(results: Sequence[UUID]) -> list[tuple[Swab, Result]]:
    """Who is positive by these results: the own swab, alone in its tube, and what was said of it. Cost: two queries."""
    rows = Result.objects.filter(pk__in=results, outcome=POSITIVE, held="", void_at=None, tube__capacity=1)
    said = {row.tube_id: row for row in rows}
    swabs = Swab.objects.filter(tube__in=said, void_at=None, person__isnull=False).order_by("at", "id")
    return [(swab, said[swab.tube_id]) for swab in swabs.select_related("person__kept__household")]


def outcomes_of(people: Sequence[int], *, since: datetime, now: datetime) -> defaultdict[int, list[str]]:
    """Negative, positive or pending, test by test, by the person that now stands for each row.

    Shape: a positive tube of several people says nothing of any of them yet: pending, until each is swabbed alone.
    Cost: one query.
    """
    said = Result.objects.filter(tube=OuterRef("tube"), held="", void_at=None).order_by("-received_at")
    swabs = Swab.objects.filter(person__kept__in=people, void_at=None, at__gte=since, at__lte=now)
    rows = swabs.annotate(outcome=Subquery(said.values("outcome")[:1])).order_by("at", "id")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for person, outcome, alone in rows.values_list("person__kept", "outcome", F("tube__capacity")):
        known = outcome == NEGATIVE or (outcome == POSITIVE and alone == 1)
        found[person].append(outcome if known else PENDING)
    return found
