"""Who was in the same tube as somebody, and who stood before and behind them: for case investigation, forgotten after the plan's days."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from shouwang.lib.clock import day_of, midnight
from shouwang.lib.traces import Trace, Traced, Tracer
from shouwang.testing.tubes.models import Swab

# So many before and behind, and nobody who came so much earlier or later.
BESIDE, LONGEST = 3, timedelta(minutes=5)


def who_was_swabbed_beside(traced: Traced) -> Iterator[Trace]:
    """Those who went into the same tube, and those who were swabbed at the same point right before and right after.

    Cost: one question for whoever was never swabbed, else three.
    """
    own = list(_own(traced))
    if not own:
        return
    by_tube = {one.tube_id: one for one in own}
    mates = Swab.objects.filter(tube__in=by_tube, void_at=None).exclude(person=traced.person)
    for mate in mates.select_related("person").order_by("at", "id"):
        mine = by_tube[mate.tube_id]
        yield _trace(mine, mate, f"同管 {mine.tube.code}")
    around = list(_around(own, traced))
    for one in own:
        near = [other for other in around if other.point_id == one.point_id and other.tube_id != one.tube_id]
        before = [other for other in near if one.at - LONGEST <= other.at <= one.at][-BESIDE:]
        behind = [other for other in near if one.at < other.at <= one.at + LONGEST][:BESIDE]
        yield from (_trace(one, other, "排在前面") for other in reversed(before))
        yield from (_trace(one, other, "排在后面") for other in behind)


def _own(traced: Traced) -> QuerySet[Swab]:
    since, until = _bounds(traced)
    rows = Swab.objects.filter(person__kept_id=traced.person, void_at=None, at__gte=since, at__lt=until)
    return rows.select_related("tube", "point").order_by("at")


def _around(own: Sequence[Swab], traced: Traced) -> QuerySet[Swab]:
    """Swabs at the same points within these minutes."""
    near = Swab.objects.filter(
        pk__in=[one.pk for one in own], point=OuterRef("point"), at__gte=OuterRef("at") - LONGEST,
        at__lte=OuterRef("at") + LONGEST,
    )  # fmt: skip
    since, until = _bounds(traced)
    rows = Swab.objects.filter(
        Exists(near), void_at=None, point__isnull=False, at__gte=since - LONGEST, at__lt=until + LONGEST
    ).exclude(person=traced.person)
    return rows.select_related("person").order_by("at", "id")


def _trace(own: Swab, other: Swab, how: str) -> Trace:
    name = other.person.name if other.person else other.name
    kept = other.person.kept_id if other.person else None
    place = own.point.name if own.point else ""
    return Trace("queue", day_of(own.at), place, how, own.at, other.at, person=kept, name=name, near=True)


def _bounds(traced: Traced) -> tuple[datetime, datetime]:
    return midnight(traced.from_on), midnight(traced.last_on + timedelta(days=1))


TRACERS: tuple[Tracer, ...] = (who_was_swabbed_beside,)
