"""A workbook on its way into one community: the one whose code the operator gave, or whose name the file carries."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NotRequired, TypedDict, Unpack

from django.db import connection, transaction

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.lib.clock import day_of
from shouwang.lib.codes import COMMUNITY, is_code
from shouwang.lib.errors import Refusal
from shouwang.lib.sheets import Book, Progress, Row, read
from shouwang.register.importing.naming import community_in
from shouwang.register.importing.numbering import provisional_community
from shouwang.register.importing.report import Doubtful, Pen, Report, doubts_of
from shouwang.register.importing.vocabulary import WORKBOOKS
from shouwang.register.models import Area
from shouwang.register.uploads import SheetShape

SHOWN = 20
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('register ' || %s, 0))"


class WrongCode(Refusal):
    code = "register.wrong_code"
    sentence = "社区编码“{given}”不对。要写12位数字，比如 410103008004。"


class UnknownCommunity(Refusal):
    code = "register.unknown_community"
    sentence = "没有编码是 {given} 的社区。已有的社区：{known}。"


class NoCommunity(Refusal):
    code = "register.no_community"
    sentence = "看不出“{file}”是哪个社区的。请写明社区的12位编码，或在表的标题里写上社区名称。"


class How(TypedDict):
    """What every import is told: about which community, by whom, when; `dry_run` keeps nothing."""

    community: str | None
    by: User | None
    at: datetime
    progress: NotRequired[Progress | None]
    dry_run: NotRequired[bool]


@dataclass(frozen=True)
class Workbook:
    """A workbook on its way into one community, and what was found in it so far."""

    book: Book
    community: str
    report: Report
    doubts: list[Doubtful]

    def rows(self) -> Iterator[tuple[Row, Pen]]:
        """Every row of every table, with a pen for what is doubtful in it."""
        for table in self.book.tables:
            pen = Pen(table, self.doubts)
            yield from ((row, pen) for row in table.rows)


def read_workbook(kind: str, source: Path | str | bytes, filename: str, **how: Unpack[How]) -> Book:
    """A workbook of one kind, its columns taken as a person once corrected them. Raises: the refusals of `sheets`."""
    return read(
        source, filename=filename, vocabulary=WORKBOOKS[kind].vocabulary, remembered=SheetShape.known(kind),
        reference=day_of(how["at"]), progress=how.get("progress"),
    )  # fmt: skip


@contextmanager
def workbook_at_work(
    kind: str, source: Path | str | bytes, filename: str, **how: Unpack[How]
) -> Iterator[Workbook]:
    """Reads a workbook and finds its community; in the end its rows are counted, and the log says who brought it.

    Raises: the refusals of `sheets`, and as `community_at_work`.
    """
    book = read_workbook(kind, source, filename, **how)
    name = community_in([*(line for table in book.tables for line in table.title), filename])
    with community_at_work(how["community"], name, filename, dry_run=how.get("dry_run", False)) as code:
        report = Report(kind=kind, community=code)
        workbook = Workbook(book, code, report, doubts_of(book))
        yield workbook
        report.count_rows(book, workbook.doubts)
        done = f"register.import_{kind}"
        record(done, at=how["at"], by=how["by"], area=code, added=report.added, changed=report.changed)


@contextmanager
def community_at_work(given: str | None, name: str, filename: str, *, dry_run: bool) -> Iterator[str]:
    """The code of a community in which nobody else imports at the same time; nothing stays when dry.

    Raises: WrongCode, UnknownCommunity, NoCommunity.
    """
    with transaction.atomic():
        code = community_code(given, name, filename)
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [code])
        yield code
        if dry_run:
            transaction.set_rollback(True)


def community_code(given: str | None, name: str, filename: str) -> str:
    """The code of the community that a file is about.

    An unknown name gets a provisional code; a file without a name is about the only community there is.
    """
    known = Area.objects.filter(level="community")
    if given:
        if not (is_code(given) and len(given) == COMMUNITY):
            raise WrongCode(given=given)
        if not known.filter(code=given).exists():
            names = [f"{area.label} {area.code}" for area in known.order_by("code")[:SHOWN]]
            raise UnknownCommunity(given=given, known="、".join(names) or "还没有")
        return given
    if not name:
        there = list(known[:2])
        if len(there) != 1:
            raise NoCommunity(file=filename)
        return there[0].code
    found = known.filter(label=name).order_by("code").first()
    return (found or provisional_community(name)).code
