"""A filled form as people see it in the browser: the lines of headings, the cells, and what each of them opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from shouwang.catalogue import FIELDS, LINES
from shouwang.ledgers.asked.fields import Known
from shouwang.ledgers.blank.layouts import Layout
from shouwang.ledgers.filled.tables import NOT_SENT, Catalogue, Table
from shouwang.ledgers.models import Report, Snapshot, Version
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.fields import NumberField

CATALOGUE = Catalogue(Known(FIELDS), LINES)
PAGE = 50
PAGES_OF = {
    "person": "person",
    "household": "household",
    "place": "place",
    "spot": "disinfection_spot",
    "gate": "gate",
}


@dataclass(frozen=True)
class Head:
    """A heading: its words, and over how many columns and lines it stands."""

    words: str
    columns: int = 1
    lines: int = 1
    means: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell: what stands in it, what it opens, whether it is recorded here at all."""

    value: Any
    heading: str
    address: str = ""
    recorded: bool = True
    number: bool = False


@dataclass
class Sheet:
    """A form to look at. `tall` are its cells one below the other, for forms with one line on a narrow screen."""

    upper: list[Head] = field(default_factory=list)
    lower: list[Head] = field(default_factory=list)
    lines: list[list[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sums: list[Any] = field(default_factory=list)
    more: int = 0
    empty: int = 0
    columns: int = 0

    @property
    def tall(self) -> bool:
        """Whether it has one line with many cells."""
        return len(self.lines) == 1


def sheet_of(
    version: Version,
    table: Table,
    report: Report | None = None,
    snapshot: Snapshot | None = None,
    *,
    page: int = 0,
) -> Sheet:
    """The form as it will be printed, from the first line of a page on; numbers open the records behind them."""
    headings = version.layout["headings"]
    means = {index: _means(key) for index, key in enumerate(table.fields)}
    shown = Sheet(
        notes=table.notes, sums=table.sums if version.layout["total"] or len(table.cells) > 1 else []
    )
    shown.upper, shown.lower = _heads(Layout.from_json(version.layout), means)
    first = page * PAGE
    for key, line in list(zip(table.keys, table.cells, strict=True))[first : first + PAGE]:
        shown.lines.append(
            [_cell(version, table, index, value, key, report, snapshot) for index, value in enumerate(line)]
        )
    shown.more = max(len(table.cells) - first - PAGE, 0)
    named = [index for index, heading in enumerate(headings) if heading]
    shown.columns, shown.empty = len(named), sum(not table.fields[index] for index in named)
    return shown


def _means(key: str) -> str:
    known = FIELDS.get(key)
    return known.means if known else ""


def _heads(layout: Layout, means: Mapping[int, str]) -> tuple[list[Head], list[Head]]:
    """One or two lines of headings, as the form has them."""
    upper: list[Head] = []
    lower: list[Head] = []
    lines = 2 if any(layout.groups) else 1
    for index, group in enumerate(layout.groups):
        own = Head(layout.own(index), lines=1 if group else lines, means=means[index])
        if not group:
            upper.append(own)
            continue
        lower.append(own)
        if index and layout.groups[index - 1] == group:
            upper[-1] = Head(group, upper[-1].columns + 1)
        else:
            upper.append(Head(group))
    return upper, lower


def _cell(
    version: Version,
    table: Table,
    index: int,
    value: Any,
    key: str,
    report: Report | None,
    snapshot: Snapshot | None,
) -> Cell:
    heading, counted = version.layout["headings"][index], version.form.shape == "number"
    known = FIELDS.get(table.fields[index])
    if counted and value is None:
        return Cell(None, heading, recorded=False)
    if isinstance(known, NumberField) and report and value != NOT_SENT:
        return Cell(value, heading, _behind(report, snapshot, index, key), number=True)
    address = "" if counted or not known or not known.key.endswith(".name") else _page_of(version, key)
    return Cell(value, heading, address, recorded=bool(table.fields[index]), number=isinstance(value, int))


def _behind(report: Report, snapshot: Snapshot | None, index: int, key: str) -> str:
    if len(key) < COMMUNITY:
        return ""
    query = {"line": key} | ({"sent": str(snapshot.pk)} if snapshot else {})
    return f"{reverse('ledger_behind', args=[report.pk, index])}?{urlencode(query)}"


def _page_of(version: Version, key: str) -> str:
    kind = LINES.get(version.lines)
    name = PAGES_OF.get(kind.subject) if kind else None
    return reverse(name, args=[key]) if name and key.isdigit() else ""
