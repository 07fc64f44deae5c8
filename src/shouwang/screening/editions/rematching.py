"""Rows that say something else of who is meant: matched again; whoever they mean now is asked, and nobody else."""

from collections.abc import Sequence
from datetime import datetime

from shouwang.access.models import User
from shouwang.screening.editions.differing import Pair
from shouwang.screening.lists.deciding import choose, move_duties
from shouwang.screening.lists.models import FOUND, Inquiry, ListRow, PushedList
from shouwang.screening.lists.placing import placed_rows
from shouwang.screening.lists.reading import Written
from shouwang.screening.lists.settling import NOT_OURS, settle_by_earlier_answers, strike

AT_ONCE = 2_000
FOUND_ANEW = ["area_code", "inquiry", "outcome", "why", "candidates", "elsewhere", "decided_at", "decided_by"]
SOMEBODY_ELSE = "新版名单改了，不是原来那个人"
OURS_NOW = "新版名单改了，是本辖区的人"


def look_again(
    listed: PushedList, changed: Sequence[tuple[Pair, Written]], *, by: User | None, at: datetime
) -> None:
    """Finds again whom these rows mean.

    Who is found to be the same keeps every answer; somebody unknown who was asked already stays asked when the newer
    row finds them in the register; where it is somebody else, that row's answer counts no longer.
    """
    if not changed:
        return
    fresh = placed_rows(listed, [written for _pair, written in changed], at=at)
    moved, unused = [], {pair.before.inquiry_id for pair, _written in changed}
    for (pair, _written), now in zip(changed, fresh, strict=True):
        row = pair.before
        if now.outcome == FOUND:
            strike([row], outcomes=(NOT_OURS,), reason=OURS_NOW, by=by, at=at)
        if now.inquiry_id == row.inquiry_id:
            continue
        if row.inquiry.person_id is None and _stands_alone(row):
            _unknown_until_now(row, now, by, at)
        else:
            moved.append(_taken_over(row, now))
    _move(moved, by, at)
    unused |= {row.inquiry_id for row in fresh}
    Inquiry.objects.filter(pk__in=unused, rows=None, checks=None).delete()


def _stands_alone(row: ListRow) -> bool:
    return not ListRow.objects.filter(inquiry=row.inquiry_id).exclude(pk=row.pk).exists()


def _unknown_until_now(row: ListRow, now: ListRow, by: User | None, at: datetime) -> None:
    """The inquiry goes on, with what was answered, under what the row says now."""
    ListRow.objects.filter(pk=row.pk).update(
        outcome=now.outcome, why=now.why, candidates=now.candidates, elsewhere=now.elsewhere
    )
    if now.outcome == FOUND:
        choose(row.inquiry_id, now.candidates[0]["person"], by=by, at=at, why=(now.why or [""])[0])
        return
    Inquiry.objects.filter(pk=row.inquiry_id).update(key=now.inquiry.key)


def _taken_over(row: ListRow, now: ListRow) -> ListRow:
    for name in FOUND_ANEW:
        setattr(row, name, getattr(now, name))
    return row


def _move(rows: Sequence[ListRow], by: User | None, at: datetime) -> None:
    """These rows mean somebody else from now on, who may have been asked already."""
    ListRow.objects.bulk_update(rows, FOUND_ANEW, batch_size=AT_ONCE)
    for code in {row.area_code for row in rows}:
        move_duties([row.pk for row in rows if row.area_code == code], code, at)
    strike(rows, reason=SOMEBODY_ELSE, by=by, at=at)
    settle_by_earlier_answers({row.inquiry_id for row in rows}, by=by, at=at)
