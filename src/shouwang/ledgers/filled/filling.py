"""A form, filled: every cell from the records of its area and period."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from shouwang.access.scope import Grants
from shouwang.ledgers.blank.forms import MayNotSee
from shouwang.ledgers.filled.numbers import fill_numbers
from shouwang.ledgers.filled.tables import (
    NOTHING,
    UNRECORDED,
    Catalogue,
    Table,
    by_column,
    fields_of,
    own_cell,
    plain,
    width_of,
)
from shouwang.ledgers.models import Version
from shouwang.ledgers.periods import Period
from shouwang.lib.fields import RowField


def fill(
    version: Version,
    area: str,
    period: Period,
    *,
    day: date,
    catalogue: Catalogue,
    grants: Grants,
    most: int | None = None,
) -> Table:
    """The form of an area for a period; `most` lines of it are enough to look at.

    Raises: MayNotSee for a column that this person may not see.
    """
    for column in version.columns:
        known = catalogue.fields.get(column["field"])
        if known and known.needs not in grants.may:
            raise MayNotSee(heading=column["heading"], field=known.words)
    if version.form.shape == "row":
        return _fill_rows(version, area, period, day, catalogue, most)
    return fill_numbers(version, area, period, day=day, catalogue=catalogue)


def count_lines(version: Version, area: str, period: Period, *, catalogue: Catalogue) -> int:
    """How many lines the form of an area has for a period; none where it is a form of places."""
    kind = catalogue.lines.get(version.lines)
    return kind.rows(area, version.selection, period.until).count() if kind else 0


def _fill_rows(
    version: Version, area: str, period: Period, day: date, catalogue: Catalogue, most: int | None
) -> Table:
    kind = catalogue.lines.get(version.lines)
    if kind is None:
        return Table(notes=["这张表要的登记系统里还没有，没有填行。"], fields=by_column(version))
    rows = list(kind.rows(area, version.selection, period.until)[:most])
    cells: list[list[Any]] = [[None] * width_of(version) for _ in rows]
    table = Table(keys=[str(row.pk) for row in rows], cells=cells, fields=by_column(version))
    for index, key in fields_of(version):
        for line, value in zip(table.cells, _column(key, rows, period.until, day, catalogue), strict=True):
            line[index] = plain(value)
    unknown = [column["heading"] for column in version.columns if not column["field"]]
    if not rows:
        table.notes.append(f"{NOTHING}：这一期没有要登记的。")
    if unknown:
        table.notes.append(f"{UNRECORDED}：{'、'.join(unknown)}。")
    return table


def _column(key: str, rows: Sequence[Any], at: datetime, day: date, catalogue: Catalogue) -> Sequence[object]:
    known = catalogue.fields.get(key)
    if isinstance(known, RowField):
        return known.source(rows, at)
    return [own_cell(key, number=number, day=day, label="") for number in range(1, len(rows) + 1)]


def cleared(version: Version, area: str, table: Table, *, at: datetime, catalogue: Catalogue) -> Table:
    """The same lines with numbers of people in clear. Callers have had it approved and written down."""
    kind = catalogue.lines[version.lines]
    there = {str(row.pk): row for row in kind.rows(area, version.selection, at)}
    found = [(line, there[key]) for line, key in zip(table.cells, table.keys, strict=True) if key in there]
    cells = {id(line): list(line) for line in table.cells}
    for index, key in enumerate(table.fields):
        known = catalogue.fields.get(key)
        if isinstance(known, RowField) and known.clear:
            for (line, _), value in zip(found, known.clear([row for _, row in found]), strict=True):
                cells[id(line)][index] = value
    return replace(table, cells=[cells[id(line)] for line in table.cells])
