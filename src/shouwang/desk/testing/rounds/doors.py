"""上门采样: the tours of the teams, and why they were laid out again; a sheet for each team; who is swabbed tonight."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.desk.testing.rounds.forms import BESIDE, UrgentForm
from shouwang.desk.testing.rounds.where import community_shown, rules_at, shown_area, trail_of
from shouwang.desk.wording import swab_in_language
from shouwang.duties.models import Duty
from shouwang.flows.swabbing.rounds_day import tests_on
from shouwang.flows.swabbing.urgent import swab_tonight
from shouwang.isolation.schedule import SwabDay
from shouwang.lib.clock import day_end, day_of
from shouwang.screening.lists.models import PushedList
from shouwang.testing.models import Tour
from shouwang.testing.rounds.again import STAYS, because_of
from shouwang.testing.rounds.doors import due_at_doors, lay_out, stops_of, tours_of
from shouwang.testing.rounds.ordering import round_of
from shouwang.testing.rounds.routes import LAST, SECONDS, URGENT

RANKS = {URGENT: "先去", LAST: "最后去"}


def taken(request: DeskRequest, round_id: UUID) -> Listing:
    """Every stop, to take away."""
    row = round_of(round_id)
    area = shown_area(request, row)
    tours = tours_of(row, area)
    stops = stops_of(tours, now=request.now)
    words = (_("队"), _("第几户"), _("门牌"), _("几点到"), _("几个人"), _("办好没有"))
    rows = (
        [tour.number, stop.place, str(stop.household), stop.arrives_at, stop.people, _("未办") if due else _("已办")]
        for tour in tours for stop, due in stops.get(tour.pk, [])
    )  # fmt: skip
    return Listing(_("上门采样路线"), words, rows, area)


@page("visit.record")
@exports(taken)
def tours(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """The tours that hold, and how far each team is."""
    row = round_of(round_id)
    area = community_shown(request, row) if "round.open" in request.grants.may else shown_area(request, row)
    found = tours_of(row, area)
    stops = stops_of(found, now=request.now)
    due = due_at_doors(area, now=max(request.now, row.opens_at))
    rules = rules_at(area, request)
    lines = [
        (tour, stops.get(tour.pk, []), sum(1 for _s, left in stops.get(tour.pk, []) if left is None))
        for tour in found
    ]
    shown = {
        "round": row, "area": area, "trail": trail_of(area, row, request.grants), "lines": lines, "doors": len(due), "ranks": RANKS,
        "people": sum(len(one.people) for one in due), "staff": (rules.door_team_staff if rules else None) or 3, "tab": "doors",
        "again_for": because_of(found) if found else [], "stays": STAYS,
        "may_plan": "round.open" in request.grants.may and not row.ended_at and row.due_at > request.now,
    }  # fmt: skip
    return render(request, "testing/rounds/doors.html", shown)


@page("round.open")
@sent("testing_rounds")
def laid_out(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """The tours are laid out, or laid out again for whoever is left."""
    row = round_of(round_id)
    area = community_shown(request, row)
    made = lay_out(row, area, rules_at(area, request), by=request.user, at=request.now, seconds=SECONDS)
    messages.success(request, _("排好了，一共 {many} 队。手机上下次联网就能看到。").format(many=len(made)))
    return redirect("testing_doors", row.pk)


@page("visit.record")
def sheet(request: DeskRequest, tour: UUID) -> HttpResponse:
    """A team's way on paper, door by door."""
    found = one_in_scope(Tour.objects.select_related("round").filter(pk=tour))
    begins = max(request.now, found.round.opens_at)
    stops = stops_of([found], now=begins).get(found.pk, [])
    tests = tests_on({one for _stop, due in stops if due for one in due.people}, day_of(begins))
    lines = [
        (stop, due, [*_ways_of(due.people, tests), *_words_of(due.others)] if due else [])
        for stop, due in stops
    ]
    return render(request, "testing/rounds/sheet.html", {"tour": found, "lines": lines, "ranks": RANKS})


@page("round.open")
def urgent(request: DeskRequest) -> HttpResponse:
    """当晚急采: who was pushed today is swabbed tonight."""
    since = request.now - timedelta(days=1)
    rows = PushedList.objects.filter(arrived_at__gte=since).order_by("-arrived_at")
    offered = [(str(row.pk), f"{row.title} · {row.sender}") for row in rows]
    form = UrgentForm(
        offered, request.POST or None, initial={"due_at": day_end(request.now) - timedelta(minutes=1)}
    )
    made: list[int] = []

    def write(told: dict[str, Any]) -> None:
        made.append(
            swab_tonight(
                [UUID(one) for one in told["lists"]], due_at=told["due_at"], by=request.user, at=request.now
            )
        )

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("新加了 {many} 人，今晚上门采。").format(many=made[0]))
        return redirect("testing_urgent")
    shown = {"form": form, "lists": offered}
    return render(request, "testing/rounds/urgent.html", shown, status=422 if form.errors else 200)


def _ways_of(people: Iterable[int], tests: Mapping[int, SwabDay]) -> list[str]:
    """How people behind a door are swabbed today, each way once."""
    return sorted({words for one in people if one in tests and (words := swab_in_language(tests[one]))})


def _words_of(duties: Iterable[Duty]) -> list[str]:
    """What is due, each thing once, as screens say it."""
    return sorted({_(DUTY_KINDS[duty.kind].words) for duty in duties})
