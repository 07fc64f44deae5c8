"""A form with one line for each of 12,500 people: every cell from the register, in the very form, as a file."""

import io
import time

from openpyxl import Workbook

from bench.district import NOON
from bench.importing import measure_import
from bench.result import Result, at_most
from bench.scratch import say

HEADINGS = (
    "序号", "姓名", "性别", "年龄", "身份证号", "联系电话", "现住址", "小区", "楼号", "单元", "房号", "与户主关系",
    "人员类型", "户籍地址", "包保责任人", "当日体温", "是否就医", "备注",
)  # fmt: skip
GOAL_SECONDS = 10


def measure_ledger() -> list[Result]:
    """Filling, printing and keeping it, as one person prepares it and another checks it."""
    measure_import()
    from shouwang.access.scope import everything

    with everything("bench: filling a form", at=NOON):
        report, people = _owed()
        begun = time.perf_counter()
        lines = _sent(report, *people)
        seconds = time.perf_counter() - begun
    say(f"{lines:,} lines of {len(HEADINGS)} columns")
    return [at_most("ledger", seconds, "s", GOAL_SECONDS)]


def _owed() -> tuple:
    """A report of the whole community, and the two people who send it."""
    from shouwang.access.models import User
    from shouwang.catalogue import FIELDS, LINES
    from shouwang.ledgers.blank.forms import Said, confirm, keep_form
    from shouwang.ledgers.models import Report
    from shouwang.ledgers.reports import follow_version
    from shouwang.register.models import Area

    people = [User.objects.create_user(name, name=name, created_at=NOON) for name in ("甲", "乙")]
    area = Area.objects.get(level="community").code
    kept = keep_form(_blank(), "居民台账.xlsx", area=area, fields=FIELDS, lines=LINES, by=people[0], at=NOON)
    columns = {column["index"]: column["field"] for column in kept.columns}
    said = Said(kept.form.title, kept.lines, kept.cut_off, kept.due, columns)
    used = confirm(kept, said, fields=FIELDS, grants=_all_grants(people[0]), by=people[0], at=NOON)
    follow_version(used, at=NOON)
    return Report.objects.select_related("form", "version__form").get(), people


def _sent(report, one, other) -> int:  # type: ignore[no-untyped-def]
    from shouwang.catalogue import FIELDS, LINES
    from shouwang.ledgers.filled.tables import Catalogue
    from shouwang.ledgers.snapshots import check, prepare

    catalogue = Catalogue(FIELDS, LINES)
    made = prepare(report, catalogue=catalogue, grants=_all_grants(one), by=one, at=NOON)
    return len(check(made, by=other, at=NOON).table["cells"])


def _all_grants(user):  # type: ignore[no-untyped-def]
    from shouwang.access.roles import ROLES
    from shouwang.access.scope import Grants

    return Grants(user, ROLES["secretary"].may, ("",))


def _blank() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["居民台账"])
    sheet.append(["填报单位：      填报人：      审核人：      填报时间：  年  月  日"])
    sheet.append(list(HEADINGS))
    sheet.cell(14, 1, "注：每日17时前报送。")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
