"""核对体温: values that never move, ten doors within a minute; somebody looks and says in a word what it was (RP17)."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.asked.times import DayField
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.named import name_of
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.isolation.models import ODD
from shouwang.isolation.readings.watched import Odd, oddities, settle_oddity
from shouwang.isolation.readings.watched import settled as settled_lately
from shouwang.plans.actions import plan_of

LATELY_DAYS, SHOWN = 7, 30


class WordForm(forms.Form):
    """What it was."""

    what = forms.ChoiceField(choices=ODD, widget=forms.HiddenInput)
    on = DayField(widget=forms.HiddenInput)
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    worker = forms.IntegerField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(label=gettext_lazy("看过了，是怎么回事"), max_length=200)


@page("isolation.propose")
def listed(request: DeskRequest) -> HttpResponse:
    """What is odd and not settled, and what was settled lately."""
    return _shown(request)


@page("isolation.propose")
@sent("oddities")
def settled(request: DeskRequest) -> HttpResponse:
    """Somebody looked, and says what it was."""
    form = WordForm(request.POST)

    def write(typed: dict[str, Any]) -> None:
        settle_oddity(by=request.user, at=request.now, **typed)

    if not done(form, write):
        return _shown(request, wrong=form, status=422)
    messages.success(request, _("记下了。"))
    return redirect("oddities")


def _shown(request: DeskRequest, *, wrong: WordForm | None = None, status: int = 200) -> HttpResponse:
    plan = plan_of(request.grants.codes[0], now=request.now) if request.grants.codes else None
    found = oddities(plan.temperature if plan else None, now=request.now)
    shown = {
        "rows": [(one, name_of(request, one.person), one.readings[:SHOWN], _form(one)) for one in found],
        "wrong": wrong, "settled": settled_lately(now=request.now, days=LATELY_DAYS)[:SHOWN],
    }  # fmt: skip
    return render(request, "isolation/watching/oddities.html", shown, status=status)


def _form(one: Odd) -> WordForm:
    on: date = one.on
    asked = {"what": one.what, "on": on.isoformat(), "person": one.person and one.person.pk}
    return WordForm(initial=asked | {"worker": one.worker and one.worker.pk}, auto_id=False)
