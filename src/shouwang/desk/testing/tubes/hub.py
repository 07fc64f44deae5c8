"""样本: which box is where, what waits and what is late; for the hub also what differs, how old tubes are, the account of a round."""

from collections import Counter
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.communities import chosen_community
from shouwang.plans.actions import plan_of
from shouwang.testing.tubes.hub.seen import (
    account_of,
    boxes_in,
    find,
    open_too_long,
    rounds_in,
)
from shouwang.testing.tubes.models import STATIONS, Box
from shouwang.testing.tubes.rules import LOST, STATES

WHERE = dict(STATIONS)
SHOWN = 50


def taken(request: DeskRequest) -> Listing:
    """The boxes of the hub, to take away."""
    area = chosen_community(request).code
    rows = (
        (
            line.box.code, line.point, _(STATES[line.account.state]), _(WHERE[line.account.station]),
            len(line.account.contents), len(line.account.received), line.due_at, line.came_at,
        )
        for line in boxes_in(area, now=request.now)
    )  # fmt: skip
    heads = (
        _("箱码"),
        _("采样点"),
        _("状态"),
        _("在哪里"),
        _("装了几管"),
        _("收到几管"),
        _("最晚送到"),
        _("送到"),
    )
    return Listing(_("样本转运箱"), heads, rows, area)


@page("sample.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """The boxes of today and yesterday, what is late first; a code that was scanned opens what it is on."""
    area, typed = chosen_community(request).code, request.GET.get("code", "")
    found = find(typed) if typed else None
    if found:
        return redirect("testing_box" if isinstance(found, Box) else "testing_tube", found.pk)
    lines = boxes_in(area, now=request.now)
    hours = _hours(request, area)
    there = {tube for line in lines if line.came_at for tube in line.account.contents | line.account.received}
    shown = {
        "lines": [
            (line, line.late(request.now), _(STATES[line.account.state]), _(WHERE[line.account.station]))
            for line in lines
        ],
        "states": [
            (_(words), many)
            for state, words in STATES.items()
            if (many := Counter(line.account.state for line in lines)[state])
        ],
        "late": sum(line.late(request.now) for line in lines),
        "lost": sum(line.account.state == LOST for line in lines),
        "differ": sum(bool(line.account.unexplained) for line in lines),
        "old": [
            tube for tube in open_too_long(area, hours=hours, now=request.now)[:SHOWN] if tube.pk not in there
        ],
        "hours": f"{hours:g}" if hours else "",
        "rounds": rounds_in(area)[:5],
        "typed": typed,
        "unknown": bool(typed),
    }
    return render(request, "testing/tubes/hub.html", shown, status=404 if typed else 200)


@page("sample.hub")
def account(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """The account of a round: every tube and every box."""
    found = account_of(round_id)
    states = [(_(words), many) for state, words in STATES.items() if (many := found.states[state])]
    differ = [line for line in found.boxes if line.account.unexplained]
    return render(
        request, "testing/tubes/account.html", {"account": found, "states": states, "differ": differ}
    )


def _hours(request: DeskRequest, area: str) -> float | None:
    plan = plan_of(area, now=request.now)
    return plan.testing.room_temperature_hours if plan and plan.testing else None
