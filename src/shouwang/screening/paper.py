"""Visit sheets on paper: printed per building, keyed back row by row, and one visit where paper and phone both say it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from shouwang.access.models import User
from shouwang.duties.doors import top_down
from shouwang.duties.models import Attempt
from shouwang.lib.characters import plain
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import subtree
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Household
from shouwang.screening.actions import FromTheFuture, Seen, record_attempt, record_visits, void_visit
from shouwang.screening.models import Sheet, Visit

ROW = re.compile(r"(\d{1,3})[ .,，、]+(\d{1,2}|[xX×])(?:[ ]+(\d{2}(?:\.\d)?))?(?:[ ]+(\D.*))?")
NOBODY = frozenset("xX×")
KEEP_PHONE, KEEP_PAPER, KEEP_BOTH = "phone", "paper", "both"
STRUCK = "与纸质走访表核对，以纸为准"
COLDEST_C, HOTTEST_C = Decimal(34), Decimal(43)


class NotARow(Refusal):
    code = "screening.not_a_row"
    sentence = "看不懂“{text}”。请写成“12 3”（12 行，3 人），没人写“12 x”，有体温写“12 3 36.5”。"


class NoSuchRow(Refusal):
    code = "screening.no_such_row"
    sentence = "这张表没有第 {row} 行，一共 {rows} 行。"


class RowTwice(Refusal):
    code = "screening.row_twice"
    sentence = "第 {row} 行写了两次，请留一个。"


class NotATemperature(Refusal):
    code = "screening.not_a_temperature"
    sentence = "体温 {text} 不对，请核对。"


@dataclass(frozen=True)
class Row:
    """One row of a sheet as it was keyed. Units: `temperature_c` in °C. `people` is None where nobody was met."""

    number: int
    people: int | None
    temperature_c: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class Differs:
    """The same door, told twice and not the same: what is stored, and what the paper says."""

    row: Row
    door: Household
    visit: Visit


def print_sheet(building: str, *, by: User | None, at: datetime) -> tuple[Sheet, list[Household]]:
    """A new sheet of a building: its doors in the order in which somebody walks. Raises: NotInScope."""
    low, high = subtree(building)
    rows = Household.objects.filter(area_code__gte=low, area_code__lt=high)
    doors = sorted((door for door in rows if door.kept_id == door.pk), key=top_down)
    if not doors:
        raise NotInScope()
    sheet = Sheet.objects.create(
        area_code=building, doors=[door.pk for door in doors], printed_at=at, printed_by=by
    )
    return sheet, doors


def read_row(text: str, rows: int) -> Row:
    """What a clerk typed for one row: `12 3`, `12 x`, `12 3 36.5`, `12 3 38.2 咳嗽`.

    Raises: NotARow, NoSuchRow, NotATemperature.
    """
    found = ROW.fullmatch(plain(text))
    if not found:
        raise NotARow(text=text[:40])
    number, people, heat, note = found.groups()
    if not 1 <= int(number) <= rows:
        raise NoSuchRow(row=number, rows=rows)
    temperature = Decimal(heat) if heat else None
    if temperature is not None and not COLDEST_C <= temperature <= HOTTEST_C:
        raise NotATemperature(text=heat)
    return Row(int(number), None if people in NOBODY else int(people), temperature, (note or "")[:200])


def read_rows(lines: Sequence[str], rows: int) -> tuple[list[Row], list[tuple[str, Refusal]]]:
    """All rows of a sheet: those that can be read, and the others as typed, each with what is wrong."""
    read: dict[int, Row] = {}
    wrong: list[tuple[str, Refusal]] = []
    for line in filter(str.strip, lines):
        try:
            row = read_row(line, rows)
            if row.number in read and read[row.number] != row:
                raise RowTwice(row=row.number)
            read[row.number] = row
        except Refusal as refusal:
            wrong.append((line, refusal))
    return list(read.values()), wrong


def key_back(
    sheet: Sheet,
    rows: Sequence[Row],
    *,
    went_at: datetime,
    hours: Sequence[time],
    choices: dict[int, str],
    by: User | None,
    at: datetime,
) -> tuple[int, list[Differs]]:
    """Writes down what the rows say. How many were new, and which differ from what is stored and wait for a choice.

    Shape: `choices` says by row number which of two tellings counts: phone, paper, or both.
    A sheet keyed twice changes nothing: the second time every row says what is already there.
    Raises: FromTheFuture, NotInScope.
    """
    if went_at > at:
        raise FromTheFuture(at=f"{went_at:%m-%d %H:%M}")
    # Two clerks with one sheet wait for each other.
    locked = Sheet.objects.select_for_update().get(pk=sheet.pk)
    doors = Household.objects.in_bulk(locked.doors)
    new, differing = 0, []
    told = _told_that_day(locked.doors, went_at)
    for row in rows:
        door = doors.get(locked.doors[row.number - 1])
        if door is None:
            raise NotInScope()
        if row.people is None:
            new += _nobody(door, went_at=went_at, hours=hours, by=by, at=at)
            continue
        choice = choices.get(row.number, "")
        standing = told.get(door.pk, [])
        if any(_same(visit, row) for visit in standing):
            continue
        if standing and choice not in (KEEP_PHONE, KEEP_PAPER, KEEP_BOTH):
            differing.append(Differs(row, door, standing[-1]))
            continue
        new += _write(row, door, standing, choice, went_at=went_at, by=by, at=at)
    return new, differing


def _write(
    row: Row,
    door: Household,
    standing: list[Visit],
    choice: str,
    *,
    went_at: datetime,
    by: User | None,
    at: datetime,
) -> int:
    if choice == KEEP_PHONE:
        return 0
    if choice == KEEP_PAPER:
        for visit in standing:
            void_visit(visit.pk, reason=STRUCK, by=by, at=at)
    seen = Seen(door.pk, went_at, people_count=row.people, temperature_c=row.temperature_c, note=row.note)
    return record_visits([seen], by=by, at=at)


def _nobody(
    door: Household, *, went_at: datetime, hours: Sequence[time], by: User | None, at: datetime
) -> int:
    """Nobody was met; a try of the same day and hour that is already there stays the only one."""
    if Attempt.objects.filter(household=door, outcome="no_answer", at=went_at).exists():
        return 0
    record_attempt(door.pk, outcome="no_answer", tried_at=went_at, hours=hours, by=by, at=at)
    return 1


def _told_that_day(doors: Sequence[int], went_at: datetime) -> dict[int, list[Visit]]:
    begins = midnight(day_of(went_at))
    rows = Visit.objects.filter(
        household__in=doors, void_at=None, at__gte=begins, at__lt=begins + timedelta(days=1)
    )
    found: dict[int, list[Visit]] = {}
    for visit in rows.order_by("at", "id").select_related("by"):
        found.setdefault(visit.household_id, []).append(visit)
    return found


def _same(visit: Visit, row: Row) -> bool:
    """The paper says nothing that is not stored already."""
    heat = row.temperature_c is None or row.temperature_c == visit.temperature_c
    return visit.people_count == row.people and heat and (not row.note or row.note == visit.note)
