"""One box: its way, its tubes, the counts that differ; and what the hub says of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.testing.tubes.hub.reconciling import SAID, explain, reconcile
from shouwang.testing.tubes.hub.seen import box_page
from shouwang.testing.tubes.models import DIFFERENCES, STATIONS, STEPS
from shouwang.testing.tubes.rules import LOST, STATES

WORDS, WHERE, KINDS = dict(DIFFERENCES), dict(STATIONS), dict(STEPS)
BESIDE = {"testing.no_reason": "reason"}


class ExplainForm(forms.Form):
    """Why a count differs."""

    difference = forms.ChoiceField(choices=DIFFERENCES, widget=forms.HiddenInput)
    tube = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


class SaidForm(forms.Form):
    """It cannot be found, or it was found."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in SAID], widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("写一句：最后在谁手里、在哪里找到的"), max_length=200)


@page("sample.work")
def opened(request: DeskRequest, box: UUID) -> HttpResponse:
    """One box from its opening to the laboratory."""
    return _shown(request, box)


@page("sample.hub")
@sent("samples")
def explained(request: DeskRequest, box: UUID) -> HttpResponse:
    """Somebody says why a count differs."""
    form = ExplainForm(request.POST)

    def write(told: dict[str, Any]) -> None:
        explain(box, told["difference"], told["tube"], reason=told["reason"], by=request.user, at=request.now)

    return _after(request, box, form, done(form, write, BESIDE), _("原因记下了。"))


@page("sample.hub")
@sent("samples")
def said(request: DeskRequest, box: UUID) -> HttpResponse:
    """It cannot be found, or it was found."""
    form = SaidForm(request.POST)

    def write(told: dict[str, Any]) -> None:
        SAID[told["kind"]](box, reason=told["reason"], by=request.user, at=request.now)

    return _after(request, box, form, done(form, write, BESIDE), _("记下了。"))


@page("sample.hub")
@sent("samples")
def reconciled(request: DeskRequest, box: UUID) -> HttpResponse:
    """Everything in it agrees."""
    form = forms.Form(request.POST)
    return _after(
        request,
        box,
        form,
        done(form, lambda told: reconcile(box, by=request.user, at=request.now), BESIDE),
        _("核对完了。"),
    )


def _after(request: DeskRequest, box: UUID, form: forms.Form, well: bool, words: str) -> HttpResponse:
    if not well:
        return _shown(request, box, form)
    messages.success(request, words)
    return redirect("testing_box", box)


def _shown(request: DeskRequest, box: UUID, form: forms.Form | None = None) -> HttpResponse:
    found = box_page(box)
    lost = found.account.state == LOST
    shown = {
        "box": found,
        "state": _(STATES[found.account.state]),
        "where": _(WHERE[found.account.station]),
        "late": found.late(request.now),
        "steps": [
            (step, _(KINDS[step.kind]), _(WHERE[step.station]) if step.station else "")
            for step in found.steps
        ],
        "tubes": [
            (
                tube,
                found.people.get(tube.pk, 0),
                tube.pk in found.account.received,
                tube.pk in found.account.contents,
            )
            for tube in found.tubes
        ],
        "differences": [
            (one, _(WORDS[one.kind]), code, ExplainForm(initial={"difference": one.kind, "tube": one.tube}))
            for one, code in found.open_differences
        ],
        "said": [(one, _(WORDS[one.difference])) for one in found.said],
        "lost": lost,
        "say": form
        if isinstance(form, SaidForm)
        else SaidForm(initial={"kind": "found" if lost else "lost"}),
        "form": form,
    }
    return render(request, "testing/tubes/box.html", shown, status=422 if form else 200)
