"""报名: who wants to help, whether they are known, what they were told, and the poster that asks."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.roster.forms import BESIDE, ReasonForm, TakeForm
from shouwang.desk.roster.sheets import sheets
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.roster import volunteers
from shouwang.roster.models import SignUp

POINTS = [(key, words) for key, words in volunteers.BRIEFING]


def taken(request: DeskRequest) -> Listing:
    """Who waits for an answer."""
    rows = volunteers.waiting(chosen_community(request).code)
    words = (_("姓名"), _("电话"), _("会什么"), _("什么时候能来"), _("报名时间"))
    cells = (
        (one.name, one.phone_mask, "、".join(one.skills), "、".join(one.available), one.at) for one in rows
    )
    return Listing(_("报名"), words, cells)


@page("roster")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """The longest waiting first."""
    community = chosen_community(request)
    rows = volunteers.waiting(community.code)
    link = request.build_absolute_uri(reverse("join", args=[community.code]))
    return render(request, "roster/signups.html", {"rows": rows, "link": link})


@page("roster")
def opened(request: DeskRequest, pk: UUID) -> HttpResponse:
    """One who signed up, what is known of them, and the two ways to answer."""
    return _shown(request, volunteers.signup_of(pk))


@page("roster")
@sent("signups")
def took(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Checked and briefed; a helper from now on."""
    row, form = volunteers.signup_of(pk), _take_form(request.POST)
    if row.helper_id:
        return redirect("worker", row.helper_id)  # sent twice

    def write(typed: dict[str, Any]) -> None:
        volunteers.take(row.pk, briefed=typed["briefed"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return _shown(request, row, status=422, take_form=form)
    row.refresh_from_db()
    messages.success(request, _("{name}进了人手名单，可以排班了。").format(name=row.name))
    return redirect("worker", row.helper_id)


@page("roster")
@sent("signups")
def refused(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Not this time."""
    row, form = volunteers.signup_of(pk), ReasonForm(request.POST)
    if row.refused_at:
        return redirect("signups")  # sent twice

    def write(typed: dict[str, Any]) -> None:
        volunteers.refuse(row.pk, reason=typed["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return _shown(request, row, status=422, refuse_form=form)
    messages.success(request, _("答复了，本人在报名的网页上看得到。"))
    return redirect("signups")


@page("roster")
def poster(request: DeskRequest) -> HttpResponse:
    """The poster that asks for volunteers."""
    community = chosen_community(request)
    said = (
        _("志愿者报名"), _("搬物资、守卡口、送菜送药、打电话、会开车、懂护理，都用得上。"),
        _("身体不便、怀孕、年纪大的，也有坐着就能做的事。"), _("扫码填一分钟，社区打电话给您。"),
    )  # fmt: skip
    leading = [(community.label, reverse("join", args=[community.code]))]
    shown = {"sheets": sheets(request, leading, said), "back": "signups"}
    return render(request, "roster/sheets.html", shown)


def _take_form(data: Any = None) -> TakeForm:
    form = TakeForm(data)
    form.fields["briefed"].choices = [(key, _(words)) for key, words in POINTS]  # type: ignore[attr-defined]
    return form


def _shown(request: DeskRequest, row: SignUp, *, status: int = 200, **typed: Any) -> HttpResponse:
    shown = {
        "row": row, "known": volunteers.known(row), "take_form": _take_form(), "refuse_form": ReasonForm(), **typed
    }  # fmt: skip
    return render(request, "roster/signup.html", shown, status=status)
