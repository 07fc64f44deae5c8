"""卡口通行: every gate as it stands now, what of the week somebody should look at, and the figures of a day by shift."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.desk.asked.numbers import place_number
from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.gates.drawn import bars
from shouwang.desk.gates.passages import COUNTED, HOURS, MOST, address_of, holder, who, why
from shouwang.gates.passed import Asked
from shouwang.gates.queries import Tally, came_late, inside, live, mattering, not_left, overdrawn, tallies
from shouwang.lib.clock import day_of, midnight
from shouwang.plans.actions import plan_of

A_DAY, DAYS_BACK = timedelta(days=1), 7
Cells = list[tuple[str, int, str]]  # what is counted, how many, where they are listed


@page("gate.read")
def listed(request: DeskRequest) -> HttpResponse:
    """All gates: alarms first, then the figures of today."""
    area, now = chosen_area(request), request.now
    lines = live(area, now=now)
    lines.sort(key=lambda one: (not one.unmanned, one.offline_since is None))
    sums = {
        name: sum(getattr(line, name) for line in lines)
        for name in ("came", "left", "turned_back", "fevers", "mattered")
    }
    shown = {
        "lines": [(line, bars(line.hours)) for line in lines], "sums": sums, "inside": inside(area, now=now),
        "unmanned": sum(line.unmanned for line in lines), "may_manage": "gate.manage" in request.grants.may,
        "area": area, "today": day_of(now),
    }  # fmt: skip
    return render(request, "gates/live.html", shown)


@page("gate.read")
def weekly(request: DeskRequest) -> HttpResponse:
    """Visitors who have not left, quotas overdrawn, overrides that mattered."""
    area, now = chosen_area(request), request.now
    shown = {
        "staying": [(row, who(row)) for row in not_left(area, now=now)],
        "overdrawn": [(one, holder(one.card)) for one in overdrawn(area, now=now)],
        "late": [(row, who(row)) for row in came_late(area, now=now)[:MOST]],
        "mattering": [(row, who(row), why(row)) for row in mattering(area, now=now)[:MOST]],
    }
    return render(request, "gates/week.html", shown)


def taken_tallies(request: DeskRequest) -> Listing:
    """The figures by gate, day and shift, to take away."""
    rows = (
        [words, shift, *(number for _what, number, _to in cells)] for words, shift, cells in _tallied(request)
    )
    return Listing(
        _("卡口统计"), [_("卡口"), _("班次"), *map(str, COUNTED.values())], rows, chosen_area(request)
    )


@page("gate.read")
@exports(taken_tallies)
def tallied(request: DeskRequest) -> HttpResponse:
    """What came in by gate and shift of one day; every number opens its list."""
    area, day, rows = chosen_area(request), _day(request), _tallied(request)
    days = [day_of(request.now) - A_DAY * back for back in range(DAYS_BACK)]
    where = reverse("gates_passages")
    shown = {
        "rows": rows, "figures": COUNTED.values(), "days": days, "day": day,
        "sums": [
            (str(words), sum(cells[place][1] for _w, _s, cells in rows), f"{where}?{address_of(Asked(area, None, which, day))}")
            for place, (which, words) in enumerate(COUNTED.items())
        ],
    }  # fmt: skip
    return render(request, "gates/tallies.html", shown)


def _tallied(request: DeskRequest) -> list[tuple[str, str, Cells]]:
    """Each gate and shift with its numbers, and where each number leads."""
    area, day = chosen_area(request), _day(request)
    plan = plan_of(area, now=request.now) if area else None
    shifts = (plan.gates.shifts_per_day if plan and plan.gates else None) or 1
    names = {line.gate.pk: line.gate.name for line in live(area, now=request.now)}
    found = tallies(names, from_at=midnight(day), until=midnight(day + A_DAY), shifts=shifts)
    length = HOURS // shifts
    rows = []
    for one in found:
        hours = (one.shift * length, (one.shift + 1) * length)
        rows.append((names[one.gate], f"{hours[0]}:00–{hours[1]}:00", _cells(one, area, day, hours)))
    return rows


def _cells(one: Tally, area: str, day: date, hours: tuple[int, int]) -> Cells:
    where = reverse("gate", args=[one.gate])
    return [
        (
            str(COUNTED[which]),
            getattr(one, which),
            f"{where}?{address_of(Asked(area, one.gate, which, day, hours))}",
        )
        for which in COUNTED
    ]


def _day(request: DeskRequest) -> date:
    return day_of(request.now) - A_DAY * min(place_number(request.GET.get("back", "")), DAYS_BACK - 1)
