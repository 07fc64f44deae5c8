"""排班: a week as a grid, by post or by person, printed, made by the computer while one watches, and published."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.roster.forms import BESIDE, MakeForm
from shouwang.desk.roster.words import day_asked
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.flows.hands.change_turns import publish_roster
from shouwang.lib.clock import ZONE, day_of
from shouwang.roster import making
from shouwang.roster.models import Making, Shift
from shouwang.roster.queries import Line, week

A_DAY = timedelta(days=1)
DAYS = 7


@dataclass(frozen=True)
class Row:
    """One line of the grid: a post at its hours, or a person; and what stands under each day."""

    words: str
    small: str
    cells: list[list[Any]]


def taken(request: DeskRequest) -> Listing:
    """The week, one turn a line."""
    first = _first(request)
    words = (_("日期"), _("岗位"), _("开始"), _("结束"), _("谁"))
    rows = (
        (
            day_of(line.shift.starts_at),
            line.shift.post.name,
            line.shift.starts_at,
            line.shift.ends_at,
            turn.helper.name,
        )
        for line in week(chosen_community(request).code, first, now=request.now)
        for turn in line.turns
    )
    return Listing(f"{_('排班')} {first:%m-%d}", words, rows)


@page("roster")
@exports(taken)
def grid(request: DeskRequest) -> HttpResponse:
    """Seven days side by side."""
    return _shown(request, MakeForm(initial={"from_on": _first(request), "days": DAYS}))


@page("roster")
def printed(request: DeskRequest) -> HttpResponse:
    """The same on paper."""
    return render(request, "roster/print.html", _grid(request))


@page("roster")
@sent("roster_week")
def made(request: DeskRequest) -> HttpResponse:
    """The computer fills what is open, in the background."""
    community, form = chosen_community(request), MakeForm(request.POST)

    def ask(typed: dict[str, Any]) -> None:
        making.ask_for(
            community.code,
            from_on=typed["from_on"],
            until_on=form.until_on(),
            by=request.user,
            at=request.now,
        )

    if not done(form, ask, BESIDE):
        return _shown(request, form, status=422)
    return redirect(f"{request.path.removesuffix('make/')}?day={form.cleaned_data['from_on']}")


@page("roster")
def state(request: DeskRequest) -> HttpResponse:
    """How far it is: the part of the page which renews itself."""
    return render(request, "roster/parts/making.html", _making(request))


@page("roster")
@sent("roster_week")
def published(request: DeskRequest) -> HttpResponse:
    """The week holds from now on, and everybody hears of their turns."""
    community, first = chosen_community(request), _first(request)
    told = publish_roster(
        community.code, from_on=first, until_on=first + A_DAY * DAYS, by=request.user, at=request.now
    )
    messages.success(request, _("发布了，{many} 人会收到消息。").format(many=len(told.new)))
    if told.unreachable:
        names = len(told.unreachable)
        messages.error(request, _("{many} 人没有手机号，请打电话告诉他们。").format(many=names))
    return redirect(f"{request.path.removesuffix('publish/')}?day={first}")


def _shown(request: DeskRequest, form: MakeForm, *, status: int = 200) -> HttpResponse:
    return render(
        request, "roster/week.html", {**_grid(request), "form": form, **_making(request)}, status=status
    )


def _grid(request: DeskRequest) -> dict[str, Any]:
    community, first = chosen_community(request), _first(request)
    days = [first + A_DAY * number for number in range(DAYS)]
    lines = week(community.code, first, now=request.now)
    by = "person" if request.GET.get("by") == "person" else "post"
    rows = _by_person(lines, days) if by == "person" else _by_post(lines, days)
    return {
        "community": community, "days": days, "by": by, "rows": rows, "first": first, "before": first - A_DAY * DAYS,
        "after": first + A_DAY * DAYS, "open": sum(line.missing for line in lines), "lines": len(lines),
        "unpublished": sum(1 for line in lines for turn in line.turns if not turn.told_at),
    }  # fmt: skip


def _by_post(lines: list[Line], days: list[date]) -> list[Row]:
    found: dict[tuple[str, str, str], dict[date, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        found[line.shift.post.kind, line.shift.post.name, _hours(line.shift)][
            day_of(line.shift.starts_at)
        ].append(line)
    return [
        Row(name, hours, [cells[day] for day in days])
        for (_kind, name, hours), cells in sorted(found.items())
    ]


def _by_person(lines: list[Line], days: list[date]) -> list[Row]:
    found: dict[tuple[str, int], dict[date, list[Shift]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        for turn in line.turns:
            found[turn.helper.name, turn.helper_id][day_of(line.shift.starts_at)].append(line.shift)
    return [Row(name, "", [cells[day] for day in days]) for (name, _pk), cells in sorted(found.items())]


def _hours(shift: Shift) -> str:
    return f"{shift.starts_at.astimezone(ZONE):%H:%M}–{shift.ends_at.astimezone(ZONE):%H:%M}"


def _making(request: DeskRequest) -> dict[str, Any]:
    last: Making | None = making.latest(chosen_community(request).code)
    stuck = bool(last and not last.finished_at and request.now - last.asked_at > making.GIVEN_UP)
    shifts = Shift.objects.select_related("post").in_bulk([one[0] for one in last.open]) if last else {}
    left = [(shifts.get(UUID(one[0])), one[2]) for one in last.open] if last else []
    return {"making": last, "stuck": stuck, "left": [one for one in left if one[0]]}


def _first(request: DeskRequest) -> date:
    """The first day shown: the one asked for, else the Monday of this week."""
    day = day_asked(request)
    return day if "day" in request.GET else day - A_DAY * day.weekday()
