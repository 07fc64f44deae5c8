"""名单里要隔离的人: a whole list on one page: asked by one, the addresses seen by another, decided by a third."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.isolation.forms import BESIDE, DecideForm
from shouwang.desk.isolation.order import grounds_of
from shouwang.desk.isolation.steps import stands_above
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.flows.at_home.orders_from_list import ask_the_listed, orders_of, who_can_be_asked
from shouwang.flows.isolation_day import begin_isolation
from shouwang.isolation.homes.fit import not_looked_at
from shouwang.isolation.models import Order
from shouwang.isolation.ordering import confirm_address
from shouwang.standing.actions import Grounds

NAMED = 200


@page("isolation.propose")
def opened(request: DeskRequest, listed: UUID) -> HttpResponse:
    """How many of the list can be asked, are asked, seen and decided; who cannot be asked, and why."""
    return _shown(request, listed)


@page("isolation.propose")
@sent("isolation")
def asked(request: DeskRequest, listed: UUID) -> HttpResponse:
    """Everybody on the list who can be asked is asked; sent twice, nobody twice."""
    made = ask_the_listed(listed, by=request.user, at=request.now)
    messages.success(
        request, _("提出了 {many} 人。要另一个人核对住址，再由有权的人决定。").format(many=len(made))
    )
    return redirect("isolation_of_list", listed)


@page("isolation.work")
@sent("isolation")
def confirmed(request: DeskRequest, listed: UUID) -> HttpResponse:
    """The addresses of all that I may see were looked at, by somebody who did not ask."""
    waiting = _waiting(request, listed).filter(address_confirmed_at=None)
    orders = list(waiting.values_list("pk", flat=True)) if "register.read" in request.grants.may else []
    if orders:
        confirm_address(orders, by=request.user, at=request.now)
        messages.success(request, _("{many} 人的住址核对好了。").format(many=len(orders)))
    return redirect("isolation_of_list", listed)


@page("isolation.decide")
@sent("isolation")
def decided(request: DeskRequest, listed: UUID) -> HttpResponse:
    """One decision with its grounds for everybody whose address was seen."""
    rows = list(_waiting(request, listed).exclude(address_confirmed_at=None))
    form = DecideForm(request.POST)

    def write(typed: dict[str, Any]) -> None:
        above = typed.pop("above") and stands_above(request, rows[0].area_code)
        begin_isolation(
            [row.pk for row in rows], Grounds(rows[0].category, **typed), by=request.user, at=request.now, above=above
        )  # fmt: skip

    if not rows:
        messages.error(request, _("没有住址核对好、等着决定的人。"))
        return redirect("isolation_of_list", listed)
    if not done(form, write, BESIDE):
        return _shown(request, listed, status=422, decide_form=form)
    messages.success(request, _("决定了 {many} 人，从现在起算数。请今天上门告知。").format(many=len(rows)))
    return redirect("isolation_of_list", listed)


def _shown(request: DeskRequest, listed: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    found, orders = who_can_be_asked(listed, at=request.now), orders_of(listed)
    waiting = _waiting(request, listed)
    first = waiting.exclude(address_confirmed_at=None).select_related("plan").first()
    seen = "register.read" in request.grants.may
    shown = {
        "listed": found.listed, "can": len(found.proposals), "cannot": len(found.left_out),
        "left_out": [(_name(line.name, seen), sentence(why)) for line, why in found.left_out[:NAMED]],
        "asked": waiting.count(), "unseen": waiting.filter(address_confirmed_at=None).count(),
        "ready": waiting.exclude(address_confirmed_at=None).count(),
        "decided": orders.exclude(decided_at=None).count(),
        "unlooked": not_looked_at(orders.exclude(decided_at=None) | waiting).count(),
        "doors": orders.values("household").distinct().count(),
        "may": request.grants.may, "mine": waiting.filter(proposed_by=request.user).exists(),
        "decide_form": DecideForm(initial=grounds_of(request, first) if first else None), **more,
    }  # fmt: skip
    return render(request, "isolation/from_list.html", shown, status=status)


def _waiting(request: DeskRequest, listed: UUID) -> QuerySet[Order]:
    """Asked, and neither decided nor lapsed."""
    return orders_of(listed).filter(decided_at=None, lapses_at__gt=request.now)


def _name(name: str, seen: bool) -> str:
    return name if seen or not name else f"{name[:1]}**"
