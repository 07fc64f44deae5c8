"""The sheet of a meeting: what was owed, done, late, carried, now and at the meeting before. What is not recorded is None."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from shouwang.directives.models import Minutes
from shouwang.duties.board import Line, board
from shouwang.duties.models import Account, DayClose
from shouwang.ledgers.filled.counting import counted
from shouwang.ledgers.periods import Period
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.lib.fields import NumberField
from shouwang.register.models import Area

COLUMNS = ("total", "done", "late", "left", "overdue", "missed", "carried")
DAY = timedelta(days=1)
Numbers = dict[str, dict[str, int | None]]


@dataclass(frozen=True)
class Figure:
    """One number of the sheet, and what it was at the last meeting. None: not recorded (未统计)."""

    now: int | None
    then: int | None = None

    @property
    def change(self) -> int | None:
        """By how much it moved since; nothing where one of the two is not known."""
        return None if self.now is None or self.then is None else self.now - self.then


@dataclass(frozen=True)
class Sheet:
    """What an area owes at a moment, by duty kind and column; `carried_on` is the day whose account carried over."""

    area: str
    at: datetime
    kinds: dict[str, dict[str, Figure]]
    carried_on: date | None


def sheet_of(area: str, *, kinds: Iterable[str], last: Minutes | None, now: datetime) -> Sheet:
    """The figures as they stand, beside those of the last meeting here."""
    lines = board(area, now=now)
    carried, day = _carried_in(area, now)
    before = last.figures["kinds"] if last else {}
    shown = [kind for kind in kinds if kind in lines or (carried or {}).get(kind)]
    rows = {kind: _row(lines.get(kind, Line()), carried, kind) for kind in shown}
    return Sheet(area, now, {kind: _beside(row, before.get(kind, {})) for kind, row in rows.items()}, day)


def day_numbers(
    area: str, fields: Iterable[NumberField], *, last: Minutes | None, now: datetime
) -> dict[str, Figure]:
    """What ledgers count of today until now, beside the last meeting. Cost: one question for each source."""
    wanted = [field for field in fields if field.span in ("day", "standing")]
    told = counted(wanted, area, len(area), Period(midnight(day_of(now)), now))
    return _beside(
        {field.key: told[field.key](area).number for field in wanted}, last.figures["fields"] if last else {}
    )


def as_kept(sheet: Sheet, numbers: Mapping[str, Figure]) -> dict[str, object]:
    """What a meeting keeps of its figures."""
    kinds = {kind: {name: figure.now for name, figure in row.items()} for kind, row in sheet.kinds.items()}
    return {"kinds": kinds, "fields": {key: figure.now for key, figure in numbers.items()}}


def meetings_of(area: str, *, most: int) -> list[Minutes]:
    """The meetings of an area, the latest first."""
    return list(
        Minutes.objects.filter(area_code=area).select_related("directive", "by").order_by("-at")[:most]
    )


def _row(line: Line, carried: Mapping[str, int] | None, kind: str) -> dict[str, int | None]:
    known: dict[str, int | None] = {name: getattr(line, name) for name in COLUMNS[:-1]}
    return known | {"carried": None if carried is None else carried.get(kind, 0)}


def _beside(row: Mapping[str, int | None], before: Mapping[str, int | None]) -> dict[str, Figure]:
    return {name: Figure(number, before.get(name)) for name, number in row.items()}


def _carried_in(area: str, now: datetime) -> tuple[dict[str, int] | None, date | None]:
    """What yesterday's accounts carried over; None where a community did not close yesterday, or for less than one."""
    if len(area) > COMMUNITY:
        return None, None
    low, high = subtree(area)
    yesterday = day_of(now) - DAY
    closes = DayClose.objects.filter(area_code__gte=low, area_code__lt=high, day=yesterday)
    closed = set(closes.values_list("area_code", flat=True))
    communities = Area.objects.filter(level="community", code__gte=low, code__lt=high)
    if not closed or closed != set(communities.values_list("code", flat=True)):
        return None, None
    rows = Account.objects.filter(close__in=closes).order_by().values_list("kind")
    return dict(rows.annotate(carried=Sum("carried_out"))), yesterday
