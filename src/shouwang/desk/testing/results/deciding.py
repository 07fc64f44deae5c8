"""要人看的结果: what the laboratory wrote beside what we know; somebody says whether it counts, and why."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.flows.swabbing.results_arrive import count_after_all
from shouwang.testing.results.models import Result
from shouwang.testing.results.queries import beside, held_in
from shouwang.testing.results.rules import HELD
from shouwang.testing.results.taking import set_aside

SHOWN = 50


class WordForm(forms.Form):
    """Whether it counts, and why."""

    counts = forms.ChoiceField(
        label=gettext_lazy("怎么处理"),
        choices=[("yes", gettext_lazy("算数")), ("no", gettext_lazy("不算"))],
        widget=forms.RadioSelect,
    )
    word = forms.CharField(label=gettext_lazy("为什么"), max_length=100)


def taken(request: DeskRequest) -> Listing:
    """What is held, to ask the laboratory about."""
    area = chosen_community(request).code
    rows = (
        [row.code, row.written, _(HELD[row.held]), row.laboratory, row.received_at] for row in held_in(area)
    )
    heads = (_("条码号"), _("结果"), _("为什么要人看"), _("检测机构"), _("收到"))
    return Listing(_("要人看的结果"), heads, rows, area)


@page("result.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """What is held for somebody, the oldest first."""
    rows = held_in(chosen_community(request).code)
    shown = [(row, _(HELD[row.held])) for row in rows[:SHOWN]]
    return render(request, "testing/results/held.html", {"rows": shown, "many": rows.count()})


@page("result.work")
def decided(request: DeskRequest, result: UUID) -> HttpResponse:
    """One of them, with what our own samplers told of the tube."""
    row = one_in_scope(Result.objects.filter(pk=result).select_related("tube"))
    form = WordForm(request.POST or None)
    if (
        row.held
        and not row.settled_at
        and request.method == "POST"
        and done(form, lambda typed: _settle(request, row, typed))
    ):
        messages.success(request, _("处理好了。"))
        return redirect("results_held")
    shown = {"row": row, "why": _(HELD[row.held]) if row.held else "", "form": form, "known": beside(row)}
    return render(request, "testing/results/decide.html", shown, status=422 if form.errors else 200)


def _settle(request: DeskRequest, row: Result, typed: dict[str, Any]) -> None:
    settle = count_after_all if typed["counts"] == "yes" else set_aside
    settle(row.pk, word=typed["word"], by=request.user, at=request.now)
