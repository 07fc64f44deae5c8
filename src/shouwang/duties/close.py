"""The account of a day (日清日结): it balances by construction and never refuses.

Every change of a duty stands in the books. For each duty, what it was when the day began and what it is when the day
ends says in which column it stands; a pair that is equal on both sides needs no column. Hence

    carried in + opened + moved in + corrected = done + late + waived + missed + void + moved out + carried out
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from shouwang.access.models import User
from shouwang.duties.models import Account, Carried, DayClose, Duty
from shouwang.duties.plan import lock
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.lib.errors import Refusal

OUT = ("done", "late", "waived", "missed", "void")
UNTOLD = "untold"

LINES = """
WITH changed AS (     -- what each duty was at its first change of the day, and became at its last
  SELECT DISTINCT duty, kind, planned_at,
         first_value(was) OVER first_to_last AS was, last_value(became) OVER first_to_last AS became
  FROM duties_entry WHERE community = %(community)s AND booked_at >= %(since)s AND booked_at < %(until)s
  WINDOW first_to_last AS (PARTITION BY duty ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), later AS (         -- what changed only after the day had ended
  SELECT DISTINCT ON (duty) duty, kind, planned_at, was FROM duties_entry
  WHERE community = %(community)s AND booked_at >= %(until)s ORDER BY duty, id
), planned AS (       -- what was planned that day, and did not change in it
  SELECT id AS duty, kind FROM duties_duty WHERE area_code >= %(low)s AND area_code < %(high)s
    AND booked_at >= %(since)s AND booked_at < %(until)s
    AND id NOT IN (SELECT duty FROM changed) AND id NOT IN (SELECT duty FROM later)
  UNION ALL SELECT duty, kind FROM later WHERE planned_at >= %(since)s AND planned_at < %(until)s
    AND was <> 'elsewhere' AND duty NOT IN (SELECT duty FROM changed)
), lines AS (
  SELECT duty, kind, became,
         CASE WHEN was <> 'elsewhere' AND planned_at >= %(since)s THEN 'absent' ELSE was END AS was
  FROM changed
  UNION ALL SELECT duty, kind, 'owed', 'absent' FROM planned
)
"""
CHANGES = (
    LINES + "SELECT kind, was, became, count(*) FROM lines WHERE was <> became GROUP BY kind, was, became"
)

# Owed when the day ended: owed now and not changed since, or changed since from owed.
OWED_AT = """
WITH later AS (
  SELECT DISTINCT ON (duty) duty, was FROM duties_entry
  WHERE community = %(community)s AND booked_at >= %(until)s AND planned_at < %(until)s ORDER BY duty, id
)
SELECT id FROM duties_duty WHERE area_code >= %(low)s AND area_code < %(high)s AND fact = 'owed'
  AND booked_at < %(until)s AND id NOT IN (SELECT duty FROM later)
UNION ALL SELECT duty FROM later WHERE was = 'owed'
"""


class AlreadyClosed(Refusal):
    code = "duties.already_closed"
    sentence = "{day} 已经结账（{at:%H:%M}）。已封的账不改，后来的变化记在今天的“更正”里。"


class NotYet(Refusal):
    code = "duties.not_yet"
    sentence = "{day} 还没到，不能提前结账。"


@dataclass(frozen=True)
class Proposal:
    """Why a duty is carried, when somebody comes again, and who answers."""

    duty: int
    area_code: str
    reason: str
    word: str = ""
    next_try_at: datetime | None = None
    owner: int | None = None


Propose = Callable[[list[Duty], datetime], list[Proposal]]


def boundaries(last: DayClose | None, day: date, *, now: datetime) -> tuple[datetime | None, datetime]:
    """From when to when the books of this day go: from the last close to midnight, or to now if it is still today.

    Raises: AlreadyClosed, NotYet.
    """
    if day > day_of(now):
        raise NotYet(day=day)
    if last and last.day >= day:
        closed = DayClose.objects.filter(area_code=last.area_code, day__gte=day).earliest("day")
        raise AlreadyClosed(day=closed.day, at=closed.closed_at.astimezone(now.tzinfo))
    return last.until if last else None, min(now, midnight(day + timedelta(days=1)))


def last_close(community: str) -> DayClose | None:
    """The last day that was closed."""
    return DayClose.objects.filter(area_code=community).order_by("-day").first()


def account(community: str, day: date, *, now: datetime) -> dict[str, dict[str, int]]:
    """The account of a day from the books as they stand, by kind."""
    return books_between(community, *boundaries(last_close(community), day, now=now))


def books_between(community: str, since: datetime | None, until: datetime) -> dict[str, dict[str, int]]:
    """The account of what was booked from the last close until this moment, by kind."""
    books = {kind: _empty(carried) for kind, carried in _carried_in(community, since)}
    with connection.cursor() as cursor:
        low, high = subtree(community)
        bounds = {
            "community": community,
            "since": since or "-infinity",
            "until": until,
            "low": low,
            "high": high,
        }
        cursor.execute(CHANGES, bounds)
        for kind, was, became, amount in cursor.fetchall():
            _enter(books.setdefault(kind, _empty(0)), was, became, amount)
    for columns in books.values():
        incoming = columns["carried_in"] + columns["opened"] + columns["moved_in"] + columns["corrected"]
        columns["carried_out"] = incoming - sum(columns[name] for name in (*OUT, "moved_out"))
    return books


@contextmanager
def as_if_closed(
    community: str, day: date, *, last: DayClose | None, now: datetime
) -> Iterator[tuple[datetime | None, datetime]]:
    """Inside, what has lapsed is missed, as closing would book it; on leaving nothing has happened.

    Shape: `last` is the community's last close; gives from when to when the books of the day go. Raises: AlreadyClosed, NotYet.
    """
    since, until = boundaries(last, day, now=now)
    before = transaction.savepoint()
    try:
        _book_missed(community, until)
        yield since, until
    finally:
        transaction.savepoint_rollback(before)


def pre_close(community: str, day: date, *, now: datetime) -> dict[str, dict[str, int]]:
    """The account as it would be closed now (预结), with what has lapsed counted as missed. Changes nothing."""
    with as_if_closed(community, day, last=last_close(community), now=now) as (since, until):
        return books_between(community, since, until)


def owed_at(community: str, until: datetime) -> list[int]:
    """The duties that stood open in the books at that moment: what the account of the day carries out."""
    low, high = subtree(community)
    with connection.cursor() as cursor:
        cursor.execute(OWED_AT, {"community": community, "until": until, "low": low, "high": high})
        return [row[0] for row in cursor.fetchall()]


def still_owed(open_ones: list[int], *, until: datetime) -> list[Duty]:
    """Those of them that were due by then: each is carried with a reason. The others are running (未到期)."""
    among = RawSQL("SELECT unnest(%s::bigint[])", [open_ones])  # one parameter, not some thousand
    return list(
        Duty.objects.filter(pk__in=among, due_at__lte=until)
        .select_related("household", "place", "person")
        .order_by("area_code", "id")
    )


def close(
    community: str,
    day: date,
    *,
    now: datetime,
    propose: Propose,
    words: Mapping[int, Proposal] | None = None,
    by: User | None = None,
) -> DayClose:
    """Closes the day. What is due and not done is carried with a reason, a next step and an owner.

    `words` are what people said about single duties; `propose` fills in the rest from the last attempt and 包保.
    Raises: AlreadyClosed, NotYet. Unfinished duties are never a reason to refuse.
    """
    lock([community])
    since, until = boundaries(last_close(community), day, now=now)
    _book_missed(community, until)
    books = books_between(community, since, until)
    closing = DayClose.objects.create(
        area_code=community, day=day, from_at=since, until=until, closed_at=now, closed_by=by
    )
    Account.objects.bulk_create(
        Account(close=closing, area_code=community, kind=kind, **columns)
        for kind, columns in sorted(books.items())
    )
    said = words or {}
    duties = still_owed(owed_at(community, until), until=until)
    proposals = [said.get(proposal.duty, proposal) for proposal in propose(duties, until)]
    Carried.objects.bulk_create(
        Carried(
            close=closing,
            duty_id=line.duty,
            area_code=line.area_code,
            reason=line.reason,
            word=line.word,
            next_try_at=line.next_try_at,
            owner_id=line.owner,
        )
        for line in proposals
    )
    return closing


def _book_missed(community: str, until: datetime) -> None:
    """What lapsed before the day ended is missed: closed and counted."""
    low, high = subtree(community)
    lapsed = Duty.objects.filter(fact="owed", lapses_at__lte=until, area_code__gte=low, area_code__lt=high)
    lapsed.update(missed_at=until, changed_at=until - datetime.resolution)


def _carried_in(community: str, since: datetime | None) -> list[tuple[str, int]]:
    """What the close at that moment carried out, by kind."""
    if since is None:
        return []
    last = Account.objects.filter(close__area_code=community, close__until=since)
    return list(last.values_list("kind", "carried_out"))


def _empty(carried_in: int) -> dict[str, int]:
    return {
        "carried_in": carried_in,
        "opened": 0,
        "moved_in": 0,
        "corrected": 0,
        "moved_out": 0,
    } | dict.fromkeys(OUT, 0)


def _enter(columns: dict[str, int], was: str, became: str, amount: int) -> None:
    """Puts the duties that went from `was` to `became` into their columns."""
    if was == "absent":
        columns["opened"] += amount
    elif was == "elsewhere":
        columns["moved_in"] += amount
    elif was != "owed":
        columns["corrected"] += amount
    if became == "elsewhere":
        columns["moved_out"] += amount
    elif became != "owed":
        columns[became] += amount
