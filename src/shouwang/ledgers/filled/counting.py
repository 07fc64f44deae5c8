"""The numbers of a period, counted as in bookkeeping: by when something was written down.

Σ今日 = 累计 over any days, and 现有 = yesterday's 现有 + 新增 − 解除: what was struck is deducted in the period in which it
was struck, and what happened before a cut-off and was written down after it counts in the next period.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Left

from shouwang.ledgers.periods import Period
from shouwang.lib.fields import NumberField

UNRECORDED = None
MOST_BEHIND = 2000


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
    sources = list({field.source: None for field in wanted})
    asked = {source: _asked(source, area, width, period, number) for number, source in enumerate(sources)}
    known = [rows for rows in asked.values() if rows is not None]
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for row in known[0].union(*known[1:], all=True) if known else ():
        found[row["source"], row["part"]] = row
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
    source: Callable[[str], Any], area: str, width: int, period: Period, number: int
) -> QuerySet | None:
    """What a source counts in each part of the area, ready to be asked together with the others."""
    rows = _in_order(source(area))
    if rows is None:
        return None
    came = Q(came_at__gte=period.from_at, came_at__lt=period.until)
    gone = Q(gone_at__gte=period.from_at, gone_at__lt=period.until)
    stays = Q(gone_at=None) | Q(gone_at__gte=period.until)
    here = Q(came_at__lt=period.until) & stays
    sums = {"added": came, "removed": gone, "standing": here}
    asked: dict[str, Any] = {name: Sum("amount", filter=which) for name, which in sums.items()}
    asked |= {f"{name}_rows": Count("pk", filter=which) for name, which in sums.items()}
    asked["late"] = Count("pk", filter=came & stays & Q(happened_at__lt=period.from_at))
    asked["struck"] = Count("pk", filter=gone & Q(came_at__lt=period.from_at))
    parts = rows.order_by().annotate(part=Left("area_code", width), source=Value(number))
    return parts.values("source", "part").annotate(**asked)


def _in_order(rows: QuerySet | None) -> QuerySet | None:
    """Nothing goes before it came: what was struck before it was written down went when it came."""
    if rows is None:
        return None
    return rows.annotate(
        gone_at=Case(When(gone_at__lt=F("came_at"), then=F("came_at")), default=F("gone_at"))
    )


def _number(field: NumberField, row: dict[str, Any] | None) -> Counted:
    if row is None:
        return Counted(0)
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


def behind(field: NumberField, area: str, period: Period) -> list[Behind]:
    """The records behind a number: their amounts with their signs make it up. The latest first."""
    source = _in_order(field.source(area))
    return list(_behind(field, source, period)) if source is not None else []


def _behind(field: NumberField, source: QuerySet, period: Period) -> Iterator[Behind]:
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
    yield from _rows(source.filter(which), 1)
    if field.span == "day":
        yield from _rows(source.filter(gone & Q(came_at__lt=period.from_at)), -1)


def _rows(rows: QuerySet, sign: int) -> Iterator[Behind]:
    told = rows.order_by(F("came_at").desc(), "pk").values_list(
        "subject", "area_code", "happened_at", "came_at", "gone_at", "amount"
    )
    for subject, area, happened, came, gone, amount in told[:MOST_BEHIND]:
        yield Behind(subject, area, happened, came, gone, amount, sign)


def changed_since(field: NumberField, area: str, period: Period) -> list[Behind]:
    """What is known today of a period that was sent: what came too late for it (+), what was struck since (−)."""
    source = _in_order(field.source(area)) if field.span in ("day", "ever") else None
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
    return [*_rows(late, 1), *_rows(struck, -1)]
