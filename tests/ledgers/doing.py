"""What people do with forms, as a test says it in one line."""

import io
from datetime import datetime

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from shouwang.access.models import User
from shouwang.access.roles import ROLES
from shouwang.access.scope import Grants
from shouwang.catalogue import FIELDS, LINES
from shouwang.ledgers.filled.tables import Catalogue, Table
from shouwang.ledgers.models import Form, Report, Snapshot
from shouwang.ledgers.reports import plan_form
from shouwang.ledgers.snapshots import check, prepare, printed
from tests.world import XIANGYUN, World

CATALOGUE = Catalogue(FIELDS, LINES)


def grants(user: User, area: str = XIANGYUN, role: str = "secretary") -> Grants:
    return Grants(user, ROLES[role].may, (area,))


def report_on(form: Form, moment: datetime, area: str = XIANGYUN) -> Report:
    """What the community owes of this form at that moment."""
    plan_form(form, at=moment)
    found = Report.objects.select_related("form", "version__form").filter(form=form, area_code=area)
    return found.filter(from_at__lte=moment).latest("day")


def sent(world: World, report: Report, moment: datetime) -> Snapshot:
    """Filled by the secretary, checked by the clerk, both at this moment."""
    secretary, clerk = world.users["书记刘"], world.users["信息员孙"]
    made = prepare(report, catalogue=CATALOGUE, grants=grants(secretary), by=secretary, at=moment)
    return check(made, by=clerk, at=moment)


def numbers(snapshot: Snapshot, line: int = 0) -> dict[str, object]:
    """The cells of a line of what was sent, by the last word of their headings."""
    cells = Table.from_json(snapshot.table).cells[line]
    return {one["heading"].rpartition("/")[2]: cells[one["index"]] for one in snapshot.version.columns}


def opened(content: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def printed_sheet(snapshot: Snapshot, moment: datetime) -> Worksheet:
    return opened(printed(snapshot, by=snapshot.prepared_by, at=moment))


def look(cell) -> tuple:
    """How a cell looks, whatever stands in it."""
    return cell.border.left.style, cell.fill.fgColor.rgb, cell.font.b, cell.font.sz, cell.alignment.horizontal
