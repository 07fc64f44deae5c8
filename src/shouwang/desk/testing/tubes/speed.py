"""采样快慢: how each point stands now, how fast it was all day, how far its boxes are, how long results take."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.running.communities import chosen_community
from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.codes import UNIT
from shouwang.plans.actions import read
from shouwang.testing.results.queries import waited
from shouwang.testing.rounds.gap import covered
from shouwang.testing.rounds.planning import calls_of
from shouwang.testing.tubes.hub.queue import STEP
from shouwang.testing.tubes.hub.seen import boxes_in, rounds_in
from shouwang.testing.tubes.hub.speed import PointLine, on_the_way, points_of

DRAWN = 8  # lines that an eye can tell apart
USUAL_MINUTES = 30


@page("sample.hub")
def speed(request: DeskRequest) -> HttpResponse:
    """Live from the swabs' own times: people in ten minutes at each table, who waits how long, which points are behind."""
    area, now = chosen_community(request).code, request.now
    latest = rounds_in(area).select_related("plan").first()
    if latest is None:
        return render(request, "testing/tubes/speed.html", {"round": None})
    ways, calls, owing = boxes_in(area, now=now), calls_of(latest, area), covered(latest, area, width=UNIT)
    lines = points_of(latest, calls, owing, ways=ways, now=now)
    rules = read(latest.plan).testing
    shown: dict[str, Any] = {
        "round": latest, "lines": lines, "drawn": lines[:DRAWN], "steps": _steps(lines[:DRAWN], now),
        "most": (rules.queue_minutes if rules else None) or USUAL_MINUTES,
        "ways": [(_hour(one.at), one) for one in on_the_way(ways, since=latest.opens_at, now=now) if _same_day(one.at, now)],
        "waited": [(_hour(one.opened_at), one) for one in waited(latest.pk) if _same_day(one.opened_at, latest.opens_at)],
    }  # fmt: skip
    told = [line[0] for name in ("steps", "ways", "waited") for line in shown[name]]
    return render(request, "testing/tubes/speed.html", {**shown, "until": ceil(max(told, default=24))})


def _steps(lines: Sequence[PointLine], now: datetime) -> list[tuple[float, datetime, list[int]]]:
    """Each ten minutes of the last day of swabs that are over: when they ended, and how many were swabbed at each point."""
    begun = sorted({begins for line in lines for begins in line.tens})
    today = [begins for begins in begun if _same_day(begins, begun[-1]) and begins + STEP <= now]
    found, at = [], today[0] if today else now
    while today and at <= today[-1]:
        found.append((_hour(at + STEP), at + STEP, [line.tens.get(at, 0) for line in lines]))
        at += STEP
    return found


def _hour(at: datetime) -> float:
    """The hour of the day, as a number on the drawing's axis; midnight is the end of the day."""
    local = at.astimezone(ZONE)
    midnight = local.hour == local.minute == 0
    return 24.0 if midnight else round(local.hour + local.minute / 60, 2)


def _same_day(one: datetime, other: datetime) -> bool:
    return day_of(one - timedelta(microseconds=1)) == day_of(other - timedelta(microseconds=1))
