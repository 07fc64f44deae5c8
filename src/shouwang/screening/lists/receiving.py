"""A list arrives: kept as it came, read, every row matched, owed within its clock. All of it or nothing."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.models import Attempt, Duty
from shouwang.duties.plan import plan, void
from shouwang.duties.windows import Window
from shouwang.duties.writing import count_again
from shouwang.lib.codes import COMMUNITY, is_code
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import clocks_of, in_force
from shouwang.register.intake.files import FileIsGone, keep
from shouwang.register.uploads import SheetShape, Upload
from shouwang.screening.codes.actions import open_requests
from shouwang.screening.duties import LIST_ROW, RETURN
from shouwang.screening.editions.differing import Differences
from shouwang.screening.editions.knowing import newer_edition_of
from shouwang.screening.lists.models import Inquiry, ListRow, PushedList, Settlement
from shouwang.screening.lists.placing import place
from shouwang.screening.lists.reading import Written, read_list
from shouwang.screening.lists.settling import BEFORE, settle_by_earlier_answers

KIND = "list"
CODES = "codes"
RETURNED = ("pushed", CODES)
READ_AGAIN = "改了列，重新读表"
SAID = (
    "sender",
    "category",
    "source",
    "letter",
    "arrived_at",
    "hours",
    "of_its_own",
)  # what is kept beside a file that waits
Progress = Callable[[str, int, int], None]


class NotACommunity(Refusal):
    code = "screening.not_a_community"
    sentence = "请选名单发给哪个社区（或街道、区）。"


class NothingToRead(Refusal):
    code = "screening.nothing_to_read"
    sentence = "这份名单不是表格发来的，没有列可以改。"


class WorkedOn(Refusal):
    code = "screening.worked_on"
    sentence = "这份名单已经有人核实过，不能重新读表了。列记住了，下一份这样的名单就会读对。"


class NoClock(Refusal):
    code = "screening.no_clock"
    sentence = "预案里没有写名单几小时内办完。请写明小时数。"


@dataclass
class Received:
    """What became of a list on arrival.

    Shape: `outcomes` counts rows by outcome; `before` were settled already; `differs` where this is a newer edition of
    `list`, of which nothing was taken in yet.
    """

    list: PushedList
    again: bool = False
    differs: Differences | None = None
    outcomes: Counter[str] = field(default_factory=Counter)
    people: int = 0
    before: int = 0

    def as_json(self) -> dict[str, object]:
        """For a command's `--json`."""
        return {
            "id": str(self.list.pk),
            "title": self.list.title,
            "again": self.again,
            "rows": sum(self.outcomes.values()),
            **{f"rows_{name}": amount for name, amount in sorted(self.outcomes.items())},
            "people": self.people,
            "settled_before": self.before,
            **({"newer_edition": self.differs.counts()} if self.differs else {}),
        }


def receive(
    content: bytes,
    filename: str,
    *,
    area: str,
    sender: str,
    by: User | None,
    at: datetime,
    category: str = "",
    letter: str = "",
    source: str = "pushed",
    arrived_at: datetime | None = None,
    hours: float | None = None,
    file: Upload | None = None,
    of_its_own: bool = False,
    progress: Progress | None = None,
) -> Received:
    """Takes in a pushed list for a community, or for a street whose communities then own its rows.

    The very same file again is the list that is there already.

    Shape: `file` where it is kept already, as by somebody who waits for a worker to take it in; a newer edition of a
    list that is being worked on is shown (`differs`), not taken in, unless it is said to be `of_its_own`.
    Raises: the refusals of `sheets`, NobodyOnIt, NotACommunity, NoClock, DiskFull.
    Cost: 1,103 rows against 12,500 people in about three seconds.
    """
    _check_area(area)
    known = _same_file(content, area)
    if known:
        if file:
            taken(file, at, 0)
        return _again(known)
    remembered = SheetShape.known(KIND)
    read = read_list(content, filename, at=at, remembered=remembered, progress=progress)
    newer = None if of_its_own else newer_edition_of(read, area=area, sender=sender, source=source, at=at)
    if newer:
        return Received(newer[0], differs=newer[1])
    file = file or keep(content, filename, community=area, by=by, at=at, kind=KIND)
    listed = begin(
        area=area, title=read.title, sender=sender, by=by, at=at, category=category, letter=letter, source=source,
        arrived_at=arrived_at, hours=hours, layout=read.layout, file=file,
    )  # fmt: skip
    received = add_rows(listed, read.rows, by=by, at=at, progress=progress)
    taken(file, at, len(read.rows))
    audit("screening.receive_list", at=at, by=by, area=area, list=listed.pk, rows=len(read.rows))
    return received


def bring(upload: Upload, *, by: User | None, at: datetime, progress: Progress | None = None) -> Received:
    """Takes in a list that is kept already, with what was said of it when it was brought.

    A newer edition waits beside the file until somebody has seen what is different.
    Raises: as `receive`, and FileIsGone.
    """
    path = Path(settings.MEDIA_ROOT) / upload.stored
    if not path.exists():
        raise FileIsGone(file=upload.filename)
    said: dict[str, Any] = {name: value for name, value in upload.summary.items() if name in SAID and value}
    if "arrived_at" in said:
        said["arrived_at"] = datetime.fromisoformat(said["arrived_at"])
    received = receive(
        path.read_bytes(), upload.filename, area=upload.community, by=by, at=at, file=upload, progress=progress,
        **said,
    )  # fmt: skip
    if received.differs:
        upload.summary |= {"newer_of": str(received.list.pk), "differs": received.differs.counts()}
        upload.save(update_fields=["summary"])
    return received


def read_again(listed: PushedList, *, by: User | None, at: datetime) -> Received:
    """The same file with corrected columns: its rows are made anew, as long as nobody has worked on any of them.

    Raises: WorkedOn, NothingToRead, FileIsGone, and the refusals of `sheets`.
    """
    if listed.file is None:
        raise NothingToRead()
    path = Path(settings.MEDIA_ROOT) / listed.file.stored
    if not path.exists():
        raise FileIsGone(file=listed.file.filename)
    _take_out(listed, by, at)
    read = read_list(path.read_bytes(), listed.file.filename, at=at, remembered=SheetShape.known(KIND))
    listed.layout, listed.title = read.layout, read.title
    listed.save(update_fields=["layout", "title"])
    audit("screening.read_list_again", at=at, by=by, area=listed.area_code, list=listed.pk)
    return add_rows(listed, read.rows, by=by, at=at)


def _take_out(listed: PushedList, by: User | None, at: datetime) -> None:
    """The rows of a list go, and what only they were for."""
    rows = ListRow.objects.filter(list=listed)
    settled = Settlement.objects.filter(row__in=rows)
    tried = Attempt.objects.filter(kind=LIST_ROW.name, about__in=rows.values("pk"))
    worked_on = (rows.exclude(decided_at=None), settled.exclude(outcome=BEFORE), tried)
    if any(found.exists() for found in worked_on):
        raise WorkedOn()
    inquiries = list(rows.values_list("inquiry_id", flat=True).distinct())
    owed = Duty.objects.filter(kind=LIST_ROW.name, about__in=rows.values("pk"))
    void(owed, reason=READ_AGAIN, at=at, by=by)
    settled.delete()
    rows.delete()
    Inquiry.objects.filter(pk__in=inquiries, rows=None, checks=None).delete()


def begin(
    *,
    area: str,
    title: str,
    sender: str,
    by: User | None,
    at: datetime,
    arrived_at: datetime | None = None,
    hours: float | None = None,
    **values: object,
) -> PushedList:
    """A new list with its clock, still without rows; its return is owed within the same clock. Raises: NoClock."""
    _check_area(area)
    arrived = arrived_at or at
    clocks = clocks_of(area, now=at)
    of_codes = clocks.code_conversion_hours if values.get("source") == CODES else None
    limit = hours or of_codes or clocks.list_hours
    if not limit:
        raise NoClock()
    held = in_force(area, now=at)
    listed = PushedList.objects.create(
        id=uuid7(at), area_code=area, title=title, sender=sender[:80], arrived_at=arrived,
        due_at=arrived + timedelta(hours=float(limit)), received_at=at, received_by=by,
        plan=held.plan if held else None, **values,
    )  # fmt: skip
    if listed.source in RETURNED:
        owed = PushedList.objects.filter(pk=listed.pk).annotate(subject=F("area_code"), about=F("id"))
        plan(RETURN, owed, Window(listed.arrived_at, listed.due_at), at=at, batch=listed.pk)
    return listed


def add_rows(
    listed: PushedList,
    rows: Sequence[Written],
    *,
    by: User | None,
    at: datetime,
    progress: Progress | None = None,
) -> Received:
    """Finds whom these rows mean and owes them; who was asked already is not asked again."""
    placed = place(listed, rows, at=at, progress=progress)
    owed = ListRow.objects.filter(pk__in=[row.pk for row in placed], list=listed)
    who = owed.annotate(subject=F("list__area_code"), about=F("id"))
    plan(LIST_ROW, who, Window(listed.arrived_at, listed.due_at), at=at, batch=listed.pk)
    if listed.source == CODES:
        open_requests(listed, placed, at=at)
    count_again(ListRow._meta.db_table, Inquiry._meta.db_table)
    before = settle_by_earlier_answers({row.inquiry_id for row in placed}, by=by, at=at)
    return Received(
        listed,
        outcomes=Counter(row.outcome for row in placed),
        people=len({row.inquiry_id for row in placed}),
        before=before,
    )


def taken(file: Upload, at: datetime, rows: int) -> None:
    """Nobody waits for this file any longer."""
    done = Upload.objects.filter(pk=file.pk)
    done.update(finished_at=at, refused_at=None, refusal="", rows_done=rows, rows_total=rows)


def _check_area(area: str) -> None:
    if not is_code(area) or len(area) > COMMUNITY:
        raise NotACommunity()


def _same_file(content: bytes, area: str) -> PushedList | None:
    digest = hashlib.sha256(content).hexdigest()
    came = Q(file__sha256=digest) | Q(editions__before__sha256=digest)
    return PushedList.objects.filter(came, area_code=area).order_by("received_at").first()


def _again(listed: PushedList) -> Received:
    rows = listed.rows.all()
    people = rows.values("inquiry").distinct().count()
    return Received(
        listed, again=True, outcomes=Counter(rows.values_list("outcome", flat=True)), people=people
    )
