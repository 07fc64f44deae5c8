"""体温: whose reading is missing now, door by door, and what a chat group said."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.forms import ChatForm
from shouwang.desk.isolation.named import name_of
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.duties.models import Attempt
from shouwang.flows.at_home.ill import refer_ill
from shouwang.isolation.caring import record_readings
from shouwang.isolation.duties import TEMPERATURE
from shouwang.isolation.models import HOW, Order
from shouwang.isolation.overview import in_order, without_reading
from shouwang.isolation.readings.from_chat import Heard, hear, readings
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.ids import uuid7
from shouwang.screening.actions import OUTCOMES

MOST = 200
EVERYWHERE = ""  # the scope of the page says where


@page("isolation.work")
def missing(request: DeskRequest) -> HttpResponse:
    """Who is missing, by building, each with a call and a place for the number."""
    rows = in_order(without_reading(request.now)).select_related("household")
    first = list(rows[:MOST])
    tried = _tried(request, first)
    lines = [
        (row, name_of(request, row.person), uuid7(request.now), tried.get(row.person_id)) for row in first
    ]
    buildings = [(place, list(those)) for place, those in groupby(lines, key=lambda line: _building(line[0]))]
    shown = {"buildings": buildings, "count": rows.count(), "how": HOW[1:3], "form": ChatForm()}
    return render(request, "isolation/temperatures.html", shown)


@page("isolation.work")
@sent("isolation_temperatures")
def chat(request: DeskRequest) -> HttpResponse:
    """A 接龙 is read and shown; only then the sure lines are written down."""
    form = ChatForm(request.POST)
    heard = hear(form.cleaned_data["text"], EVERYWHERE, now=request.now) if form.is_valid() else []
    if heard and "record" in request.POST and done(form, lambda _typed: _record(request, heard)):
        return redirect("isolation_temperatures")
    shown = {
        "form": form,
        "sure": [(one, name_of(request, one.order.person)) for one in heard if one.order and not one.doubt],
        "doubts": [one for one in heard if one.doubt],
    }
    return render(request, "isolation/chat.html", shown, status=200 if heard else 422)


def _record(request: DeskRequest, heard: list[Heard]) -> None:
    made = record_readings(readings(heard, at=request.now), by=request.user, at=request.now)
    ill = refer_ill(made, by=request.user, at=request.now)
    messages.success(request, _("记下了 {many} 人的体温。").format(many=len(made)))
    if ill:
        messages.error(request, _("{many} 人发热或不舒服，已经记下要送医。").format(many=len(ill)))


def _building(order: Order) -> str:
    home = order.household
    return f"{home.compound} {home.building}"


def _tried(request: DeskRequest, orders: list[Order]) -> dict[int, tuple[Attempt, str]]:
    """The last call of today that nobody answered, by person."""
    today = midnight(day_of(request.now))
    people = [order.person_id for order in orders]
    rows = Attempt.objects.filter(kind=TEMPERATURE.name, person__in=people, at__gte=today).order_by("at")
    return {row.person_id: (row, OUTCOMES.get(row.outcome, "")) for row in rows if row.person_id}
