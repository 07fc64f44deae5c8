"""The way into pages at the door: as every page, then narrowed to the doors that this worker answers for now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.access.scope import NoGrant, grants_of, scope
from shouwang.desk.doors import DeskRequest, refused
from shouwang.flows.personal_cards import areas_of
from shouwang.lib import clock
from shouwang.lib.errors import Refusal

PERMISSION = "visit.record"
OVER = 401


def at_the_door(
    view: Callable[..., HttpResponseBase], *, late: timedelta = timedelta()
) -> Callable[..., HttpResponseBase]:
    """Opens a view to whoever records visits, inside their own doors. After the shift a sentence says so.

    Shape: `late` opens also the doors that they answered for until so long ago: what a phone kept through a hand-over counts.
    """

    @wraps(view)
    def opened(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return over(request)
        request.now = clock.now()
        try:
            request.grants = grants_of(request.user, permission=PERMISSION, now=request.now)
            with scope(request.grants.codes, by=request.user):
                own = _own(request, late)
            request.grants = replace(request.grants, codes=own)
            with scope(own, by=request.user):
                return view(request, *args, **kwargs)
        except NoGrant:
            return over(request)
        except Refusal as refusal:
            return refused(request, refusal)

    return opened  # type: ignore[return-value]


def over(request: HttpRequest) -> HttpResponse:
    """The shift is over or never began: nothing is shown, what the phone keeps stays there."""
    said = gettext("今天的班结束了，或者名片收回了。要接着上门，请找社区再打一张名片。")
    if request.content_type == "application/json":
        return JsonResponse({"over": said}, status=OVER)
    if not request.user.is_authenticated:
        return redirect("door_enter")
    return render(request, "door/over.html", {"said": said}, status=403)


def _own(request: DeskRequest, late: timedelta) -> tuple[str, ...]:
    """What the worker answers for (包保) now; somebody with an account and no doors sees all that is granted."""
    since = request.now - late if late else None
    own = areas_of(request.user, within=request.grants.codes, now=request.now, since=since)
    return tuple(own) if own or not request.user.has_usable_password() else request.grants.codes
