"""The one way into a page: who is asking, what they may see, and a plain answer where the house says no.

login → grants → scope (a transaction in which just these areas exist) → the view, its page included
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext

from shouwang.access.models import User
from shouwang.access.scope import Grants, NoGrant, grants_of, scope
from shouwang.lib import clock
from shouwang.lib.errors import NotInScope, Refusal

Rest = ParamSpec("Rest")


class DeskRequest(HttpRequest):
    """What a view behind a door is handed: the person, what they may do and where, and the moment."""

    user: User
    grants: Grants
    now: datetime


View = Callable[Concatenate[DeskRequest, Rest], HttpResponseBase]
Door = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def page(permission: str) -> Callable[[View[Rest]], Door[Rest]]:
    """Opens a view to people whose roles carry the permission, inside their areas and nowhere else.

    Shape: the view gets `request.grants` and `request.now` (the only reading of the clock) and returns a
    finished page: what it shows is read before the scope closes. A Refusal becomes a page, or a part of one where
    htmx asked.
    """

    def door(view: View[Rest]) -> Door[Rest]:
        @wraps(view)
        def opened(request: DeskRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            request.now = clock.now()
            try:
                request.grants = grants_of(request.user, permission=permission, now=request.now)
                with scope(request.grants.codes, by=request.user):
                    return view(request, *args, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)

        return opened  # type: ignore[return-value]

    return door


def asked_by_htmx(request: HttpRequest) -> bool:
    """Whether only a part of a page is wanted."""
    return request.headers.get("HX-Request") == "true"


def sentence(refusal: Refusal) -> str:
    """The refusal in the reader's language."""
    return gettext(refusal.sentence).format(**refusal.params)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as people read it: 404 where nothing is there for them, 403, otherwise 422."""
    status = 404 if isinstance(refusal, NotInScope) else 403 if isinstance(refusal, NoGrant) else 422
    template = "desk/parts/refused.html" if asked_by_htmx(request) else "desk/refused.html"
    said = {"sentence": sentence(refusal), "where": refusal.where, "status": status}
    return render(request, template, said, status=status)


def _to_login(request: HttpRequest) -> HttpResponse:
    """To the log-in page and back here; a part of a page sends the whole page there, not itself."""
    if not asked_by_htmx(request):
        return redirect_to_login(request.get_full_path())
    whole = urlsplit(request.headers.get("HX-Current-URL", "/"))
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = redirect_to_login(whole._replace(scheme="", netloc="").geturl() or "/").url
    return answer
