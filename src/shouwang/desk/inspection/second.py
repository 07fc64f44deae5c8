"""抽查再访: the doors that were drawn, asked again by somebody else; both answers side by side."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.inspection.second import answer, differs, second_of, second_visits

PAGE = 100


class SecondForm(forms.Form):
    """What the door said this time."""

    people = forms.IntegerField(
        label=gettext_lazy("家里现在住几个人"), min_value=0, max_value=99, required=False
    )
    nobody_came = forms.BooleanField(label=gettext_lazy("上次没有人来过"), required=False)
    note = forms.CharField(label=gettext_lazy("备注"), max_length=200, required=False)


def taken(request: DeskRequest) -> Listing:
    """Both answers, to take away."""
    rows = (
        [
            f"{one.household.compound} {one.household.door}",
            one.first_at,
            one.first_people,
            one.at,
            one.people,
            differs(one),
        ]
        for one in second_visits(chosen_area(request), asked=True)
    )
    headings = (_("门牌"), _("第一次"), _("第一次记几人"), _("再访"), _("再访记几人"), _("哪里不一样"))
    return Listing(_("抽查再访"), headings, rows, chosen_area(request))


@page("inspection.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """The doors still to be asked, and those that were, where they differ first."""
    area = chosen_area(request)
    asked = [(one, differs(one)) for one in second_visits(area, asked=True)[:PAGE]]
    shown = {
        "waiting": second_visits(area, asked=False)[:PAGE],
        "asked": sorted(asked, key=lambda line: not line[1]),
    }
    return render(request, "inspection/second.html", shown)


@page("inspection.work")
def opened(request: DeskRequest, second: UUID) -> HttpResponse:
    """One door; what it said first is shown only once it has answered again."""
    row = second_of(second)
    form = SecondForm(request.POST or None)
    back = "door" if request.GET.get("from") == "door" else "second_visits"

    def write(told: dict[str, Any]) -> None:
        answer(
            row.pk, people=told["people"], was_visited=not told["nobody_came"], note=told["note"], by=request.user,
            at=request.now,
        )  # fmt: skip

    if request.method == "POST" and row.by_id == request.user.pk:
        return redirect(back)  # sent twice
    if request.method == "POST" and done(form, write, {"inspection.no_answer": "people"}):
        messages.success(request, _("记下了。"))
        return redirect(back)
    shown = {"second": row, "form": form, "differs": differs(row)}
    return render(request, "inspection/second_one.html", shown, status=422 if form.errors else 200)
