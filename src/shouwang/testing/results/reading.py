"""A laboratory's file from its bytes to lines: what was written, nothing thrown away. No database here."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.errors import Refusal
from shouwang.lib.sheets import Field, Row, Vocabulary, read
from shouwang.lib.written_dates import read_when
from shouwang.testing.results.fhir import Report, read_reports
from shouwang.testing.results.rules import Said, outcome_of
from shouwang.testing.tubes.codes import clean

HEADINGS = tomllib.loads((Path(__file__).parent / "headings.toml").read_text(encoding="utf-8"))
VOCABULARY = Vocabulary(
    [
        Field(name, said["label"], headings=said["headings"], by_content=False)
        for name, said in HEADINGS.items()
    ]
)
GENES = {"orf1ab": "ORF1ab", "n_gene": "N"}
Progress = Callable[[str, int, int], None]


class NoResults(Refusal):
    code = "testing.no_results"
    sentence = "“{file}”里没有“条码号”和“结果”两列，看不出是检测结果。请让检测机构补上这两列的标题。"


@dataclass(slots=True)
class Line:
    """One line of the file."""

    number: int
    code: str
    written: str
    said: Said
    laboratory: str = ""
    values: dict[str, str] = field(default_factory=dict)


def read_results(
    content: bytes, filename: str, *, at: datetime, progress: Progress | None = None
) -> list[Line]:
    """Every line that says something, of a spreadsheet or of FHIR. Raises: the refusals of `sheets`, NoResults, NoReport."""
    if content.lstrip()[:1] == b"{":
        return [_of_report(number, one) for number, one in enumerate(read_reports(content, filename), 1)]
    book = read(content, filename=filename, vocabulary=VOCABULARY, reference=day_of(at), progress=progress)
    tables = [table for table in book.tables if {"code", "outcome"} <= set(table.mapping.values())]
    if not tables:
        raise NoResults(file=filename)
    return [_line(row, day_of(at)) for table in tables for row in table.rows]


def _of_report(number: int, one: Report) -> Line:
    said = Said(one.outcome, None, one.sampled_at, one.tested_at)
    return Line(number, clean(one.code), one.written, said, one.laboratory)


def _line(row: Row, near: date) -> Line:
    told = row.values
    written = str(told.get("outcome", "")).strip()
    count = "".join(sign for sign in str(told.get("people_count", "")) if sign.isdecimal())[:3]
    said = Said(
        outcome_of(written), int(count) if count else None, _moment(told.get("sampled_at"), near),
        _moment(told.get("tested_at"), near),
    )  # fmt: skip
    values = {gene: str(told[name])[:12] for name, gene in GENES.items() if told.get(name)}
    return Line(
        row.number,
        clean(str(told.get("code", ""))),
        written[:40],
        said,
        str(told.get("laboratory", ""))[:80],
        values,
    )


def _moment(written: object, near: date) -> datetime | None:
    """A time by the community's clock; of a bare day its noon."""
    found = read_when(written, near) if written else None
    if found is None:
        return None
    value = found.value
    moment = value if isinstance(value, datetime) else datetime.combine(value, time(12))
    return moment.replace(tzinfo=ZONE)
