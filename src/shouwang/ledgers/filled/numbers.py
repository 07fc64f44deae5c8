"""Forms with one line for each place: counted in a community, above it put together from what communities have sent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shouwang.ledgers.blank.headings import AREAS, NUMBER
from shouwang.ledgers.filled.counting import Counted, counted
from shouwang.ledgers.filled.tables import (
    NOT_SENT,
    Catalogue,
    Table,
    by_column,
    fields_of,
    own_cell,
    width_of,
)
from shouwang.ledgers.models import Snapshot, Version
from shouwang.ledgers.periods import Period
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import COMMUNITY, LEVELS, subtree
from shouwang.lib.fields import NumberField
from shouwang.register.models import Area


def fill_numbers(version: Version, area: str, period: Period, *, day: date, catalogue: Catalogue) -> Table:
    """The numbers of an area for a period."""
    level = max([AREAS[key] for _, key in fields_of(version) if key in AREAS] + [len(area)])
    labels = _labels(area)
    places = [code for code in labels if len(code) == level and code.startswith(area)] or [area]
    table = Table(keys=places, fields=by_column(version))
    table.cells = [_frame(version, code, number, day, labels) for number, code in enumerate(places, 1)]
    if len(area) < COMMUNITY:
        _put_together(table, version, area, day, labels)
    else:
        _count(table, version, area, period, catalogue)
    table.sums = [_sum(table, index, version) for index in range(width_of(version))]
    return table


def _labels(area: str) -> dict[str, str]:
    """The names of an area, of what lies in it down to the building, and of what it lies in."""
    low, high = subtree(area)
    above = [area[:length] for length in LEVELS if length < len(area)]
    rows = Area.objects.filter(code__gte=low, code__lt=high) | Area.objects.filter(code__in=above)
    return dict(rows.order_by("code").values_list("code", "label"))


def _frame(version: Version, code: str, number: int, day: date, labels: Mapping[str, str]) -> list[Any]:
    """A line before it is counted: whose it is."""
    cells: list[Any] = [None] * width_of(version)
    for index, key in fields_of(version):
        if key in AREAS:
            cells[index] = labels.get(code[: AREAS[key]], labels.get(code, code))
        else:
            cells[index] = own_cell(key, number=number, day=day, label=labels.get(code, code))
    return cells


def _count(table: Table, version: Version, area: str, period: Period, catalogue: Catalogue) -> None:
    found = {index: catalogue.fields.get(key) for index, key in fields_of(version)}
    columns = {index: known for index, known in found.items() if isinstance(known, NumberField)}
    told = counted(columns.values(), area, len(table.keys[0]), period)
    for code, line in zip(table.keys, table.cells, strict=True):
        for index, known in columns.items():
            line[index] = told[known.key](code).number
    fields = {known.key: known for known in columns.values()}
    for known in fields.values():
        table.notes += _notes(known, [told[known.key](code) for code in table.keys], period)


def _notes(known: NumberField, told: Sequence[Counted], period: Period) -> list[str]:
    """What came late and what was struck, so that nobody wonders about a number."""
    late, struck = sum(one.late for one in told), sum(one.struck for one in told)
    since = f"{period.from_at.astimezone(ZONE):%m月%d日%H:%M}"
    notes = [f"{known.words}含补录 {late} 条：{since} 以前发生，之后才传到。"] if late else []
    return notes + ([f"{known.words}已扣除 {struck} 条：以前报过，后来撤销。"] if struck else [])


def _sum(table: Table, index: int, version: Version) -> Any:
    numbers = [line[index] for line in table.cells if isinstance(line[index], int)]
    return sum(numbers) if numbers and dict(fields_of(version)).get(index) != NUMBER else None


def sent_of(version: Version, area: str, day: date) -> dict[str, Snapshot]:
    """What the communities of an area have sent of a form for a day: the last correction where there is one."""
    low, high = subtree(area)
    rows = Snapshot.objects.filter(
        report__form_id=version.form_id, report__day=day, area_code__gte=low, area_code__lt=high
    )
    rows = rows.exclude(checked_at=None).select_related("version", "report")
    return {row.area_code: row for row in rows.order_by("checked_at")}


def _put_together(table: Table, version: Version, area: str, day: date, labels: Mapping[str, str]) -> None:
    """A line is what the communities in it have sent; where one has not, it stands there as 未报."""
    sent = sent_of(version, area, day)
    communities = [code for code in labels if len(code) == COMMUNITY and code.startswith(area)]
    for code, line in zip(table.keys, table.cells, strict=True):
        below = [sent[one] for one in sent if one.startswith(code) or code.startswith(one)]
        for index, key in fields_of(version):
            if key and line[index] is None:
                numbers = [_told(snapshot, key, code) for snapshot in below]
                told = [number for number in numbers if number is not None]
                line[index] = (sum(told) if told else None) if below else NOT_SENT
    missing = [labels[code] for code in communities if code not in sent]
    if missing:
        table.notes.append(f"{NOT_SENT} {len(missing)} 个：{'、'.join(missing)}。")


def _told(snapshot: Snapshot, key: str, code: str) -> int | None:
    """A number out of a community's snapshot, whatever version of the form it was sent in."""
    table = Table.from_json(snapshot.table)
    if key not in table.fields:
        return None
    index = table.fields.index(key)
    if len(code) <= COMMUNITY:
        return table.sums[index]
    found = table.cells[table.keys.index(code)][index] if code in table.keys else None
    return found if isinstance(found, int) else None
