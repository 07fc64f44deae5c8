"""A row is settled by an answer or by belonging elsewhere; one answer settles every list that somebody is on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shouwang.access.models import User
from shouwang.duties.discharge import settle_about
from shouwang.duties.plan import communities_of
from shouwang.lib.ids import uuid7
from shouwang.screening.duties import LIST_ROW
from shouwang.screening.lists.models import Check, ListRow, Settlement
from shouwang.screening.lists.rules import answered_before

COUNTS = Q(void_at=None) & (Q(check_made=None) | Q(check_made__void_at=None))
ASKED, BEFORE, NOT_OURS, WITHDRAWN = "asked", "asked_before", "not_ours", "withdrawn"


def unsettled(rows: QuerySet[ListRow]) -> QuerySet[ListRow]:
    """Those of the rows that nothing settled that still counts."""
    return rows.filter(~Exists(Settlement.objects.filter(COUNTS, row=OuterRef("pk"))))


def settle_rows(
    rows: Iterable[ListRow],
    *,
    outcome: str,
    happened_at: datetime,
    by: User | None,
    at: datetime,
    check: Check | None = None,
    reason: str = "",
    to_area: str = "",
    to_whom: str = "",
) -> list[Settlement]:
    """Writes down what settled these rows and lets the engine look again."""
    made = [
        Settlement(
            id=uuid7(at), area_code=row.area_code, at=max(happened_at, row.list.arrived_at), recorded_at=at, by=by,
            row=row, check_made=check, outcome=outcome, reason=reason[:160], to_area=to_area, to_whom=to_whom[:80],
        )
        for row in rows
    ]  # fmt: skip
    Settlement.objects.bulk_create(made)
    settle_again([line.row for line in made], at=at)
    return made


def strike(
    rows: Iterable[ListRow],
    *,
    reason: str,
    by: User | None,
    at: datetime,
    outcomes: Collection[str] = (ASKED, BEFORE, NOT_OURS),
) -> None:
    """What settled these rows in one of these ways counts no longer; they are owed again."""
    several = list(rows)
    settled = Settlement.objects.filter(row__in=several, outcome__in=outcomes, void_at=None)
    if settled.update(void_at=at, void_by=by, void_reason=reason[:100]):
        settle_again(several, at=at)


def settle_again(rows: Sequence[ListRow], *, at: datetime) -> None:
    """Applies the definition of done to the duties about these rows."""
    if rows:
        codes = {row.list.area_code for row in rows} | {row.area_code for row in rows}
        abouts = [row.pk for row in rows]
        settle_about(LIST_ROW, abouts, communities=sorted(communities_of(codes)), at=at)


def settle_by_earlier_answers(inquiries: Collection[UUID], *, by: User | None, at: datetime) -> int:
    """Rows of people who were asked already, after what the row speaks of: settled without another call. How many."""
    checks: defaultdict[UUID, list[Check]] = defaultdict(list)
    for check in Check.objects.filter(inquiry__in=inquiries, void_at=None).order_by("-at"):
        checks[check.inquiry_id].append(check)
    if not checks:
        return 0
    waiting = unsettled(ListRow.objects.filter(inquiry__in=list(checks))).select_related("list")
    by_check: defaultdict[UUID, list[ListRow]] = defaultdict(list)
    for row in waiting:
        answer = next((check for check in checks[row.inquiry_id] if _answers(check, row)), None)
        if answer:
            by_check[answer.pk].append(row)
    known = {check.pk: check for several in checks.values() for check in several}
    for pk, rows in by_check.items():
        settle_rows(rows, outcome=BEFORE, happened_at=known[pk].at, by=by, at=at, check=known[pk])
    return sum(map(len, by_check.values()))


def _answers(check: Check, row: ListRow) -> bool:
    hours = (row.list.due_at - row.list.arrived_at).total_seconds() / 3600
    return answered_before(check.at, happened_on=row.happened_on, arrived_at=row.list.arrived_at, hours=hours)
