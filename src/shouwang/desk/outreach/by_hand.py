"""Without a gateway: one message after the other from the own phone, and a text for the residents' groups."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from shouwang.desk.board import chosen_area
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import NotInScope
from shouwang.outreach import handing
from shouwang.outreach.queries import labels_of


@page("message.send")
def one_by_one(request: DeskRequest) -> HttpResponse:
    """The message in hand with its button, or how many wait. Looking at the page takes nothing."""
    area = _community(request)
    if request.method == "POST":
        _said(request, area)
        return redirect(f"{reverse('messages_by_hand')}?area={area}")
    held = handing.in_hand(request.user, area, at=request.now)
    shown = {
        "area": area,
        "held": held,
        "left": handing.how_many(area, at=request.now),
        "words": labels_of([area]).get(area, area),
    }
    return render(request, "outreach/by_hand.html", shown)


@page("message.send")
def for_groups(request: DeskRequest) -> HttpResponse:
    """One text for all residents' groups of the community, in each language."""
    area = _community(request)
    shown: dict[str, object] = {"area": area}
    try:
        texts = [(code, words, handing.group_text(area, _ours(code))) for code, words in settings.LANGUAGES]
        shown["texts"] = sorted(texts, key=lambda one: one[0] != get_language())
    except handing.NoOffice as refusal:
        shown["missing"] = sentence(refusal)
    return render(request, "outreach/group.html", shown)


def _ours(language: str) -> str:
    """A language as the texts name it."""
    return language.replace("-", "_")


def _said(request: DeskRequest, area: str) -> None:
    """What came of the one in hand, and the next one unless the worker stops."""
    said, message = request.POST.get("said", ""), request.POST.get("message", "")
    if said in ("sent", "not") and message:
        handing.handed(_uuid(message), ok=said == "sent", by=request.user, at=request.now)
    if said == "stop" and message:
        handing.put_back(_uuid(message), by=request.user)
        return
    handing.take_one(request.user, area, at=request.now)


def _community(request: DeskRequest) -> str:
    """The community that signs. Raises: NotInScope."""
    area = chosen_area(request)
    if len(area) < COMMUNITY:
        raise NotInScope()
    return area[:COMMUNITY]


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotInScope() from None
