"""A newer edition taken in: what stayed keeps its answers, what changed is looked at again, what is gone is withdrawn."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import F

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.plan import lock, plan
from shouwang.duties.windows import Window
from shouwang.lib.ids import uuid7
from shouwang.register.intake.files import FileIsGone
from shouwang.register.uploads import SheetShape, Upload
from shouwang.screening.codes.actions import read_requests_again, withdraw_requests
from shouwang.screening.duties import RETURN
from shouwang.screening.editions.differing import CELLS, Differences
from shouwang.screening.editions.knowing import differences
from shouwang.screening.editions.models import ListEdition
from shouwang.screening.editions.rematching import look_again
from shouwang.screening.lists.models import ListRow, PushedList
from shouwang.screening.lists.reading import ReadList, read_list
from shouwang.screening.lists.receiving import CODES, KIND, RETURNED, add_rows, taken
from shouwang.screening.lists.settling import (
    BEFORE,
    WITHDRAWN,
    settle_by_earlier_answers,
    settle_rows,
    strike,
    unsettled,
)

AT_ONCE = 2_000
GONE = "发来的单位在新版名单里去掉了这一行"
LATER = "新版名单改了日期"
TAKEN_OVER = [
    *dict.fromkeys(name for pair in CELLS.values() for name in pair),
    "id_digest", "phones_sealed", "happened_on", "extra", "doubts",
]  # fmt: skip


def read_newer(upload: Upload, *, at: datetime) -> ReadList:
    """The rows of a file that waits to take another's place. Raises: FileIsGone, and the refusals of reading."""
    path = Path(settings.MEDIA_ROOT) / upload.stored
    if not path.exists():
        raise FileIsGone(file=upload.filename)
    return read_list(path.read_bytes(), upload.filename, at=at, remembered=SheetShape.known(KIND))


def take_newer(listed: PushedList, upload: Upload, *, by: User | None, at: datetime) -> ListEdition:
    """The list is what this file says from now on, within the clock that it had; nobody is asked twice for it.

    Raises: as `read_newer`.
    Cost: reading and comparing; only rows that are new or may mean somebody else are matched.
    """
    lock([listed.area_code])
    read = read_newer(upload, at=at)
    found, before = differences(listed, read.rows), listed.file
    assert before is not None  # a list without a file has no editions
    _number_anew(listed, found)
    _take_over(found, by, at)
    written = {row.number: row for row in read.rows}
    look_again(
        listed,
        [(pair, written[pair.after.number]) for pair in found.changed if pair.finds_otherwise],
        by=by,
        at=at,
    )
    _withdraw(listed, found.gone, by, at)
    listed.file, listed.layout = upload, read.layout
    listed.save(update_fields=["file", "layout"])
    if found.added:
        add_rows(listed, [written[row.number] for row in found.added], by=by, at=at)
    _owe_the_return_again(listed, at)
    taken(upload, at, len(read.rows))
    return _remembered(listed, upload, before, found, by, at)


def _number_anew(listed: PushedList, found: Differences) -> None:
    """Rows stand where the newer file has them; those that are gone follow behind, and stand in no file."""
    listed.rows.update(number=-F("number"))
    for pair in found.pairs:
        pair.before.number, pair.before.sheet, pair.before.line = (
            pair.after.number,
            pair.after.sheet,
            pair.after.line,
        )
    last = len(found.pairs) + len(found.added)
    behind = [*found.gone, *listed.rows.exclude(withdrawn_at=None).order_by("-number")]
    for count, row in enumerate(behind, start=last + 1):
        row.number, row.sheet, row.line = count, "", 0
    rows = [*(pair.before for pair in found.pairs), *behind]
    ListRow.objects.bulk_update(rows, ["number", "sheet", "line"], batch_size=AT_ONCE)


def _take_over(found: Differences, by: User | None, at: datetime) -> None:
    """What changed is written as the sender has it now; an answer from before a later day counts no longer."""
    later = []
    for pair in found.changed:
        if pair.after.happened_on != pair.before.happened_on:
            later.append(pair.before)
        for name in TAKEN_OVER:
            setattr(pair.before, name, getattr(pair.after, name))
    rows = [pair.before for pair in found.changed]
    ListRow.objects.bulk_update(rows, TAKEN_OVER, batch_size=AT_ONCE)
    strike(later, outcomes=(BEFORE,), reason=LATER, by=by, at=at)
    settle_by_earlier_answers({row.inquiry_id for row in later}, by=by, at=at)
    read_requests_again(rows, at=at)


def _withdraw(listed: PushedList, gone: Sequence[ListRow], by: User | None, at: datetime) -> None:
    """Nobody is asked for a row that the sender took off; what was answered already stays answered."""
    of_them = ListRow.objects.filter(pk__in=[row.pk for row in gone])
    of_them.update(withdrawn_at=at)
    waiting = list(unsettled(of_them).select_related("list"))
    settle_rows(waiting, outcome=WITHDRAWN, happened_at=at, by=by, at=at, reason=GONE)
    if listed.source == CODES:
        withdraw_requests(gone, reason=GONE, by=by, at=at)


def _owe_the_return_again(listed: PushedList, at: datetime) -> None:
    """What went back before was the older edition."""
    if listed.source in RETURNED and listed.returns.filter(void_at=None).exists():
        owed = PushedList.objects.filter(pk=listed.pk).annotate(subject=F("area_code"), about=F("id"))
        plan(RETURN, owed, Window(at, listed.due_at), at=at, batch=listed.pk)


def _remembered(
    listed: PushedList, file: Upload, before: Upload, found: Differences, by: User | None, at: datetime
) -> ListEdition:
    counts = found.counts()
    audit("screening.take_newer_list", at=at, by=by, area=listed.area_code, list=listed.pk, rows=counts)
    return ListEdition.objects.create(
        id=uuid7(at),
        area_code=listed.area_code,
        list=listed,
        file=file,
        before=before,
        at=at,
        by=by,
        **counts,
    )
