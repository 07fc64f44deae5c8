"""A filled form as plain values: what is printed, kept in a snapshot, compared."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shouwang.ledgers.blank.headings import DAY, NUMBER, REMARK, UNIT
from shouwang.ledgers.models import Version
from shouwang.lib.clock import ZONE
from shouwang.lib.fields import Field, Lines, NumberField

UNRECORDED, NOT_SENT, NOTHING = "未统计", "未报", "零报告"


@dataclass(frozen=True)
class Catalogue:
    """What can be filled in, as the doors hand it down."""

    fields: Mapping[str, Field]
    lines: Mapping[str, Lines]


@dataclass
class Table:
    """What is printed: for each line a key (an area, or the row of a module) and its cells; what must be said below.

    Shape: cells are numbers, texts or None (not recorded); `sums` are the numbers of all lines together, `fields` what
    each column was filled with (empty: not recorded then), both by column.
    """

    keys: list[str] = field(default_factory=list)
    cells: list[list[Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sums: list[Any] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What a snapshot keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Table":
        """The table that a snapshot kept."""
        return cls(**kept)


def width_of(version: Version) -> int:
    """How many columns a form has."""
    return len(version.layout["headings"])


def fields_of(version: Version) -> Iterator[tuple[int, str]]:
    """The columns in which something stands, each with its field (empty: not recorded here)."""
    return ((column["index"], column["field"]) for column in version.columns)


def by_column(version: Version) -> list[str]:
    """The field of every column of the form, empty where there is none."""
    fields = dict(fields_of(version))
    return [fields.get(index, "") for index in range(width_of(version))]


def own_cell(key: str, *, number: int, day: date, label: str) -> Any:
    """What a form asks that is no fact: the line's number, the day, whose line it is, room for remarks."""
    return {NUMBER: number, DAY: f"{day:%Y-%m-%d}", REMARK: "", UNIT: label}.get(key)


def plain(value: object) -> Any:
    """A value as it is kept and printed."""
    if isinstance(value, datetime):
        return f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def is_zero(version: Version, table: Table, catalogue: Catalogue) -> bool:
    """Whether there is nothing to tell (零报告): no line, or in this period nothing but zeros."""
    if version.lines:
        return not table.cells
    moving = [
        index
        for index, key in fields_of(version)
        if isinstance(known := catalogue.fields.get(key), NumberField)
        and known.span in ("day", "added", "removed")
    ]
    return bool(moving) and not any(line[index] for line in table.cells for index in moving)
