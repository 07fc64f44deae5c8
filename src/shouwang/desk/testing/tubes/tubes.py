"""One tube: who is in it, where it was; a swab that was told by mistake is struck out."""

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
from shouwang.lib.identity import mask_name
from shouwang.testing.duties import SWABBED
from shouwang.testing.tubes.hub.seen import tube_page
from shouwang.testing.tubes.models import TUBE_STEPS, Swab
from shouwang.testing.tubes.swabs import void_swab

KINDS = dict(TUBE_STEPS)
HOW = {
    "code": gettext_lazy("扫码"), "id": gettext_lazy("证件"), "name": gettext_lazy("姓名"),
    "household": gettext_lazy("门牌"), "none": gettext_lazy("没有证件"),
}  # fmt: skip
NAMES = {"register.read", "swab.record", "sample.hub"}
WHO = {"visitor": gettext_lazy("来访"), "worker": gettext_lazy("务工"), "outsider": gettext_lazy("外来")}
BESIDE = {"testing.no_reason": "reason"}


class StrikeForm(forms.Form):
    """Why it does not count."""

    reason = forms.CharField(label=gettext_lazy("为什么撤销"), max_length=100)


@page("sample.work")
def opened(request: DeskRequest, tube: UUID) -> HttpResponse:
    """One tube; names are clear only for those who may read the register, and whoever carries or tests it sees none."""
    return _shown(request, tube, None)


@page("swab.record")
@sent("samples")
def struck(request: DeskRequest, tube: UUID, swab: UUID) -> HttpResponse:
    """A swab does not count; what that person owes is owed again."""
    form = StrikeForm(request.POST)

    def write(told: dict[str, Any]) -> None:
        void_swab(swab, reason=told["reason"], by=request.user, at=request.now, kinds=SWABBED)

    if not done(form, write, BESIDE):
        return _shown(request, tube, form)
    messages.success(request, _("撤销了。这个人要重新采。"))
    return redirect("testing_tube", tube)


def _shown(request: DeskRequest, tube: UUID, form: forms.Form | None) -> HttpResponse:
    found = tube_page(tube)
    clear, named = "register.read" in request.grants.held, bool(NAMES & request.grants.held)
    people = [
        (place, swab, _name(swab, clear), HOW.get(swab.how, ""), WHO.get(swab.category, ""))
        for place, swab in enumerate(found.counted, 1)
    ]
    shown = {
        "page": found,
        "people": people,
        "gone": [(swab, _name(swab, clear)) for swab in found.swabs if swab.void_at],
        "steps": [(step, _(KINDS[step.kind])) for step in found.steps],
        "strike": form or StrikeForm(),
        "wrong": form is not None,
        "clear": clear,
        "named": named,
        "may_strike": "swab.record" in request.grants.held,
    }
    return render(request, "testing/tubes/tube.html", shown, status=422 if form else 200)


def _name(swab: Swab, clear: bool) -> str:
    name = swab.person.name if swab.person else swab.name
    return (name if clear else mask_name(name)) or _("没有登记姓名")
