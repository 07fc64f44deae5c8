"""居民报备: who said that they came or are coming, and what people ask about what they said."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.sent import sent
from shouwang.lib.clock import day_of, midnight
from shouwang.screening.lists.models import ListRow
from shouwang.screening.lists.settling import unsettled
from shouwang.screening.reports.actions import answer
from shouwang.screening.reports.models import ReportedPerson
from shouwang.screening.reports.queries import answers_due, coming, lately, open_wishes
from shouwang.screening.reports.rules import door_words

DAYS, MOST = 7, 200
MAY_ANSWER = "list.receive"


class AnswerForm(forms.Form):
    """Yes or no to somebody's wish, and in words that they read."""

    granted = forms.TypedChoiceField(
        label=gettext_lazy("怎么办"), choices=[("1", gettext_lazy("办")), ("0", gettext_lazy("不能办"))],
        coerce=lambda value: value == "1",
    )  # fmt: skip
    words = forms.CharField(label=gettext_lazy("答复（本人看得到）"), max_length=400)


def taken(request: DeskRequest) -> Listing:
    """Who reported lately and who is on the way, to take away."""
    words = (
        _("姓名"), _("替谁填"), _("从哪里来"), _("哪天到"), _("住址"), _("电话"), _("报的时间"), _("哪里不舒服"), _("核查"),
    )  # fmt: skip
    today = day_of(request.now)
    ahead = coming(since=today + timedelta(days=1))
    rows = {one.pk: one for one in (*ahead, *lately(since=midnight(today - timedelta(days=DAYS - 1))))}
    waiting = _waiting(list(rows.values()))
    return Listing(_("居民报备"), words, (_cells(_line(one, waiting)) for one in rows.values()))


@page("list.work")
@exports(taken)
def reported(request: DeskRequest) -> HttpResponse:
    """The last seven days, and everybody who is still on the way."""
    today = day_of(request.now)
    since = midnight(today - timedelta(days=DAYS - 1))
    ahead = list(coming(since=today + timedelta(days=1))[:MOST])
    latest = list(lately(since=since)[:MOST])
    waiting = _waiting([*ahead, *latest])
    shown = {
        "coming": [_line(one, waiting) for one in ahead],
        "lately": [_line(one, waiting) for one in latest],
        "wishes": answers_due(open_wishes(), now=request.now) if MAY_ANSWER in request.grants.may else [],
        "form": AnswerForm(), "days": DAYS, "most": MOST, "may_print": MAY_ANSWER in request.grants.may,
    }  # fmt: skip
    return render(request, "reporting/reported.html", shown)


@page(MAY_ANSWER)
@sent("reported")
def answered(request: DeskRequest, wish: UUID) -> HttpResponse:
    """Deletes what somebody wants deleted, or says why not."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        answer(wish, granted=told["granted"], words=told["words"], by=request.user, at=request.now)
        messages.success(request, _("答复了，本人用回执号看得到。"))
    else:
        messages.error(request, _("请写一句答复，本人看得到。"))
    return redirect("reported")


def _waiting(people: list[ReportedPerson]) -> set[UUID]:
    """The rows among these that nobody has settled."""
    rows = ListRow.objects.filter(pk__in={one.row_id for one in people if one.row_id})
    return set(unsettled(rows).values_list("pk", flat=True))


def _line(one: ReportedPerson, waiting: set[UUID]) -> dict[str, Any]:
    told = one.report
    return {
        "person": one,
        "report": told,
        "address": door_words(told.compound, told.building, told.unit, told.room) or told.address,
        "waits": one.row_id is None or one.row_id in waiting,
    }


def _cells(line: dict[str, Any]) -> list[object]:
    one, told = line["person"], line["report"]
    state = _("待办") if line["waits"] else _("已办")
    return [
        one.name, _(told.get_whose_display()), told.from_place, told.arrived_on, line["address"],
        one.phone_mask or told.phone_mask, told.recorded_at, "、".join(_(word) for word in one.symptoms), state,
    ]  # fmt: skip
