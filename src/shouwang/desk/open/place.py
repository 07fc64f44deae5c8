"""扫码进出: the page behind the code at the door of a place. No log-in, no app: a name, a phone, one tap in, one tap out."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, unquote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.access.links import read
from shouwang.access.scope import one_in_scope, scope
from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.gates.models import Gate
from shouwang.gates.scanning import PLACE, WhoAreYou, scan
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.standing.verdict import IN, OUT

COOKIE, SALT = "seen", "who came to a place"
KEPT_SECONDS = 24 * 3600


@open_page(tries=240, code_tries=1200)
def scanned(request: OpenRequest, code: str) -> HttpResponse:
    """In, and later out; a phone that was here today need not type again."""
    with _gate(code) as gate:
        name, _bar, phone = unquote(request.get_signed_cookie(COOKIE, default="", salt=SALT) or "").partition(
            "|"
        )
        if request.method == "POST":
            return _went(request, code, gate, name, phone)
        shown = {
            "gate": gate, "name": name, "known": bool(name), "id": uuid7(request.now),
            "said": request.GET.get("said", ""),
        }  # fmt: skip
        return render(request, "open/place.html", shown)


def _went(request: OpenRequest, code: str, gate: Gate, name: str, phone: str) -> HttpResponse:
    typed = request.POST.get("name", "").strip() or name
    number = request.POST.get("phone", "").strip() or phone
    way = OUT if request.POST.get("way") == OUT else IN
    try:
        scan(gate, way, id=_uuid(request), name=typed, phone=number, at=request.now)
    except WhoAreYou as refusal:
        shown = {"gate": gate, "name": typed, "id": uuid7(request.now), "wrong": sentence(refusal)}
        return render(request, "open/place.html", shown, status=422)
    answer = redirect("place_scan", code)
    answer["Location"] += f"?said={way}"
    answer.set_signed_cookie(
        COOKIE, quote(f"{typed[:64]}|{number[:20]}"), salt=SALT, max_age=KEPT_SECONDS, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return answer


@contextmanager
def _gate(code: str) -> Iterator[Gate]:
    """The place of a code, in a scope of its community. Raises: NotInScope for other words, and where it was closed."""
    known = read(PLACE, code)
    if known is None:
        raise NotInScope()
    about, community = known
    with scope([community]):
        gate = one_in_scope(Gate.objects.filter(pk=about, closed_at=None))
        yield gate


def _uuid(request: OpenRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid7(request.now)
