"""A pushed list from its bytes to rows: what the sender wrote, cleaned, with nothing thrown away.

No database here. A letter with a table inside, an old .xls, a CSV of any encoding: `lib.sheets` finds the table, the
words over its columns stand in `headings.toml`.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from shouwang.lib.clock import day_of
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import IdNumber, check_id_number
from shouwang.lib.phones import read_phones
from shouwang.lib.sheets import Field, Row, Table, Vocabulary, read
from shouwang.lib.sheets.cells import as_text
from shouwang.lib.written_dates import read_when

HEADINGS = tomllib.loads((Path(__file__).parent / "headings.toml").read_text(encoding="utf-8"))
VOCABULARY = Vocabulary(
    [
        Field(
            name, said["label"], said["kind"], said["headings"], by_content=not said.get("by_heading", False)
        )
        for name, said in HEADINGS.items()
    ]
)
# What a sender leaves empty for the reply, in the order in which it is written beside a list.
ANSWERS = tuple(name for name, said in HEADINGS.items() if said.get("answer"))
SEXES = {"男": "m", "女": "f"}
Progress = Callable[[str, int, int], None]


class NobodyOnIt(Refusal):
    code = "screening.nobody_on_it"
    sentence = "“{file}”里没有姓名、证件号、电话或住址，找不到人。请看看是不是发错了表。"


@dataclass(slots=True)
class Written:
    """One row as the sender wrote it. Shape: `line` is the row in the file, `number` counts the data rows from 1."""

    number: int
    line: int
    sheet: str
    name: str = ""
    identity: IdNumber = field(default_factory=lambda: check_id_number(""))
    phones: tuple[str, ...] = ()
    sex: str = ""
    born_on: date | None = None
    address: str = ""
    from_place: str = ""
    happened_on: date | None = None
    happened: str = ""
    transport: str = ""
    reason: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ReadList:
    """A file understood: its rows, where they stand, and what was written above them."""

    rows: list[Written]
    layout: dict[str, object]
    title: str


def read_list(
    source: bytes,
    filename: str,
    *,
    at: datetime,
    remembered: Mapping[str, Mapping[int, str]] = {},
    progress: Progress | None = None,
) -> ReadList:
    """The rows of every table of a list. Raises: the refusals of `sheets`, and NobodyOnIt."""
    book = read(
        source,
        filename=filename,
        vocabulary=VOCABULARY,
        remembered=remembered,
        reference=day_of(at),
        progress=progress,
    )
    tables = [table for table in book.tables if _means_people(table)]
    if not tables:
        raise NobodyOnIt(file=filename)
    rows: list[Written] = []
    for table in tables:
        rows += [
            _written(row, table, len(rows) + count, at)
            for count, row in enumerate(_data_rows(table), start=1)
        ]
    return ReadList(rows, {"tables": [_layout(table) for table in tables]}, _title(tables, filename))


def _means_people(table: Table) -> bool:
    return bool({"name", "id_number", "phone", "address"} & set(table.mapping.values()))


def _data_rows(table: Table) -> list[Row]:
    return [row for row in table.rows if row.values or row.others]


def _written(row: Row, table: Table, number: int, at: datetime) -> Written:
    values = row.values
    identity = check_id_number(values.get("id_number", ""))
    when = read_when(values.get("happened", ""), day_of(at)) if values.get("happened") else None
    written = Written(
        number,
        row.number,
        table.sheet,
        name=values.get("name", "")[:64],
        identity=identity,
        phones=tuple(dict.fromkeys(filter(None, (*_phones(values), *row.others.get("phone", ()))))),
        sex=SEXES.get(values.get("sex", ""), SEXES.get(identity.sex, "")),
        born_on=_born(values.get("born_on", ""), identity),
        address=values.get("address", "")[:160],
        from_place=values.get("from_place", "")[:80],
        happened_on=_day(when.value) if when else None,
        happened=values.get("happened", "")[:40],
        transport=" ".join(filter(None, (values.get("transport", ""), values.get("station", ""))))[:60],
        reason=values.get("reason", "")[:120],
        extra=_extra(row, table),
        doubts=[doubt.message[:120] for doubt in row.doubts],
    )
    if not (written.name or written.phones or written.identity.value or written.address):
        written.doubts.append("这一行没有姓名、证件号、电话、住址，找不到人，请问发来的单位。")
    return written


def _phones(values: Mapping[str, str]) -> tuple[str, ...]:
    return read_phones(values.get("phone", "")).numbers


def _born(text: str, identity: IdNumber) -> date | None:
    if identity.valid and identity.born_on:
        return identity.born_on
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return identity.born_on


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _extra(row: Row, table: Table) -> dict[str, str]:
    """The columns that no field holds, and those that two could: nothing that a sender wrote is lost."""
    kept = {}
    for column in table.columns:
        said = row.raw[column.index] if column.index < len(row.raw) else None
        if column.field in ("registered", "batch") or not column.field:
            text = as_text(said)
            if text and column.heading:
                kept[column.heading[:40]] = text[:200]
    return kept


def _layout(table: Table) -> dict[str, object]:
    columns = {str(column.index): column.field for column in table.columns if column.field}
    last = max((index for index, heading in enumerate(table.headings) if heading), default=0)
    return {
        "sheet": table.sheet,
        "headings_at": min((row.number for row in table.rows), default=table.first) - 1,
        "columns": columns,
        "width": last + 1,
        "shape": table.shape,
    }


def _title(tables: list[Table], filename: str) -> str:
    """What the list calls itself: the first line above its table, or the name of the file."""
    said = next((line for table in tables for line in table.title if line.strip()), "")
    return (said.strip() or Path(filename).stem)[:120]
