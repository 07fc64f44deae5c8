"""核酸检测: the rounds with how far each is; ordering one on one page, seen before it holds; ending one on the word of two."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.times import once
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.desk.testing.rounds.forms import BESIDE, EndForm, OrderForm
from shouwang.desk.testing.rounds.where import labels_of, within
from shouwang.lib.codes import community_of
from shouwang.plans.actions import in_force, read
from shouwang.testing.models import Round
from shouwang.testing.rounds.gap import Covered, so_far
from shouwang.testing.rounds.ordering import Asked, Ordered, ask_to_end, end_round, order
from shouwang.testing.rounds.planning import Advice, advised
from shouwang.testing.rounds.who import at_doors, at_points

MOST = 40


@dataclass(frozen=True)
class Shown:
    """A round as it stands in the list."""

    round: Round
    area: str
    covered: Covered
    over: bool


@dataclass(frozen=True)
class Preview:
    """What an order would ask, before it holds."""

    points: int
    doors: int
    advice: Advice


def taken(request: DeskRequest) -> Listing:
    """The rounds, to take away."""
    words = (_("叫什么"), _("哪里"), _("从"), _("到"), _("应检"), _("已检"), _("未检"), _("免检"))
    return Listing(_("核酸检测"), words, map(_cells, _shown(request)))


@page("round.open")
@exports(taken)
def rounds(request: DeskRequest) -> HttpResponse:
    """The rounds of one's areas, those that run first."""
    return render(request, "testing/rounds/rounds.html", {"rounds": _shown(request)})


@page("round.open")
def new(request: DeskRequest) -> HttpResponse:
    """A round on one page: looked at first, with how many people, points and samplers; ordered then."""
    home = min(request.grants.codes)
    held = in_force(community_of(home), now=request.now)
    rules = read(held.plan).testing if held else None
    form = OrderForm(request.grants, rules, request.now, request.POST or None, initial=once(request.now))
    preview = None
    made: list[Ordered] = []

    def write(_told: dict) -> None:
        asked = form.asked(held.plan)  # type: ignore[union-attr]
        request.grants.require_area(asked.area)
        made.append(order(asked, by=request.user, at=request.now, id=form.cleaned_data["id"]))

    if request.method == "POST" and "open" in request.POST and held and done(form, write, BESIDE):
        said = _("下达了：采样点 {points} 人，上门 {doors} 人。").format(
            points=made[0].points, doors=made[0].doors
        )
        messages.success(request, said)
        return redirect("testing_round", made[0].round.pk)
    if request.method == "POST" and held and form.is_valid():
        preview = _preview(form.asked(held.plan), request)
    shown = {"form": form, "preview": preview, "plan": held, "rules": rules}
    return render(request, "testing/rounds/new.html", shown, status=422 if form.errors else 200)


@page("round.open")
@sent("testing_rounds")
def end_asked(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """Somebody asks for the end."""
    row, form = within(request, round_id), EndForm(request.POST)
    if done(
        form, lambda told: ask_to_end(row.pk, reason=told["reason"], by=request.user, at=request.now), BESIDE
    ):
        messages.success(request, _("提出了。请另一个人来确认。"))
    else:
        messages.error(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
    return redirect("testing_round", row.pk)


@page("round.open")
@sent("testing_rounds")
def ended(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """Somebody else says so too."""
    row = within(request, round_id)
    struck = end_round(row.pk, by=request.user, at=request.now)
    messages.success(request, _("结束了。还没采的 {struck} 人不用再采，采过的不变。").format(struck=struck))
    return redirect("testing_round", row.pk)


def _cells(one: Shown) -> list[object]:
    row, there = one.round, one.covered
    numbers = (there.asked, there.tested, there.left, there.exempt)
    return [row.name, one.area, row.opens_at, row.due_at, *numbers]


def _shown(request: DeskRequest) -> list[Shown]:
    rows = list(Round.objects.order_by("-due_at", "pk")[:MOST])
    rows.sort(
        key=lambda row: (row.ended_at is not None or row.due_at <= request.now, -row.opens_at.timestamp())
    )
    labels = labels_of({row.area_code for row in rows})
    return [
        Shown(row, labels.get(row.area_code, row.area_code), so_far(row, row.area_code), bool(row.ended_at) or row.due_at <= request.now)
        for row in rows[:12]
    ]  # fmt: skip


def _preview(asked: Asked, request: DeskRequest) -> Preview:
    """How many it would be, by a round that is not kept."""
    row = Round(
        area_code=asked.area,
        categories=list(asked.groups),
        door_helps=list(asked.door_helps),
        door_from_age=asked.door_from_age,
    )
    request.grants.require_area(asked.area)
    points, doors = at_points(row, now=request.now).count(), at_doors(row, now=request.now).count()
    return Preview(points, doors, advised(points, read(asked.plan).testing))
