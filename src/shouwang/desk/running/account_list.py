"""The list behind one number of an account, of a closed day or of tonight."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from shouwang.catalogue import ANSWERS, DUTY_KINDS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.accounts import COLUMN_WORDS, asked_day
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.lines import (
    CARRIED_WORDS,
    CHANGED_WORDS,
    Line,
    carried_cells,
    carried_lines,
    changed_cells,
    changed_lines,
    proposed_lines,
)
from shouwang.duties.accounted import behind_account
from shouwang.duties.close import as_if_closed
from shouwang.duties.models import Carried, DayClose, Duty
from shouwang.flows.before_close import Evening, evening_of
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area

PAGE = 50
Changes = dict[int, tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """One number of an account, and the duties behind it."""

    community: Area
    day: date
    column: str
    kind: str
    closing: DayClose | None
    evening: Evening | None
    changes: Changes
    here: QuerySet[Duty]


def taken(request: DeskRequest) -> Listing:
    """The whole list, to take away."""
    asked = _asked(request)
    duties = list(asked.here.select_related("household", "place", "person"))
    carried = asked.column == "carried_out"
    headings, cells = (CARRIED_WORDS, carried_cells) if carried else (CHANGED_WORDS, changed_cells)
    kind = DUTY_KINDS.get(asked.kind)
    words = [str(COLUMN_WORDS[asked.column]), *([gettext(kind.words)] if kind else []), f"{asked.day:%m-%d}"]
    return Listing(" · ".join(words), headings, map(cells, _lines(duties, asked)), asked.community.code)


@page("board")
@exports(taken)
def behind_number(request: DeskRequest) -> HttpResponse:
    """The doors behind one number of an account, in the order of the buildings."""
    asked, number = _asked(request), _page(request)
    there = asked.here.count()
    shown = asked.here.select_related("household", "place", "person")[(number - 1) * PAGE : number * PAGE]
    found = {
        "community": asked.community,
        "day": asked.day,
        "column": asked.column,
        "words": COLUMN_WORDS[asked.column],
        "kind": DUTY_KINDS.get(asked.kind),
        "count": len(asked.changes),
        "elsewhere": len(asked.changes) - there,
        "closing": asked.closing,
        "lines": _lines(list(shown), asked),
        "more": _address(request, number + 1) if there > number * PAGE else "",
        "from_start": _address(request, 1) if number > 1 else "",
    }
    return render(request, "running/account_list.html", found)


def _asked(request: DeskRequest) -> Asked:
    """Raises: NotInScope."""
    community, day = chosen_community(request), asked_day(request)
    column, kind = request.GET.get("column", ""), request.GET.get("kind", "")
    if column not in COLUMN_WORDS or (kind and kind not in DUTY_KINDS):
        raise NotInScope()
    closing = DayClose.objects.filter(area_code=community.code, day=day).first()
    evening = None
    if closing is None and column == "carried_out":
        evening = evening_of(community.code, day, now=request.now, answers=ANSWERS)
    changes = (
        _carried(evening, kind)
        if evening
        else _changes(community.code, day, column, kind, closing, request.now)
    )
    here = Duty.objects.filter(pk__in=list(changes)).order_by("area_code", "id")
    return Asked(community, day, column, kind, closing, evening, changes, here)


def _changes(
    community: str, day: date, column: str, kind: str, closing: DayClose | None, now: datetime
) -> Changes:
    """The duties of a column, each with what it was and became; tonight's as if the day were closed now."""
    if closing:
        return behind_account(community, column, since=closing.from_at, until=closing.until, kind=kind)
    with as_if_closed(community, day, now=now) as (since, until):
        return behind_account(community, column, since=since, until=until, kind=kind)


def _carried(evening: Evening, kind: str) -> Changes:
    """What would be carried tonight."""
    own = evening.carried
    if kind:
        own = list(Duty.objects.filter(pk__in=own, kind=kind).values_list("pk", flat=True))
    return dict.fromkeys(own, ("owed", "owed"))


def _lines(duties: list[Duty], asked: Asked) -> list[Line]:
    """With the reasons where they are carried."""
    if asked.evening:
        return proposed_lines(duties, {duty.pk: proposal for duty, proposal in asked.evening.lines})
    if asked.column != "carried_out" or asked.closing is None:
        return changed_lines(duties, asked.changes)
    told = asked.closing.carried.filter(duty__in=duties).select_related("owner")
    said: dict[int, Carried] = {line.duty_id: line for line in told}
    by_id = {duty.pk: duty for duty in duties}
    for line in said.values():
        line.duty = by_id[line.duty_id]
    rest = proposed_lines([duty for duty in duties if duty.pk not in said], {})
    return [*carried_lines(said.values()), *rest]


def _page(request: DeskRequest) -> int:
    asked = request.GET.get("page", "1")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _address(request: DeskRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return asked.urlencode()
