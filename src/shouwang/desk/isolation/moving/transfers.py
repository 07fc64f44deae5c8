"""转运: whom a car takes, with whom, into whose hands; nobody stays behind alone, and nobody is taken at night."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.times import once
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.isolation.forms import ReasonForm
from shouwang.desk.isolation.moving.forms import BESIDE, MODES, DepartForm, HandOverForm, TripForm
from shouwang.desk.isolation.named import door_of, name_of, refusals
from shouwang.desk.isolation.order import step
from shouwang.desk.isolation.steps import stands_above
from shouwang.desk.living.acting import done
from shouwang.desk.open.handing import hand_link
from shouwang.desk.running.sent import sent
from shouwang.isolation.models import Transfer
from shouwang.isolation.moving import (
    calls_off,
    cares_open,
    depart,
    hand_over,
    of_today,
    plan_transfer,
    transfer_of,
)
from shouwang.isolation.overview import of_one_door
from shouwang.register.queries import people_of

WHERE = dict(MODES)


def taken(request: DeskRequest) -> Listing:
    """The cars of these days, to take away; without names."""
    rows = (
        (one.leaves_at, one.to_place, one.vehicle, one.driver, one.people, one.left_at, one.arrived_at, one.received_by)  # type: ignore[attr-defined]
        for one in of_today(now=request.now)
    )  # fmt: skip
    headings = (
        _("什么时候走"),
        _("去哪里"),
        _("车牌"),
        _("司机"),
        _("几个人"),
        _("出发"),
        _("到了"),
        _("谁接收"),
    )
    return Listing(_("转运"), headings, rows)


@page("isolation.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """The cars that are still to go or under way, and those of yesterday and today."""
    return render(request, "isolation/moving/listed.html", {"rows": of_today(now=request.now)})


@page("isolation.propose")
def new(request: DeskRequest, order: UUID) -> HttpResponse:
    """A car for the people behind one door."""
    row = step(request, order, "register.read")
    going = [one for one in of_one_door(row, request.now) if one.decided_at]
    held = {one.person_id for one in going}
    home = people_of([row.household.kept_id or row.household_id])
    others = [one for people in home.values() for one in people if one.pk not in held]
    form = TripForm(
        {
            "orders": [(str(one.pk), one.person.name) for one in going],
            "companions": [(str(one.pk), one.name) for one in others],
        },
        request.POST or None,
        initial={"orders": [str(row.pk)], "to_mode": "central", **once(request.now)},
    )
    made: list[Transfer] = []

    def write(typed: dict[str, Any]) -> None:
        made.append(plan_transfer(
            [UUID(one) for one in typed["orders"]], form.trip(), by=request.user, at=request.now,
            companions=[int(one) for one in typed.get("companions", [])],
            above=typed["above"] and stands_above(request, row.area_code), reason=typed["reason"], id=typed["id"],
        ))  # fmt: skip

    if request.method == "POST" and done(form, write, BESIDE):
        return redirect("transfer", made[0].pk)
    shown = {"form": form, "order": row, "door": door_of(row)}
    return render(request, "isolation/moving/new.html", shown, status=422 if form.errors else 200)


@page("isolation.work")
def opened(request: DeskRequest, transfer: UUID) -> HttpResponse:
    """One car: who sits in it, what is still open, and the next step."""
    return _shown(request, transfer_of(transfer))


@page("isolation.work")
@sent("transfers")
def departed(request: DeskRequest, transfer: UUID) -> HttpResponse:
    """The car goes."""
    row, form = transfer_of(transfer), DepartForm(request.POST)
    if row.left_by_id == request.user.pk:
        return redirect("transfer", row.pk)  # sent twice

    def write(typed: dict[str, Any]) -> None:
        disinfected = request.now if typed["disinfected"] else None
        depart(row.pk, disinfected_at=disinfected, left_at=request.now, by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return _shown(request, row, status=422, depart_form=form)
    messages.success(request, _("出发了。"))
    return redirect("transfer", row.pk)


@page("isolation.work")
@sent("transfers")
def handed_over(request: DeskRequest, transfer: UUID) -> HttpResponse:
    """Somebody at the other end has them."""
    row, form = transfer_of(transfer), HandOverForm(request.POST, prefix="hand")
    if row.arrived_at:
        return redirect("transfer", row.pk)

    def write(typed: dict[str, Any]) -> None:
        disinfected = request.now if typed["disinfected"] else None
        hand_over(
            row.pk, received_by=typed["received_by"], arrived_at=request.now, disinfected_at=disinfected,
            by=request.user, at=request.now,
        )  # fmt: skip

    if not done(form, write, BESIDE):
        return _shown(request, row, status=422, hand_form=form)
    messages.success(request, _("交接好了，从现在起在那边照看。"))
    return redirect("transfer", row.pk)


@page("isolation.propose")
@sent("transfers")
def called_off(request: DeskRequest, transfer: UUID) -> HttpResponse:
    """The car does not go."""
    row, form = transfer_of(transfer), ReasonForm(request.POST, prefix="off")

    def write(typed: dict[str, Any]) -> None:
        calls_off(row.pk, reason=typed["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return _shown(request, row, status=422, off_form=form)
    messages.success(request, _("这趟车取消了。"))
    return redirect("transfers")


@page("isolation.work")
def sheet(request: DeskRequest, transfer: UUID) -> HttpResponse:
    """转运单: one A4 page that goes along, with lines to sign on."""
    row = transfer_of(transfer)
    first = next((seat.order_id for seat in row.seats.all() if seat.order_id), None)
    if first:
        step(request, first, "register.read")
    return render(request, "isolation/moving/sheet.html", _told(request, row))


def _told(request: DeskRequest, row: Transfer) -> dict[str, Any]:
    seats = row.seats.select_related("person__household", "order__household").order_by("pk")
    return {
        "transfer": row, "where": _(str(WHERE.get(row.to_mode, row.to_mode))),
        "seats": [(seat, name_of(request, seat.person), seat.person.household) for seat in seats],
    }  # fmt: skip


def _shown(request: DeskRequest, row: Transfer, *, status: int = 200, **typed: Any) -> HttpResponse:
    shown = _told(request, row) | {
        "may": request.grants.may, "cares": cares_open(row), "link": hand_link(row), "depart_form": DepartForm(),
        "hand_form": HandOverForm(prefix="hand"), "off_form": ReasonForm(prefix="off"),
        "refused": refusals(typed), **typed,
    }  # fmt: skip
    return render(request, "isolation/moving/transfer.html", shown, status=status)
