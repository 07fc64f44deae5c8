"""Whether a file that just came is a newer edition of a list that is being worked on."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from shouwang.lib.sealing import sealer
from shouwang.screening.editions.differing import Differences, compare
from shouwang.screening.lists.models import PushedList
from shouwang.screening.lists.placing import written_row
from shouwang.screening.lists.reading import ReadList, Written

MOST_LISTS = 20


def newer_edition_of(
    read: ReadList, *, area: str, sender: str, source: str, at: datetime
) -> tuple[PushedList, Differences] | None:
    """The list that this file corrects, while its clock runs, and what is different; None where it is another list.

    Shape: from the same sender, with the same headings or title, and at least half of the rows stand in both.
    """
    best: tuple[PushedList, Differences] | None = None
    for listed in _alike(read, area=area, sender=sender, source=source, at=at):
        found = differences(listed, read.rows)
        if found.is_the_same_list and (best is None or len(found.pairs) > len(best[1].pairs)):
            best = listed, found
    return best


def differences(listed: PushedList, rows: Sequence[Written]) -> Differences:
    """What these rows would change on the list."""
    keys = sealer(settings.SEALING_KEY_FILE)
    before = listed.rows.filter(withdrawn_at=None).order_by("number")
    return compare(before, [written_row(listed, row, keys) for row in rows])


def _alike(read: ReadList, *, area: str, sender: str, source: str, at: datetime) -> Iterable[PushedList]:
    running = PushedList.objects.filter(
        area_code=area, source=source, sender=sender, file__isnull=False, due_at__gt=at
    )
    counted = running.annotate(amount=Count("rows", filter=Q(rows__withdrawn_at=None)))
    amount, shapes = len(read.rows), _shapes(read.layout)
    of_that_size = counted.filter(amount__gte=(amount + 1) // 2, amount__lte=amount * 2)
    for listed in of_that_size.order_by("-received_at")[:MOST_LISTS]:
        if listed.title == read.title or shapes & _shapes(listed.layout):
            yield listed


def _shapes(layout: dict[str, Any]) -> set[str]:
    return {table["shape"] for table in layout.get("tables", ())}
