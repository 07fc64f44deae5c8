"""In by a printed card: its code, the last four digits of the phone, and the shift begins."""

from typing import Any

from django.contrib.auth import login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from shouwang.access import cards
from shouwang.access.models import Card
from shouwang.access.scope import scope
from shouwang.desk.door.forms import EnterForm
from shouwang.desk.doors import sentence
from shouwang.flows.personal_cards import begin_shift
from shouwang.lib import clock
from shouwang.lib.errors import Refusal

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WRONG_TRIES, WITHIN_SECONDS = 30, 600


class TooManyTries(Refusal):
    code = "door.too_many_tries"
    sentence = "试的次数太多了。请等十分钟再试，或者找发名片的人。"


@never_cache
def enter(request: HttpRequest, code: str = "") -> HttpResponse:
    """Asks for what the card says and the phone's last four digits. Looking at the page uses nothing up."""
    form = EnterForm(request.POST or None, initial={"code": code})
    if request.method == "POST" and form.is_valid():
        try:
            _begin(request, form.cleaned_data)
            return redirect("door")
        except Refusal as refusal:
            form.add_error("tail" if isinstance(refusal, cards.WrongTail) else "code", sentence(refusal))
    return render(request, "door/enter.html", {"form": form})


def _begin(request: HttpRequest, told: dict[str, Any]) -> None:
    now, tries = clock.now(), f"card-tries-{request.META.get('REMOTE_ADDR', '')}"
    if cache.get(tries, 0) >= WRONG_TRIES:
        raise TooManyTries()
    try:
        card = cards.find(told["code"], at=now)
        cards.check_tail(card, told["code"], told["tail"])
    except Refusal:
        cache.set(tries, cache.get(tries, 0) + 1, WITHIN_SECONDS)
        raise
    with scope(card.area_codes, by=card.user):
        until = begin_shift(card, at=now)
    login(request, card.user, backend=BACKEND)
    request.session.set_expiry(int((until - now).total_seconds()))
    request.session.save()
    Card.objects.filter(pk=card.pk).update(session_key=request.session.session_key)
