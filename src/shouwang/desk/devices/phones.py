"""手机: how each one stands, and sending one away."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.devices.forms import AwayForm
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.running.sent import sent
from shouwang.devices.enrolling import PERMISSION, revoke
from shouwang.devices.queries import oddities, standings


@page(PERMISSION)
def overview(request: DeskRequest) -> HttpResponse:
    """Every phone: who works with it, when it was last seen, what has not arrived."""
    found = standings(request.grants.codes, now=request.now)
    shown = {
        "phones": found,
        "alarms": sum(one.alarm for one in found),
        "odd": sum(one.amount for one in oddities(request.grants.codes)),
        "away": AwayForm(),
    }
    return render(request, "devices/phones.html", shown)


@page(PERMISSION)
@sent("devices")
def send_away(request: DeskRequest, device: UUID) -> HttpResponse:
    """The phone is let in no more; a lost one forgets everything at its next contact."""
    form = AwayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请写为什么停用。"))
        return redirect("devices")
    told = form.cleaned_data
    revoke(device, reason=told["reason"], wipe=told["wipe"], by=request.grants, at=request.now)
    messages.success(request, _("已经停用。它没传的记录还在手机里；要接着用，就再登记一次。"))
    return redirect("devices")
