"""定期就医: dialysis and visits before a birth: the days are known, the car is asked for ahead."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.isolation.forms import BESIDE, ReasonForm
from shouwang.desk.isolation.named import name_of
from shouwang.desk.isolation.regular.forms import WEEKDAYS, RegularForm
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.isolation.models import Regular
from shouwang.isolation.needs.regular import end, keep, next_days, running
from shouwang.register.queries import household_page

MOST = 200


def taken(request: DeskRequest) -> Listing:
    """Who goes where and when, to take away."""
    words = (_("姓名"), _("门牌"), _("去做什么"), _("哪几天"), _("下一次"), _("哪家医院"), _("坐什么车"))
    rows = (
        (
            name_of(request, one.person), _door(one), _(one.get_what_display()), _days(one),
            next(iter(next_days(one, now=request.now)), None), one.hospital, _(one.get_way_display()),
        )
        for one in running()[:MOST]
    )  # fmt: skip
    return Listing(_("定期就医"), words, rows)


@page("isolation.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """Who goes where, and when next."""
    rows = [
        (one, name_of(request, one.person), _door(one), _days(one), next_days(one, now=request.now))
        for one in running()[:MOST]
    ]
    return render(request, "isolation/regular/listed.html", {"rows": rows, "form": ReasonForm()})


@page("isolation.work")
def new(request: DeskRequest, household: int) -> HttpResponse:
    """The days of somebody behind this door."""
    found = household_page(household)
    people = [(one.pk, name_of(request, one)) for one in found.people if one.left_at is None]
    form = RegularForm(people, request.now, request.POST or None)

    def write(typed: dict[str, Any]) -> None:
        keep(
            typed["person"], form.days(), what=typed["what"], hospital=typed["hospital"], way=typed["way"],
            by=request.user, at=request.now, id=typed["id"],
        )  # fmt: skip

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("记下了。每次提前两天自动派活，不用再记。"))
        return redirect("regulars")
    shown = {"home": found.household, "form": form}
    return render(request, "isolation/regular/new.html", shown, status=422 if form.errors else 200)


@page("isolation.work")
@sent("regulars")
def ended(request: DeskRequest, regular: UUID) -> HttpResponse:
    """No longer needed."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        end(regular, reason=form.cleaned_data["reason"], by=request.user, at=request.now)
        messages.success(request, _("记下了，以后不再派。"))
    else:
        messages.error(request, _("请写一句为什么不用了。"))
    return redirect("regulars")


def _days(row: Regular) -> str:
    named = dict(WEEKDAYS)
    weekly = "、".join(str(named[day]) for day in row.weekdays)
    return "；".join(filter(None, (weekly, "、".join(f"{day.month}-{day.day}" for day in row.dates))))


def _door(row: Regular) -> str:
    home = row.person.household
    return f"{home.compound} {home.door}" if home else ""
