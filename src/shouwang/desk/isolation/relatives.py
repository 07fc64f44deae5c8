"""替家里照看的亲属: a second link, with a second factor of their own, given out by a worker and taken back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.order import shown, step
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.isolation.home import end_link, give_link


class RelativeForm(forms.Form):
    """Who, and the last four digits of their phone."""

    name = forms.CharField(label=gettext_lazy("亲属的称呼"), max_length=40)
    tail = forms.CharField(
        label=gettext_lazy("亲属手机号后四位"), max_length=4, widget=forms.TextInput({"inputmode": "numeric"})
    )


BESIDE = {"isolation.no_digits": "tail"}


@page("isolation.work")
@sent("isolation")
def given(request: DeskRequest, order: UUID) -> HttpResponse:
    """A relative gets a link."""
    row, form = step(request, order, "register.read"), RelativeForm(request.POST, prefix="kin")

    def write(typed: dict[str, Any]) -> None:
        give_link(row, by=request.user, at=request.now, **typed)

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, kin_form=form)
    messages.success(request, _("链接做好了，请发给亲属本人。"))
    return redirect("order", row.pk)


@page("isolation.work")
@sent("isolation")
def ended(request: DeskRequest, order: UUID, relative: UUID) -> HttpResponse:
    """The link opens nothing any more."""
    row = step(request, order, "register.read")
    end_link(relative, by=request.user, at=request.now)
    messages.success(request, _("收回了，链接打不开了。"))
    return redirect("order", row.pk)
