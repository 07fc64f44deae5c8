"""一日两会 on one page: figures now and at the last meeting, what waits for a decision, who has most in hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.catalogue import DUTY_KINDS, FIELDS
from shouwang.desk.answering import NOBODY, by_helper
from shouwang.desk.board import chosen_area, trail
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.directives.models import Minutes
from shouwang.ledgers.briefing.figures import COLUMNS, Figure, Sheet, day_numbers, meetings_of, sheet_of
from shouwang.ledgers.briefing.waiting import MOST, doors_waiting, points_waiting, rows_waiting
from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.fields import NumberField
from shouwang.plans.actions import most_tries, plan_of

WORDS = {
    "total": _("应办"),
    "done": _("按时办完"),
    "late": _("超时已办"),
    "left": _("未办"),
    "overdue": _("已超时"),
    "missed": _("过期未办"),
    "carried": _("上日转入"),
}
MEETINGS_SHOWN = 10
NUMBERS = [field for field in FIELDS.values() if isinstance(field, NumberField)]


@dataclass(frozen=True)
class Cell:
    """A figure as it stands on the sheet, with the list that it opens."""

    words: str
    figure: Figure
    address: str = ""
    tone: str = ""


def taken(request: DeskRequest) -> Listing:
    """The figures by kind, to take away."""
    area = chosen_area(request)
    headings = (_("事项"), *WORDS.values())
    unknown = gettext("未统计")
    rows = (
        [
            gettext(DUTY_KINDS[kind].words),
            *(unknown if row[name].now is None else row[name].now for name in COLUMNS),
        ]
        for kind, row in sheet_of(area, kinds=DUTY_KINDS, last=None, now=request.now).kinds.items()
    )
    return Listing(_("一日两会"), headings, rows, area)


@page("board")
@exports(taken)
def briefing(request: DeskRequest) -> HttpResponse:
    """The sheet; on a wall (`?wall=1`) without menus, renewing itself. Its further parts come one after the other."""
    area = chosen_area(request)
    meetings = meetings_of(area, most=MEETINGS_SHOWN)
    sheet = sheet_of(area, kinds=DUTY_KINDS, last=_last(meetings), now=request.now)
    plan = plan_of(area, now=request.now)
    found = {
        "area": area,
        "trail": trail(area, request.grants),
        "sheet": sheet,
        "title": title_of(request, next_number(meetings, request)),
        "per_day": plan.meetings.per_day if plan and plan.meetings else None,
        "headings": WORDS.values(),
        "kinds": [
            (gettext(DUTY_KINDS[kind].words), _cells(sheet, kind, row)) for kind, row in sheet.kinds.items()
        ],
        "meetings": meetings,
        "last": _last(meetings),
        "wall": "wall" in request.GET,
        "holds": "directive.receive" in request.grants.may and area.startswith(request.grants.codes),
    }
    return render(request, "briefing/sheet.html", found)


@page("board")
def numbers(request: DeskRequest) -> HttpResponse:
    """What ledgers count of today; 未统计 where it is not recorded."""
    area = chosen_area(request)
    told = day_numbers(area, NUMBERS, last=_last(meetings_of(area, most=1)), now=request.now)
    cells = [_number(area, key, figure) for key, figure in told.items()]
    return render(request, "briefing/numbers.html", {"numbers": cells})


@page("board")
def waiting(request: DeskRequest) -> HttpResponse:
    """What the meeting has to decide: doors, rows, points; and who has most in hand, so that somebody helps."""
    area, now = chosen_area(request), request.now
    often = most_tries(plan_of(area, now=now))
    busy = [(helper, line) for helper, line in by_helper(area, now=now) if line.left]
    found = {
        "area": area,
        "doors": doors_waiting(area, often=often, now=now),
        "rows": rows_waiting(area, often=often, now=now),
        "points": points_waiting(area, now=now),
        "load": [(helper, line, helper.pk if helper else NOBODY) for helper, line in busy[:MOST]],
        "kind_words": {name: gettext(kind.words) for name, kind in DUTY_KINDS.items()},
    }
    return render(request, "briefing/waiting.html", found)


def next_number(meetings: Sequence[Minutes], request: DeskRequest) -> int:
    """Which meeting of the day the next one is."""
    today = day_of(request.now)
    return max((one.number for one in meetings if one.held_on == today), default=0) + 1


def _last(meetings: Sequence[Minutes]) -> Minutes | None:
    return meetings[0] if meetings else None


def title_of(request: DeskRequest, number: int) -> str:
    """What a meeting is called."""
    local = request.now.astimezone(ZONE)
    return gettext("{month}月{day}日第 {number} 次会").format(month=local.month, day=local.day, number=number)


def _cells(sheet: Sheet, kind: str, row: Mapping[str, Figure]) -> list[Cell]:
    return [Cell(str(WORDS[name]), row[name], _behind(sheet, kind, name), _tone(name)) for name in COLUMNS]


def _tone(name: str) -> str:
    return "overdue" if name in ("overdue", "missed") else "done" if name == "done" else ""


def _behind(sheet: Sheet, kind: str, name: str) -> str:
    """The list that a figure opens."""
    if name != "carried":
        return f"{reverse('board_list')}?{urlencode({'area': sheet.area, 'kind': kind, 'state': name})}"
    if sheet.carried_on is None:
        return ""
    asked = {
        "community": sheet.area,
        "day": sheet.carried_on.isoformat(),
        "kind": kind,
        "column": "carried_out",
    }
    return f"{reverse('account_list')}?{urlencode(asked)}"


def _number(area: str, key: str, figure: Figure) -> Cell:
    address = f"{reverse('briefing_figure')}?{urlencode({'area': area, 'field': key})}"
    return Cell(gettext(FIELDS[key].words), figure, address)
