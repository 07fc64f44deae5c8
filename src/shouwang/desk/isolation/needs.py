"""代办: what somebody asked for, who brings it, and that it is there."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.pictures import seen
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.isolation.forms import BESIDE, BringForm, NeedForm, ReasonForm, SayForm
from shouwang.desk.isolation.named import name_of, refusals
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.isolation.asking import ask, bring, drop, private_words, take_on, words_of
from shouwang.isolation.models import Need
from shouwang.isolation.needs.settling import answer_of, owing, say_back, settle_money, sum_owed
from shouwang.isolation.overview import open_needs
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.register.queries import household_page

PAGE = 50


def taken_away(request: DeskRequest) -> Listing:
    """What is open, without the words of it."""
    rows = (
        (_door(one), _(one.get_what_display()), one.due_at, one.taken_by.name if one.taken_by else "")
        for one in open_needs()
    )
    return Listing(_("代办"), (_("门牌"), _("要什么"), _("什么时候前"), _("谁在办")), rows)


@page("isolation.work")
@exports(taken_away)
def listed(request: DeskRequest) -> HttpResponse:
    """What is open, the next due first."""
    rows = list(open_needs()[:PAGE])
    words = words_of(rows)
    shown = {
        "rows": [(one, words.get(one.pk, ""), name_of(request, one.person)) for one in rows],
        "count": open_needs().count(), "now": request.now, "owed": owing().count(),
    }  # fmt: skip
    return render(request, "isolation/needs.html", shown)


@page("isolation.work")
def new(request: DeskRequest, household: int) -> HttpResponse:
    """Somebody called or said at the door what they need; they need not be isolated."""
    found = household_page(household)
    form = NeedForm(request.POST or None, initial={"id": uuid7(request.now)})
    made: list[Need] = []

    def write(typed: dict[str, Any]) -> None:
        made.append(ask(found.household.pk, how="phone", by=request.user, at=request.now, **typed))

    if request.method == "POST" and done(form, write, BESIDE):
        return redirect("need", made[0].pk)
    shown = {"home": found.household, "form": form}
    return render(request, "isolation/need_new.html", shown, status=422 if form.errors else 200)


@page("isolation.work")
def opened(request: DeskRequest, need: UUID) -> HttpResponse:
    """One request and what can be done with it."""
    return _shown(request, _need(need))


@page("isolation.work")
@sent("needs")
def taken(request: DeskRequest, need: UUID) -> HttpResponse:
    """I bring it."""
    row = _need(need)
    take_on(row.pk, way=request.POST.get("way", "worker"), by=request.user, at=request.now)
    messages.success(request, _("记在您名下了。"))
    return redirect("need", row.pk)


@page("isolation.work")
@sent("needs")
def brought(request: DeskRequest, need: UUID) -> HttpResponse:
    """It is there."""
    row, form = _need(need), BringForm(request.POST, request.FILES, prefix="bring")
    if row.brought_by_id == request.user.pk:
        return redirect("needs")  # sent twice

    def write(typed: dict[str, Any]) -> None:
        photo = typed.pop("photo")
        taken = photo.read() if photo else b""
        bring(row.pk, brought_at=request.now, by=request.user, at=request.now, photo=taken, **typed)

    if not done(form, write, BESIDE):
        return _shown(request, row, status=422, bring_form=form)
    messages.success(request, _("办好了。"))
    return redirect("needs")


@page("isolation.work")
@sent("needs")
def dropped(request: DeskRequest, need: UUID) -> HttpResponse:
    """It is no longer wanted."""
    row, form = _need(need), ReasonForm(request.POST, prefix="drop")
    if row.void_at:
        return redirect("needs")  # sent twice

    def write(typed: dict[str, Any]) -> None:
        drop(row.pk, reason=typed["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return _shown(request, row, status=422, drop_form=form)
    messages.success(request, _("记下了，不用办了。"))
    return redirect("needs")


@page("isolation.work")
@sent("needs")
def said(request: DeskRequest, need: UUID) -> HttpResponse:
    """What a worker answers; it stands on the household's page."""
    row, form = _need(need), SayForm(request.POST, prefix="say")

    def write(typed: dict[str, Any]) -> None:
        say_back(row.pk, words=typed["words"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return _shown(request, row, status=422, say_form=form)
    messages.success(request, _("答复了，本人在自己的页面上看得到。"))
    return redirect("need", row.pk)


def owed_away(request: DeskRequest) -> Listing:
    """The money that is owed, to take away."""
    rows = (
        (
            _door(one),
            _(one.get_what_display()),
            one.amount,
            one.at,
            one.brought_by.name if one.brought_by else "",
        )
        for one in owing()
    )
    return Listing(_("垫的钱"), (_("门牌"), _("要什么"), _("元"), _("已送到"), _("谁垫的")), rows)


@page("isolation.work")
@exports(owed_away)
def owed(request: DeskRequest) -> HttpResponse:
    """What workers laid out and nobody has paid back."""
    rows = [(one, name_of(request, one.person)) for one in owing()[:PAGE]]
    shown = {"rows": rows, "count": owing().count(), "sum": sum_owed()}
    return render(request, "isolation/needs_owed.html", shown)


@page("isolation.work")
@sent("needs_owed")
def settled(request: DeskRequest, need: UUID) -> HttpResponse:
    """Paid back."""
    row = _need(need)
    if row.settled_by_id != request.user.pk:
        settle_money(row.pk, by=request.user, at=request.now)
        messages.success(request, _("结清了。"))
    return redirect("needs_owed")


@page("isolation.work")
def receipt(request: DeskRequest, need: UUID) -> HttpResponse:
    """收据: a slip for the household."""
    row = _need(need)
    shown = {"need": row, "door": _door(row), "office": community_ways(row.area_code).office}
    return render(request, "isolation/receipt.html", shown)


@page("isolation.work")
def photo(request: DeskRequest, need: UUID) -> HttpResponseBase:
    """What stood at the door."""
    row = _need(need)
    return seen(request, row.photo, action="isolation.look_at_photo", area=row.area_code, of=row.pk)


def _shown(request: DeskRequest, row: Need, *, status: int = 200, **typed: Any) -> HttpResponse:
    words = words_of([row]).get(row.pk, "")
    fetches = row.what == "medicine" and not row.private and row.taken_by_id == request.user.pk
    if not words and (fetches or "isolation.decide" in request.grants.may):
        words = private_words(row, by=request.user, at=request.now)
    shown = {
        "need": row, "words": words, "door": _door(row), "name": name_of(request, row.person),
        "full_names": "register.read" in request.grants.may, "open": not row.at and not row.void_at,
        "answer": answer_of(row), "say_form": SayForm(prefix="say"),
        "bring_form": BringForm(prefix="bring"), "drop_form": ReasonForm(prefix="drop"),
        "refused": refusals(typed), **typed,
    }  # fmt: skip
    return render(request, "isolation/need.html", shown, status=status)


def _need(pk: UUID) -> Need:
    return one_in_scope(
        Need.objects.select_related(
            "household", "person", "taken_by", "brought_by", "settled_by", "photo"
        ).filter(pk=pk)
    )


def _door(need: Need) -> str:
    return f"{need.household.compound} {need.household.door}"
