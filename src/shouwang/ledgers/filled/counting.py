"""The numbers of a period, counted as in bookkeeping: by when something was written down.

Σ今日 = 累计 over any days, and 现有 = yesterday's 现有 + 新增 − 解除: what was struck is deducted in the period in which it
was struck, and what happened before a cut-off and was written down after it counts in the next period.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Left

from shouwang.ledgers.periods import Period
from shouwang.lib.fields import NumberField

UNRECORDED = None
MOST_CHANGED = 2000
OF_THE_PERIOD = ("day", "added", "removed")  # what came and went before it is not counted
# Each row is worked out once, then counted: what stands in a FILTER itself would be worked out for every sum.
SUMS = """
WITH period (from_at, until) AS (VALUES (%s::timestamptz, %s::timestamptz)),
told (source, part, amount, happened_at, came_at, gone_at, subject) AS ({rows}),
placed AS (
  SELECT told.*, came_at < from_at AS before, came_at >= from_at AND came_at < until AS came,
         gone_at >= from_at AND gone_at < until AS gone, coalesce(gone_at >= until, true) AS stays,
         came_at < until AS known, happened_at < from_at AS earlier
  FROM told, period
)
SELECT source, part,
       sum(amount) FILTER (WHERE came) AS added, count(*) FILTER (WHERE came) AS added_rows,
       sum(amount) FILTER (WHERE gone) AS removed, count(*) FILTER (WHERE gone) AS removed_rows,
       sum(amount) FILTER (WHERE known AND stays) AS standing,
       count(*) FILTER (WHERE known AND stays) AS standing_rows,
       count(DISTINCT subject) FILTER (WHERE came AND stays) AS subjects,
       count(*) FILTER (WHERE came AND stays AND earlier) AS late,
       count(*) FILTER (WHERE gone AND before) AS struck
FROM placed GROUP BY source, part
"""


@dataclass(frozen=True)
class Counted:
    """A number, and what must be said beside it: how much came late, how much was struck."""

    number: int | None
    late: int = 0
    struck: int = 0


@dataclass(frozen=True)
class Behind:
    """One record behind a number; `sign` is −1 where it is deducted."""

    subject: int | None
    area_code: str
    happened_at: datetime
    came_at: datetime
    gone_at: datetime | None
    amount: int | None
    sign: int = 1


def counted(
    fields: Iterable[NumberField], area: str, width: int, period: Period
) -> dict[str, Callable[[str], Counted]]:
    """For each field what it counts in each part of the area (codes of this width).

    Cost: one query, however many fields and areas ask.
    """
    wanted = list(fields)
    there = {know: know(area) for know in {field.recorded for field in wanted if field.recorded}}
    silent = {field.source for field in wanted if field.recorded and not there[field.recorded]}
    sources = list({field.source: None for field in wanted})
    once = {field.source for field in wanted if field.once}
    lasting = {field.source for field in wanted if field.span not in OF_THE_PERIOD}
    asked = {
        source: None
        if source in silent
        else _asked(
            source, area, width, number,
            once=source in once, since=None if source in lasting else period.from_at,
        )
        for number, source in enumerate(sources)
    }  # fmt: skip
    found = _sums([rows for rows in asked.values() if rows is not None], period)
    return {
        field.key: _teller(
            field, sources.index(field.source), found if asked[field.source] is not None else None
        )
        for field in wanted
    }


def _teller(
    field: NumberField, number: int, rows: dict[tuple[int, str], dict[str, Any]] | None
) -> Callable[[str], Counted]:
    def tell(code: str) -> Counted:
        return _number(field, rows.get((number, code))) if rows is not None else Counted(UNRECORDED)

    return tell


def _asked(
    source: Callable[[str], Any], area: str, width: int, number: int, *, once: bool, since: datetime | None
) -> QuerySet | None:
    """What a source has in each part of the area, ready to be asked together with the others; all of it, or what moved `since`."""
    rows = source(area)
    if rows is None:
        return None
    if since:
        rows = rows.filter(Q(came_at__gte=since) | Q(gone_at__gte=since))
    part = Left("area_code", width)
    subject = Cast("subject" if once else Value(None), TextField())
    return (
        _in_order(rows)
        .order_by()
        .values_list(Value(number), part, "amount", "happened_at", "came_at", "gone_at", subject)
    )


def _sums(asked: list[QuerySet], period: Period) -> dict[tuple[int, str], dict[str, Any]]:
    """What is counted of each source in each part."""
    if not asked:
        return {}
    rows, values = asked[0].union(*asked[1:], all=True).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(rows=rows), (period.from_at, period.until, *values))
        names = [column.name for column in cursor.description]
        return {(row[0], row[1]): dict(zip(names, row, strict=True)) for row in cursor}


def _source(field: NumberField, area: str) -> QuerySet | None:
    if field.recorded and not field.recorded(area):
        return None
    rows = field.source(area)
    return None if rows is None else _in_order(rows)


def _in_order(rows: QuerySet) -> QuerySet:
    """Nothing goes before it came: what was struck before it was written down went when it came."""
    return rows.annotate(
        gone_at=Case(When(gone_at__lt=F("came_at"), then=F("came_at")), default=F("gone_at"))
    )


def _number(field: NumberField, row: dict[str, Any] | None) -> Counted:
    if row is None:
        return Counted(UNRECORDED if field.silent else 0)
    if field.silent and not row["standing_rows" if field.span == "ever" else "added_rows"]:
        return Counted(UNRECORDED)
    if field.once:
        return Counted(row["subjects"], row["late"])
    if field.span in ("added", "removed", "standing"):
        return Counted(_told(row, field.span))
    if field.span == "ever":
        return Counted(_told(row, "standing"))
    added, removed = _told(row, "added"), _told(row, "removed")
    number = None if added is None and removed is None else (added or 0) - (removed or 0)
    return Counted(number, row["late"], row["struck"])


def _told(row: dict[str, Any], name: str) -> int | None:
    """The sum; nothing where there are rows and none of them tells its amount."""
    return row[name] if row[name] is not None else (None if row[f"{name}_rows"] else 0)


def behind(field: NumberField, area: str, period: Period, *, first: int, most: int) -> list[Behind]:
    """So many of the records behind a number, from one of them on, the latest first; with their signs all make it up."""
    source = _source(field, area)
    if source is None:
        return []
    parts = _parts(field, source, period)
    if field.once:
        return list({row.subject: row for row in _rows(*parts[0])}.values())[first : first + most]
    found: list[Behind] = []
    for rows, sign in parts:
        found += _rows(rows, sign, first=first, most=most - len(found))
        first = max(first - rows.count(), 0)
    return found


def _parts(field: NumberField, source: QuerySet, period: Period) -> list[tuple[QuerySet, int]]:
    """What is counted, and what is deducted from it."""
    came = Q(came_at__gte=period.from_at, came_at__lt=period.until)
    gone = Q(gone_at__gte=period.from_at, gone_at__lt=period.until)
    stays = Q(gone_at=None) | Q(gone_at__gte=period.until)
    which = {
        "day": came & stays,
        "ever": Q(came_at__lt=period.until) & stays,
        "standing": Q(came_at__lt=period.until) & stays,
        "added": came,
        "removed": gone,
    }[field.span]
    deducted = [(source.filter(gone & Q(came_at__lt=period.from_at)), -1)] if field.span == "day" else []
    return [(source.filter(which), 1), *deducted]


def _rows(rows: QuerySet, sign: int, *, first: int = 0, most: int | None = None) -> Iterator[Behind]:
    told = rows.order_by(F("came_at").desc(), "pk").values_list(
        "subject", "area_code", "happened_at", "came_at", "gone_at", "amount"
    )
    for subject, area, happened, came, gone, amount in told[first : None if most is None else first + most]:
        yield Behind(subject, area, happened, came, gone, amount, sign)


def changed_since(field: NumberField, area: str, period: Period) -> list[Behind]:
    """What is known today of a period that was sent: what came too late for it (+), what was struck since (−)."""
    source = _source(field, area) if field.span in ("day", "ever") else None
    if source is None:
        return []
    happened = Q(happened_at__lt=period.until)
    if field.span == "day":
        happened &= Q(happened_at__gte=period.from_at)
    late = source.filter(happened, came_at__gte=period.until, gone_at=None)
    came = Q(came_at__lt=period.until)
    if field.span == "day":
        came &= Q(came_at__gte=period.from_at)
    struck = source.filter(came, gone_at__gte=period.until)
    return [*_rows(late, 1, most=MOST_CHANGED), *_rows(struck, -1, most=MOST_CHANGED)]
