"""叫人: which squads are called, who has answered, who has not and is telephoned."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.roster.forms import BESIDE, CallForm
from shouwang.desk.roster.words import squads_in
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.flows.hands.call_people_up import call_people_up
from shouwang.lib.ids import uuid7
from shouwang.outreach.actions import Sent
from shouwang.roster import callups, workers

SHOWN = 20


@page("roster")
def calls(request: DeskRequest) -> HttpResponse:
    """The call-ups, and the place for a new one."""
    community = chosen_community(request)
    squads = squads_in(community.code, now=request.now)
    people = workers.members(community.code, squads)
    form = CallForm(request.POST or None, initial={"id": uuid7(request.now), "squads": list(squads)})
    form.fields["squads"].choices = [  # type: ignore[attr-defined]
        (key, _("{words}（{many} 人）").format(words=words, many=len(people[key])))
        for key, words in squads.items()
    ]
    told: list[Sent] = []

    def write(typed: dict[str, Any]) -> None:
        told.append(
            call_people_up(
                community.code, typed["squads"], reason=typed["reason"], by=request.user, at=request.now,
                at_once=typed["at_once"], once=typed["id"],
            )
        )  # fmt: skip

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(
            request, _("叫了 {many} 人。").format(many=len(told[0].new) + len(told[0].unreachable))
        )
        return redirect("call_up", form.cleaned_data["id"])
    rows = callups.call_ups(community.code)[:SHOWN]
    shown = {"form": form, "calls": rows, "squads": squads}
    return render(request, "roster/calls.html", shown, status=422 if form.errors else 200)


def taken(request: DeskRequest, pk: UUID) -> Listing:
    """Who was called and what they said."""
    said = {True: _("收到，能来"), False: _("来不了"), None: _("还没回")}
    rows = callups.answers_of(callups.call_up_of(pk))[1]
    cells = ((row.helper.name, row.helper.phone_mask, row.due_at, said[row.coming]) for row in rows)
    return Listing(_("叫人"), (_("姓名"), _("电话"), _("什么时候前回"), _("怎么说")), cells)


@page("roster")
@exports(taken)
def call(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Who has not answered stands first."""
    row = callups.call_up_of(pk)
    answers, people = callups.answers_of(row)
    squads = squads_in(row.area_code, now=request.now)
    shown = {"call": row, "answers": answers, "people": people, "squads": squads}
    return render(request, "roster/call.html", shown)


@page("roster")
@sent("call_ups")
def answered(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Somebody was asked by telephone and said so."""
    coming = request.POST.get("coming") == "1"
    row = callups.answer(pk, coming=coming, answered_at=request.now, by=request.user, at=request.now)
    return redirect("call_up", row.call_up_id)
