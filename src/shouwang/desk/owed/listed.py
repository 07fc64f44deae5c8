"""The list behind a number of the board: which doors, how they stand, what was tried last."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.answering import NOBODY, answered_by, answers_of
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.board import chosen_area, trail
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.owed.named import Named, named
from shouwang.duties.attempts import last_attempts
from shouwang.duties.board import behind
from shouwang.duties.models import Attempt, Duty
from shouwang.duties.windows import Facts, Window, state
from shouwang.lib.codes import is_code
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Helper
from shouwang.screening.actions import OUTCOMES

PAGE, TAKEN_AT_ONCE = 50, 1000
NUMBERS = {
    "left": _("未办"),
    "owed": _("待办"),
    "overdue": _("已超时"),
    "finished": _("已办"),
    "done": _("按时办完"),
    "late": _("超时已办"),
    "waived": _("免办"),
    "missed": _("过期未办"),
    "running": _("未到期"),
    "total": _("应办"),
}
HEADINGS = (
    _("户 / 场所"),
    _("事项"),
    _("情况"),
    _("最晚办完"),
    _("谁负责"),
    _("上次去"),
    _("上次怎么样"),
    _("下次再去"),
)
STATES = {
    "waiting": _("未到时间"),
    "open": _("待办"),
    "overdue": _("已超时"),
    "done": _("已办"),
    "late": _("超时已办"),
    "missed": _("过期未办"),
    "waived": _("免办"),
    "void": _("已撤销"),
}


@dataclass(frozen=True)
class Owed:
    """One line of the list."""

    duty: Duty
    door: str
    kind: str
    state: str
    words: str
    answers: Helper | None
    tried: Attempt | None
    outcome: str
    link: str = ""


def taken(request: DeskRequest) -> Listing:
    """The whole list, to take away."""
    number, area, duties = _chosen(request)
    kind = DUTY_KINDS.get(request.GET.get("kind", ""))
    words = [str(NUMBERS[number]), *([gettext(kind.words)] if kind else [])]
    return Listing(" · ".join(words), HEADINGS, _cells(duties, request.now), area)


@page("board")
@exports(taken)
def opened(request: DeskRequest) -> HttpResponse:
    """The doors behind one number, in the order of the buildings."""
    number, area, duties = _chosen(request)
    rows = list(_after(request, duties).select_related("household", "person", "place")[: PAGE + 1])
    found = {
        "rows": _rows(rows[:PAGE], request.now, nobodys=request.GET.get("who") == f"{NOBODY}"),
        "count": duties.count(),
        "number": NUMBERS[number],
        "kind": DUTY_KINDS.get(request.GET.get("kind", "")),
        "trail": trail(area, request.grants),
        "more": _next(request, rows[PAGE - 1]) if len(rows) > PAGE else "",
        "from_start": _start(request),
    }
    return render(request, "desk/board_list.html", found)


def _chosen(request: DeskRequest) -> tuple[str, str, QuerySet[Duty]]:
    """The number that was opened, where, and the duties behind it. Raises: NotInScope."""
    number, area = request.GET.get("state", "left"), chosen_area(request)
    if number not in NUMBERS:
        raise NotInScope()
    return number, area, _asked(request, behind(area, number, now=request.now))


def _asked(request: DeskRequest, duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """Narrowed to a kind, to what it is about, and to what lies in no area below."""
    if kind := request.GET.get("kind"):
        duties = duties.filter(kind=kind)
    if subject := request.GET.get("subject"):
        duties = duties.filter(
            kind__in=[kind.name for kind in DUTY_KINDS.values() if kind.subject == subject]
        )
    if (who := row_number(request.GET.get("who", ""))) is not None:
        duties = answered_by(duties, who, now=request.now)
    if request.GET.get("here"):
        duties = duties.filter(area_code=request.GET.get("area"))
    return duties


def _after(request: DeskRequest, duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """In the order of the buildings, from where the page before ended."""
    code, _dot, last = request.GET.get("after", "").partition(".")
    if is_code(code) and re.fullmatch("[0-9]{1,18}", last):
        duties = duties.filter(Q(area_code__gt=code) | Q(area_code=code, id__gt=int(last)))
    return duties.order_by("area_code", "id")


def _next(request: DeskRequest, last: Duty) -> str:
    asked = request.GET.copy()
    asked["after"] = f"{last.area_code}.{last.pk}"
    return asked.urlencode()


def _start(request: DeskRequest) -> str:
    """The first page's address, when this is not the first page."""
    asked = request.GET.copy()
    return asked.urlencode() if asked.pop("after", None) else ""


def _cells(duties: QuerySet[Duty], now: datetime) -> Iterator[list[object]]:
    """Each line as it stands in a workbook; who answers and what was tried are looked up for many at once."""
    ordered = duties.select_related("household", "person", "place").order_by("area_code", "id")
    rows: list[Duty] = []
    for duty in ordered.iterator(chunk_size=TAKEN_AT_ONCE):
        rows.append(duty)
        if len(rows) == TAKEN_AT_ONCE:
            yield from map(_line, _rows(rows, now))
            rows = []
    yield from map(_line, _rows(rows, now))


def _line(row: Owed) -> list[object]:
    tried = row.tried
    return [
        row.door,
        gettext(row.kind),
        f"{row.words} {row.duty.waived_reason if row.state == 'waived' else ''}".strip(),
        row.duty.due_at,
        row.answers.name if row.answers else gettext("没人负责"),
        tried.at if tried else gettext("还没去过"),
        gettext(row.outcome) if row.outcome else "",
        tried.next_try_at if tried else None,
    ]


def _rows(duties: list[Duty], now: datetime, *, nobodys: bool = False) -> list[Owed]:
    tried, answering = last_attempts(duties), {} if nobodys else answers_of(duties, now=now)
    rows = [_row(duty, answering.get(duty.pk), tried.get(duty.pk), now) for duty in duties]
    about = named(duties)
    return [_with_name(row, about) for row in rows]


def _with_name(row: Owed, about: dict[UUID, Named]) -> Owed:
    """A duty about a row of a module is called by that row, and opens its page."""
    found = about.get(row.duty.about) if row.duty.about else None
    words, link = found or (row.door, "")
    return replace(row, door=words, link=link)


def _row(duty: Duty, answers: Helper | None, attempt: Attempt | None, now: datetime) -> Owed:
    subject = duty.household or duty.place or duty.person
    door = f"{duty.household.compound} {duty.household.door}" if duty.household else str(subject or "")
    window = Window(duty.opens_at, duty.due_at, duty.lapses_at)
    now_is = state(Facts(window, duty.done_at, duty.waived_at, duty.missed_at, duty.void_at), now)
    outcome = OUTCOMES.get(attempt.outcome, "") if attempt else ""
    return Owed(
        duty, door, DUTY_KINDS[duty.kind].words, now_is, str(STATES[now_is]), answers, attempt, outcome
    )
