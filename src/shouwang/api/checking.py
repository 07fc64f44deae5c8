"""The door at which gates ask while somebody stands there: no session of pages, no forms, no languages on the way.

Everything else of the interface goes through the usual doors; this one address is answered before them.
"""

from collections.abc import Callable

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from shouwang.access.roles import permissions_of
from shouwang.api.doors import (
    DATABASE_AWAY,
    NoMore,
    NotLetIn,
    NotUnderstood,
    away,
    bearer,
    body_of,
    refuse,
    refused,
)
from shouwang.devices import tokens
from shouwang.gates.checking import Answer, check, here, seen, standing_of
from shouwang.gates.events import WORK
from shouwang.lib import clock
from shouwang.lib.errors import NotInScope, Refusal

ADDRESS = "/api/v1/gate/check"
MOST_BYTES = 64 * 1024


class GatesFirst:
    """Answers the gates before anything else is asked of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What a gate asks is answered here; the rest goes on."""
        if request.path_info == ADDRESS and request.method == "POST":
            return at_gate(request)
        return self.get_response(request)


def at_gate(request: HttpRequest) -> HttpResponse:
    """The verdict and the stored passage, as JSON; a refusal or a database that is away said at once."""
    try:
        answer = _checked(request)
    except Refusal as refusal:
        return refused(request, refusal)
    except DATABASE_AWAY as wrong:
        return away(request, wrong)
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")


def _checked(request: HttpRequest) -> Answer:
    """Raises: NotLetIn, Revoked, Wipe, NoMore, NotUnderstood, TooLarge, NotInScope."""
    now = clock.now()
    word = tokens.read(tokens.SESSION, bearer(request), at=now)
    if word is None or not word.areas:
        raise NotLetIn()
    there = standing_of(body_of(request, most=MOST_BYTES))
    if there is None or there.envelope.device_id != word.device:
        raise NotUnderstood()
    found = here(there, word.areas, device=word.device, now=now)
    refuse(found.device if found else None)
    if found is None or tuple(found.device.area_codes) != word.areas:
        raise NotLetIn()
    if found.worker is None or WORK not in permissions_of([found.device.role]):
        raise NoMore()
    if found.gate is None:
        raise NotInScope()
    seen(found.device, at=now)
    return check(there, found, found.gate, at=now)
