"""采样点和时间表: points with their tables, who is called when, the texts for it, what is drawn, who is fetched, who does what."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.numbers import place_number
from shouwang.desk.asked.times import once
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.desk.testing.rounds.forms import BESIDE, DrawForm, FetchForm, PointForm, morning_of
from shouwang.desk.testing.rounds.texts import for_group, for_loudspeaker
from shouwang.desk.testing.rounds.where import (
    community_shown,
    labels_of,
    rules_at,
    shown_area,
    trail_of,
)
from shouwang.flows.swabbing.draw_for_points import draw_for_points, due_by, needed
from shouwang.lib.clock import day_of
from shouwang.lib.codes import BUILDING, COMPOUND
from shouwang.plans.form.fieldwork import Testing
from shouwang.register.models import Area
from shouwang.register.responsibility import who_answers_each
from shouwang.roster.models import Turn
from shouwang.testing.models import Call, Fetching, Point, Round
from shouwang.testing.rounds.fetching import Asked, arrived, call_off, fetch
from shouwang.testing.rounds.gap import so_far
from shouwang.testing.rounds.ordering import round_of
from shouwang.testing.rounds.planning import (
    add_point,
    advised,
    call,
    calls_of,
    close_point,
    opening,
    points_in,
)

USUAL_BOX = 50
# 1+3: who answers for the building from first to last, who guides on the way, who knocks, who sees to things.
JOBS = {
    "一人包到底": ("building_lead", "grid_lead", "cadre"),
    "引导": ("unit_lead", "property_company", "grid_lead"),
    "敲门": ("unit_lead", "building_lead", "cadre"),
    "后勤": ("property_company", "cadre", "leader"),
}


@dataclass(frozen=True)
class Spot:
    """A point and its day: who is called when, until when it takes, whom the roster sends there."""

    point: Point
    calls: list[tuple[Call, str]]
    people: int
    hands: list[str]
    group: str
    loud: str


@page("visit.record")
def timetable(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """Points with their timetables and texts; forms for whoever plans."""
    row = round_of(round_id)
    return _shown(request, row)


@page("round.open")
@sent("testing_rounds")
def point_added(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """One more point."""
    row = round_of(round_id)
    area = community_shown(request, row)
    form = PointForm(_compounds(area), request.POST)

    def write(told: dict[str, Any]) -> None:
        add_point(
            told["compound"], name=told["name"], where=told["where"], tables=told["tables"], per_hour=told["per_hour"],
            by=request.user, at=request.now, id=told["id"],
        )  # fmt: skip

    if not done(form, write, BESIDE):
        return _shown(request, row, point=form)
    messages.success(request, _("加好了。改好点位以后，请再排一次时间表。"))
    return _back(row, area)


@page("round.open")
@sent("testing_rounds")
def point_closed(request: DeskRequest, round_id: UUID, point: UUID) -> HttpResponse:
    """A point closes: whoever was to go there goes to the others."""
    row = round_of(round_id)
    area = community_shown(request, row)
    closed = close_point(point, by=request.user, at=request.now)
    if calls_of(row, area) and points_in(area):
        call(row, area, rules_at(area, request), by=request.user, at=request.now)
        messages.success(
            request, _("“{name}”关了，没采的楼已经改到别的点。请把新的通知发出去。").format(name=closed.name)
        )
    else:
        messages.success(request, _("“{name}”关了。").format(name=closed.name))
    return _back(row, area)


@page("round.open")
@sent("testing_rounds")
def laid_out(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """The timetable is made, or made again from now on."""
    row = round_of(round_id)
    area = community_shown(request, row)
    days = call(row, area, rules_at(area, request), by=request.user, at=request.now)
    queue = max((day.queue for day in days), default=0)
    wait = max((day.wait for day in days), default=0)
    said = _("排好了。排队最多 {queue} 人，最长等 {wait} 分钟。").format(queue=round(queue), wait=round(wait))
    messages.success(request, said)
    return _back(row, area)


@page("round.open")
@sent("testing_rounds")
def drawn(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """What the points need becomes a list for the store."""
    row, form = round_of(round_id), DrawForm(request.POST)
    area = community_shown(request, row)
    made: list[Any] = []
    if done(
        form,
        lambda told: made.append(
            draw_for_points(row, area, per_box=told["per_box"], by=request.user, at=request.now)
        ),
    ):
        messages.success(request, _("领用单做好了，库房会看到。"))
        return _back(row, area)
    return _shown(request, row, draw=form)


@page("round.open")
@sent("testing_rounds")
def fetching(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """Samplers are to be fetched."""
    row, form = round_of(round_id), FetchForm(request.POST)
    area = community_shown(request, row)

    def write(told: dict[str, Any]) -> None:
        asked = Asked(told["hospital"], told["people"], told["vehicle"], told["phone"], told["due_at"])
        fetch(row, area, asked, by=request.user, at=request.now, id=told["id"])

    if not done(form, write, BESIDE):
        return _shown(request, row, fetch=form)
    messages.success(request, _("记好了，接到以后请点“接到了”。"))
    return _back(row, area)


@page("visit.record")
def fetching_of(request: DeskRequest, fetching: UUID) -> HttpResponse:
    """From a duty to the page on which it is done."""
    row = one_in_scope(Fetching.objects.filter(pk=fetching))
    return redirect("testing_calls", row.round_id)


@page("visit.record")
@sent("testing_rounds")
def fetched(request: DeskRequest, fetching: UUID) -> HttpResponse:
    """They are there, or nobody needs to go."""
    if "off" in request.POST:
        call_off(fetching, reason=_("不用接了"), by=request.user, at=request.now)
    else:
        arrived(fetching, by=request.user, at=request.now)
    messages.success(request, _("记好了。"))
    return redirect("testing_fetching", fetching)


@page("visit.record")
def jobs(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """1+3, building by building, to print."""
    row = round_of(round_id)
    area = shown_area(request, row)
    codes = sorted({one.area_code[:BUILDING] for one in calls_of(row, area)})
    answers = who_answers_each(dict.fromkeys(JOBS.values(), codes), now=request.now)
    labels = labels_of({*codes, *(code[:COMPOUND] for code in codes)})
    lines = [
        (
            f"{labels.get(code[:COMPOUND], '')} {labels.get(code, '')}".strip(),
            [
                (_(job), answers[roles][code].name if code in answers[roles] else "")
                for job, roles in JOBS.items()
            ],
        )
        for code in codes
    ]
    shown = {"round": row, "jobs": [_(words) for words in JOBS], "lines": lines, "area": area}
    return render(request, "testing/rounds/jobs.html", shown)


def _shown(request: DeskRequest, row: Round, **forms: Any) -> HttpResponse:
    area = community_shown(request, row)
    rules, calls, points = rules_at(area, request), calls_of(row, area), points_in(area)
    asked, begun = sum(one.people for one in calls), opening(row, area, rules)
    plan = "round.open" in request.grants.may and not row.ended_at and row.due_at > request.now
    begins = morning_of(day_of(max(row.opens_at, request.now)), rules.medics_fetched_by if rules else None)
    draw = forms.get("draw") or DrawForm(initial={"per_box": USUAL_BOX})
    shown = {
        "round": row, "area": area, "trail": trail_of(area, row, request.grants),
        "spots": _spots(row, points, calls, rules, request), "may_plan": plan,
        "rules": rules, "called": asked, "through": max((one.through_at for one in calls), default=None),
        "opening": begun, "opening_state": begun.state(request.now) if begun else "",
        "advice": advised(asked or so_far(row, area).asked, rules),
        "fetchings": Fetching.objects.filter(round=row, area_code=area, void_at=None).order_by("due_at"),
        "point_form": forms.get("point") or PointForm(_compounds(area), initial=once(request.now)),
        "fetch_form": forms.get("fetch") or FetchForm(initial={**once(request.now), "due_at": begins}),
        "draw_form": draw, "draw_by": due_by(row, rules, now=request.now), "tab": "calls",
        "needs": needed(row, points, calls, rules, per_box=_per_box(request)) if calls else [], "per_box": _per_box(request),
    }  # fmt: skip
    return render(
        request,
        "testing/rounds/calls.html",
        shown,
        status=422 if any(form.errors for form in forms.values()) else 200,
    )


def _spots(
    row: Round, points: list[Point], calls: list[Call], rules: Testing | None, request: DeskRequest
) -> list[Spot]:
    apart_m = rules.line_distance_m if rules else None
    labels = labels_of(
        {
            part
            for one in calls
            for part in (one.area_code, one.area_code[:BUILDING], one.area_code[:COMPOUND])
        }
    )
    at: defaultdict[UUID, list[tuple[Call, str]]] = defaultdict(list)
    for one in calls:
        at[one.point_id].append((one, _words(one.area_code, labels)))
    hands = _hands(points, row)
    return [
        Spot(
            point, at[point.pk], sum(one.people for one, _w in at[point.pk]), hands[point.name],
            for_group(row, point, at[point.pk], apart_m=apart_m), for_loudspeaker(point, at[point.pk], now=request.now),
        )
        for point in points
    ]  # fmt: skip


def _words(code: str, labels: dict[str, str]) -> str:
    unit = code[BUILDING:].lstrip("0")
    parts = [
        labels.get(code[:COMPOUND], ""),
        labels.get(code[:BUILDING], code[COMPOUND:BUILDING].lstrip("0")),
    ]
    return " ".join(part for part in (*parts, _("{n}单元").format(n=unit) if unit else "") if part)


def _hands(points: list[Point], row: Round) -> defaultdict[str, list[str]]:
    """Whom the roster sends to posts of these names on the day of the round."""
    turns = Turn.objects.filter(
        shift__post__name__in=[point.name for point in points], shift__starts_at__lt=row.due_at, shift__ends_at__gt=row.opens_at,
        shift__cancelled_at=None, ended_at=None,
    )  # fmt: skip
    found: defaultdict[str, list[str]] = defaultdict(list)
    for post, name in (
        turns.order_by("shift__starts_at").values_list("shift__post__name", "helper__name").distinct()
    ):
        found[post].append(name)
    return found


def _compounds(area: str) -> list[tuple[str, str]]:
    rows = Area.objects.filter(level="compound", code__gte=area, code__lt=area + "~").order_by("code")
    return [*rows.values_list("code", "label")] or [(area, _("这里"))]


def _per_box(request: DeskRequest) -> int:
    """How many tubes go into a box, as it was asked; the draw list asks for it."""
    asked = place_number(request.GET.get("per_box", ""))
    return asked if 0 < asked <= 500 else USUAL_BOX


def _back(row: Round, area: str) -> HttpResponse:
    return redirect(f"{_address(row)}?area={area}")


def _address(row: Round) -> str:
    return reverse("testing_calls", args=[row.pk])
