"""交接: somebody falls ill; who takes over is one list and one button."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.roster.forms import BESIDE, HandForm
from shouwang.desk.roster.words import named
from shouwang.desk.running.communities import chosen_community
from shouwang.flows.hands.hand_over_worker import HandedOver, hand_over_worker, in_hand
from shouwang.register.models import Helper, Responsibility
from shouwang.roster import workers
from shouwang.roster.queries import away_today

FIRST = 8  # so many takers are shown at once, the others on request
WHY = {"ill": "生病", "isolated": "在隔离", "leave": "请假", "": "换人"}


@page("roster")
def choose(request: DeskRequest) -> HttpResponse:
    """Whose work is to go to others: those who answer for doors first."""
    rows = workers.helpers_in(chosen_community(request).code)
    leading = set(Responsibility.objects.in_force(request.now).values_list("helper", flat=True))
    asked = request.GET.get("q", "").strip()[:20]
    found = [one for one in rows if not asked or one.name.startswith(asked)]
    found.sort(key=lambda one: (one.pk not in leading, one.name))
    shown = {"rows": [(one, one.pk in leading) for one in found], "asked": asked}
    return render(request, "roster/handing.html", shown)


@page("roster")
def hand_over(request: DeskRequest, pk: int) -> HttpResponse:
    """What they have in hand, who could take it, and the button."""
    giver, load = workers.helper_of(pk), in_hand(pk, now=request.now)
    form = HandForm(request.POST or None)
    form.fields["taker"].choices = _takers(request, giver)  # type: ignore[attr-defined]
    made: list[HandedOver] = []

    def write(typed: dict[str, Any]) -> None:
        reason = WHY[typed["why"]]
        made.append(
            hand_over_worker(
                giver.pk,
                typed["taker"],
                why=typed["why"],
                reason=_(reason),
                by=request.user,
                at=request.now,
            )
        )

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("都交过去了，已经告诉接手的人。"))
        if made[0].left_open:
            messages.error(
                request,
                _("有 {many} 个班接手的人上不了，也没有别人，请补人。").format(many=len(made[0].left_open)),
            )
            return redirect("shift", made[0].left_open[0].shift_id)
        return redirect("worker", giver.pk)
    shown = {"giver": giver, "load": load, "form": form, "first": FIRST}
    return render(request, "roster/hand_over.html", shown, status=422 if form.errors else 200)


def _takers(request: DeskRequest, giver: Helper) -> list[tuple[int, str]]:
    """Those who could: of the same unit and kind first, nobody who is away."""
    away = {one.helper_id for one in away_today(giver.area_code[:12], now=request.now)}
    rows = [
        one for one in workers.helpers_in(giver.area_code[:12]) if one.pk != giver.pk and one.pk not in away
    ]
    rows.sort(key=lambda one: (one.unit != giver.unit, one.kind != giver.kind, one.name))
    return named(rows)
