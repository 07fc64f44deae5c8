"""扫码消杀: the page behind the code that hangs at a spot. No log-in, no app: everything stands there, one tap."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, unquote
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.access.links import read
from shouwang.access.scope import one_in_scope, scope
from shouwang.desk.asked.written import written
from shouwang.desk.doors import OpenRequest, open_page
from shouwang.disinfection.models import Round, Spot
from shouwang.disinfection.rounds import Done, record_rounds
from shouwang.disinfection.spots import SPOT
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7

COOKIE, SALT = "who", "who disinfects"
KEPT_SECONDS = 30 * 24 * 3600


@open_page(tries=240, code_tries=120)
def done(request: OpenRequest, code: str) -> HttpResponse:
    """What is to be done here; on a phone that is not known yet, whose it is."""
    with _spot(code) as spot:
        who = unquote(request.get_signed_cookie(COOKIE, default="", salt=SALT) or "")
        if request.method == "POST":
            return _tapped(request, code, spot, who)
        last = Round.objects.filter(spot=spot, void_at=None).order_by("-at").first()
        shown = {
            "spot": spot,
            "who": who,
            "last": last,
            "id": uuid7(request.now),
            "said": request.GET.get("said", ""),
        }
        return render(request, "open/spot.html", shown)


def _tapped(request: OpenRequest, code: str, spot: Spot, known: str) -> HttpResponse:
    who = written(request, "who", 40) or known
    if not who:
        shown = {"spot": spot, "who": "", "id": uuid7(request.now), "wrong": True}
        return render(request, "open/spot.html", shown, status=422)
    record_rounds([Done(spot.pk, request.now, who=who, id=_uuid(request))], by=None, at=request.now)
    answer = redirect("spot_done", code)
    answer["Location"] += "?said=done"
    answer.set_signed_cookie(
        COOKIE,
        quote(who),
        salt=SALT,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


@contextmanager
def _spot(code: str) -> Iterator[Spot]:
    """The spot of a code, in a scope of exactly its area. Raises: NotInScope for any other words, and where it ended."""
    known = read(SPOT, code)
    if known is None:
        raise NotInScope()
    about, community = known
    with scope([community]):
        spot = one_in_scope(Spot.objects.filter(pk=about, ended_at=None))
        yield spot


def _uuid(request: OpenRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid7(request.now)
