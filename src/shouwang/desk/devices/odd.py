"""What phones told that somebody should look at, each with what to do about it, settled with a word."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.catalogue import EVENT_KINDS
from shouwang.desk.asked.written import written
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.sent import sent
from shouwang.devices.enrolling import PERMISSION
from shouwang.devices.models import Device
from shouwang.devices.queries import oddities, phones_in
from shouwang.devices.settling import NoWord, once_more, raw_words, settle_oddity


@page(PERMISSION)
def oddities_page(request: DeskRequest) -> HttpResponse:
    """By phone and sort: how many, since when, what to do."""
    return render(request, "devices/odd.html", {"rows": oddities(request.grants.codes)})


@page(PERMISSION)
@sent("device_odd")
def settle(request: DeskRequest, device: UUID, code: str) -> HttpResponse:
    """Dealt with, and how."""
    try:
        many = settle_oddity(
            _own(request, device), code, word=written(request, "word", 100), by=request.user, at=request.now
        )
        messages.success(request, _("{many} 条已经处理。").format(many=many))
    except NoWord as refusal:
        messages.error(request, sentence(refusal))
    return redirect("device_odd")


@page(PERMISSION)
@sent("device_odd")
def again(request: DeskRequest, device: UUID, code: str) -> HttpResponse:
    """Judged once more, after something was put right."""
    many, odd = once_more(_own(request, device), code, EVENT_KINDS, by=request.user, at=request.now)
    messages.success(request, _("又看了 {many} 条，{odd} 条还是不对。").format(many=many, odd=odd))
    return redirect("device_odd")


@page(PERMISSION)
@sent("device_odd")
def raw(request: DeskRequest, device: UUID, code: str) -> HttpResponse:
    """What the phone really wrote; that somebody read it is written down."""
    own = _own(request, device)
    texts = raw_words(own, code, by=request.user, at=request.now)
    return render(request, "devices/raw.html", {"device": own, "texts": texts})


def _own(request: DeskRequest, device: UUID) -> Device:
    """A phone of these areas. Raises: NotInScope."""
    return one_in_scope(phones_in(request.grants.codes).filter(pk=device))
