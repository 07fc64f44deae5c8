"""The list behind one number of an account, of a closed day or of tonight."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, Count, QuerySet, Window
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from shouwang.catalogue import ANSWERS, DUTY_KINDS
from shouwang.desk.asked.numbers import place_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.owed.lines import (
    CARRIED_WORDS,
    CHANGED_WORDS,
    Line,
    carried_cells,
    carried_lines,
    changed_cells,
    changed_lines,
    proposed_lines,
)
from shouwang.desk.running.accounts import COLUMN_WORDS, asked_day
from shouwang.desk.running.communities import chosen_community
from shouwang.duties.accounted import behind_account
from shouwang.duties.among import among
from shouwang.duties.close import as_if_closed, last_close
from shouwang.duties.models import Carried, DayClose, Duty
from shouwang.flows.before_close import Tonight, carried_tonight
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area

PAGE = 50
Changes = dict[int, tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """One number of an account, and the duties behind it. Shape: `changes` is empty where they are tonight's."""

    community: Area
    day: date
    column: str
    kind: str
    closing: DayClose | None
    tonight: Tonight | None
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
    here = asked.here.select_related("household", "place", "person").annotate(many=Window(Count("pk")))
    few = list(here[(number - 1) * PAGE : number * PAGE])
    there = few[0].many if few else 0
    elsewhere = len(asked.changes) - there if asked.changes else 0
    found = {
        "community": asked.community,
        "day": asked.day,
        "column": asked.column,
        "words": COLUMN_WORDS[asked.column],
        "kind": DUTY_KINDS.get(asked.kind),
        "count": there + elsewhere,
        "elsewhere": elsewhere,
        "closing": asked.closing,
        "lines": _lines(few, asked),
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
    last = last_close(community.code)
    closing = (
        DayClose.objects.filter(area_code=community.code, day=day).first()
        if last and last.day >= day
        else None
    )
    tonight = None
    if closing is None and column == "carried_out":
        tonight = carried_tonight(community.code, day, last=last, now=request.now, answers=ANSWERS)
    if tonight:
        here, changes = _in_order(tonight.carried), {}
        here = here.filter(kind=kind) if kind else here
    else:
        changes = _changes(community.code, day, column, kind, closing or last, request.now)
        here = _in_order(changes)
    return Asked(community, day, column, kind, closing, tonight, changes, here)


def _in_order(duties: Iterable[int]) -> QuerySet[Duty]:
    """Those that are here, as one walks past them."""
    return Duty.objects.filter(among("pk", duties, BigIntegerField())).order_by("area_code", "id")


def _changes(
    community: str, day: date, column: str, kind: str, last: DayClose | None, now: datetime
) -> Changes:
    """The duties of a column, each with what it was and became; tonight's as if the day were closed now."""
    if last and last.day == day:
        return behind_account(community, column, since=last.from_at, until=last.until, kind=kind)
    with as_if_closed(community, day, last=last, now=now) as (since, until):
        return behind_account(community, column, since=since, until=until, kind=kind)


def _lines(duties: Sequence[Duty], asked: Asked) -> list[Line]:
    """With the reasons where they are carried."""
    here = asked.community.label
    if asked.tonight:
        proposals = {duty.pk: proposal for duty, proposal in asked.tonight.lines}
        return proposed_lines(duties, proposals, here=here)
    if asked.column != "carried_out" or asked.closing is None:
        return changed_lines(duties, asked.changes, here=here)
    told = asked.closing.carried.filter(duty__in=duties).select_related("owner")
    said: dict[int, Carried] = {line.duty_id: line for line in told}
    by_id = {duty.pk: duty for duty in duties}
    for line in said.values():
        line.duty = by_id[line.duty_id]
    rest = proposed_lines([duty for duty in duties if duty.pk not in said], {}, here=here)
    return [*carried_lines(list(said.values()), here=here), *rest]


def _page(request: DeskRequest) -> int:
    return max(place_number(request.GET.get("page", "")), 1)


def _address(request: DeskRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return asked.urlencode()
