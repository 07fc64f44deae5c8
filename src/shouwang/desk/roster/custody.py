"""保管: keys, cards, medicine and money of residents, who holds what, and every hand it went through."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.numbers import row_number
from shouwang.desk.asked.written import written
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.roster.forms import BESIDE, ReasonForm, ThingForm
from shouwang.desk.roster.words import named
from shouwang.desk.running.sent import sent
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.register.queries import household_page
from shouwang.roster import custody, workers
from shouwang.roster.models import Thing

PAGE = 100


def taken(request: DeskRequest) -> Listing:
    """Everything that is in our hands."""
    words = (_("门牌"), _("是什么"), _("多少元"), _("谁拿着"), _("从什么时候"))
    rows = ((_door(one), one.words, one.amount, one.holder_name, one.since) for one in _asked_for(request))
    return Listing(_("保管台账"), words, rows)


@page("custody")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """What is in our hands now; of one holder where that was asked."""
    rows = _asked_for(request)
    shown = {"rows": [(one, _door(one)) for one in rows[:PAGE]], "count": rows.count()}
    return render(request, "roster/custody.html", shown)


@page("custody")
def new(request: DeskRequest, household: int) -> HttpResponse:
    """A resident gives something into our hands."""
    home = household_page(household).household
    form = ThingForm(request.POST or None, initial={"id": uuid7(request.now), "holder": _me(request)})
    people = named(workers.helpers_in(home.area_code[:COMMUNITY]))
    form.fields["holder"].choices = people  # type: ignore[attr-defined]
    made: list[Thing] = []

    def write(typed: dict[str, Any]) -> None:
        once = typed.pop("id")
        told = custody.Received(home.pk, **typed)
        made.append(custody.receive(told, by=request.user, at=request.now, once=once))

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("记下了。还给本人时再点一次。"))
        return redirect("thing", made[0].pk)
    shown = {"home": home, "form": form}
    return render(request, "roster/thing_new.html", shown, status=422 if form.errors else 200)


@page("custody")
def thing(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One thing and every hand it went through."""
    row = custody.thing_of(pk)
    people = named(workers.helpers_in(row.area_code[:COMMUNITY]))
    shown = {
        "thing": row, "door": _door(row), "passings": custody.passings_of(row),
        "people": [one for one in people if one[0] != row.holder], "form": ReasonForm(),
    }  # fmt: skip
    return render(request, "roster/thing.html", shown)


@page("custody")
@sent("custody")
def passed(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Into somebody else's hands."""
    taker = row_number(request.POST.get("taker", ""))
    if taker is None:
        raise NotInScope()
    custody.pass_on([pk], taker=taker, by=request.user, at=request.now)
    messages.success(request, _("记下了。"))
    return redirect("thing", pk)


@page("custody")
@sent("custody")
def given_back(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Back to the resident."""
    row = custody.thing_of(pk)
    if row.holder is not None:
        custody.give_back([pk], met=written(request, "met", 64), by=request.user, at=request.now)
    messages.success(request, _("还给本人了。"))
    return redirect("custody")


@page("custody")
@sent("custody")
def struck(request: DeskRequest, pk: UUID, passing: UUID) -> HttpResponse:
    """A passing that did not happen."""
    custody.strike(passing, reason=written(request, "reason", 100), by=request.user, at=request.now)
    return redirect("thing", pk)


def _asked_for(request: DeskRequest) -> Any:
    return custody.held_now("", holder=row_number(request.GET.get("holder", "")))


def _me(request: DeskRequest) -> int | None:
    helper = getattr(request.user, "helper", None)
    return helper.pk if helper else None


def _door(row: Thing) -> str:
    return f"{row.household.compound} {row.household.door}"
