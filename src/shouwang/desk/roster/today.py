"""今天人手: what today needs against who is there, hour by hour; and one shift with everything that can be done about it."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.numbers import row_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.roster.words import against_words, day_asked, uuid_of
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.flows.gates.gate_shifts import arrive
from shouwang.flows.hands.change_turns import exchange_turns, give_turn, move_worker, replace_turn
from shouwang.lib.clock import day_of
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.roster import arriving, turns
from shouwang.roster.models import Shift
from shouwang.roster.queries import Day, Line, around, away_today, day_of_hands

A_DAY = timedelta(days=1)


def taken(request: DeskRequest) -> Listing:
    """The day's turns, one a line."""
    day, hands = _day(request)
    words = (_("岗位"), _("开始"), _("结束"), _("谁"), _("到岗"))
    rows = (
        (
            line.shift.post.name,
            line.shift.starts_at,
            line.shift.ends_at,
            turn.helper.name,
            turn.pk in line.there,
        )
        for line in hands.lines
        for turn in line.turns
    )
    cells = ((*row[:4], _("到了") if row[4] else "") for row in rows)
    return Listing(f"{_('今天人手')} {day:%m-%d}", words, cells)


@page("roster")
@exports(taken)
def today(request: DeskRequest) -> HttpResponse:
    """Posts without anybody first, then who cannot come, then the hours and all posts."""
    day, hands = _day(request)
    community = chosen_community(request)
    shown = {
        "day": day, "before": day - A_DAY, "after": day + A_DAY, "is_today": day == day_of(request.now),
        "hands": hands, "lines": sorted(hands.lines, key=lambda line: line.state == "over"),
        "empty": hands.in_state("empty"), "wanting": hands.wanting_out,
        "hours": list(zip(range(24), hands.needed, hands.given, hands.there, strict=True)),
        "away": away_today(community.code, now=request.now), "community": community,
    }  # fmt: skip
    return render(request, "roster/today.html", shown)


@page("roster")
def shift(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One shift: who has it, who is there, who could take a place, where somebody could go instead."""
    return shown_shift(request, turns.shift_of(pk))


@page("roster")
@sent("hands")
def given(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Somebody takes an open place and is told."""
    row = turns.shift_of(pk)
    give_turn(
        row.pk, _helper(request), by=request.user, at=request.now, once=uuid_of(request.POST.get("id", ""))
    )
    messages.success(request, _("安排好了，已经告诉本人。"))
    return redirect("shift", row.pk)


@page("roster")
@sent("hands")
def here(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Called out at the post."""
    turn = turns.turn_of(pk)
    arrive([turn.pk], how="lead", by=request.user, at=request.now)
    return redirect("shift", turn.shift_id)


@page("roster")
@sent("hands")
def not_here(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Called out by mistake."""
    turn = turns.turn_of(pk)
    arriving.was_not_there(turn.pk, reason=_("点错了"), by=request.user, at=request.now)
    return redirect("shift", turn.shift_id)


@page("roster")
@sent("hands")
def replaced(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Somebody else takes this turn over and is told."""
    turn = turns.turn_of(pk)
    why = turn.wants_out_why or _("换人")
    replace_turn(turn.pk, _helper(request), why=why, by=request.user, at=request.now)
    messages.success(request, _("换好了，已经告诉接班的人。"))
    return redirect("shift", turn.shift_id)


@page("roster")
@sent("hands")
def moved(request: DeskRequest, pk: UUID) -> HttpResponse:
    """To another post, from now on; one action that tells them (A6)."""
    turn, there = turns.turn_of(pk), uuid_of(request.POST.get("shift", ""))
    if there is None:
        raise NotInScope()
    made = move_worker(turn.pk, there, why=_("调人"), by=request.user, at=request.now)
    messages.success(request, _("调好了，已经告诉本人去哪里。"))
    return redirect("shift", made.shift_id)


@page("roster")
@sent("hands")
def exchanged(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Two people swap turns."""
    turn, other = turns.turn_of(pk), uuid_of(request.POST.get("turn", ""))
    if other is None:
        raise NotInScope()
    exchange_turns(turn.pk, other, by=request.user, at=request.now)
    messages.success(request, _("换好了，已经告诉他们两个。"))
    return redirect("shift", turn.shift_id)


@page("roster")
@sent("hands")
def ended(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Somebody has this turn no longer; the place is open."""
    turn = turns.end(pk, why=_("撤下"), by=request.user, at=request.now)
    messages.success(request, _("撤下了。这个位置空着，请再安排人。"))
    return redirect("shift", turn.shift_id)


def shown_shift(request: DeskRequest, row: Shift) -> HttpResponse:
    """The page of a shift."""
    lines = around(row, now=request.now)
    line = next(one for one in lines if one.shift.pk == row.pk)
    over = row.ends_at <= request.now
    free = [number for number in range(row.people) if number not in {turn.place for turn in line.turns}]
    place = free[0] if free else next((turn.place for turn in line.turns if turn.wants_out_at), None)
    there = [turn.helper_id for turn in line.turns]
    offered = [] if over else turns.proposals(row, place=place, there=there, now=request.now)
    others = [one for one in lines if one is not line]
    shown = {
        "line": line, "shift": row, "over": over, "open": len(free), "once": uuid7(request.now),
        "proposals": [(one, against_words(one.against)) for one in offered],
        "elsewhere": _elsewhere(row, others), "swaps": [(one.shift, turn) for one in others for turn in one.turns],
    }  # fmt: skip
    return render(request, "roster/shift.html", shown)


def _elsewhere(row: Shift, others: list[Line]) -> list[Line]:
    """Where somebody could be sent: other posts of the same day, those that lack people first."""
    same_day = [one for one in others if day_of(one.shift.starts_at) == day_of(row.starts_at)]
    return sorted(same_day, key=lambda one: (-one.missing, one.shift.starts_at, one.shift.post.name))


def _helper(request: DeskRequest) -> int:
    """Who was chosen. Raises: NotInScope."""
    helper = row_number(request.POST.get("helper", ""))
    if helper is None:
        raise NotInScope()
    return helper


def _day(request: DeskRequest) -> tuple[date, Day]:
    day = day_asked(request)
    return day, day_of_hands(chosen_community(request).code, day, now=request.now)
