"""The two ways into a page, and a plain answer where the house says no.

page        login → grants → scope (a transaction in which just these areas exist) → the view, its page included
open_page   how often → the reader's language → a scope in which nobody exists → the view, its page included

Through neither comes what nobody can see (it hides in what is pasted), nor a number or a text that no table can hold.
"""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext, override

from shouwang.access.models import User
from shouwang.access.scope import Grants, NoGrant, grants_of, scope
from shouwang.access.tries import one_more, sender
from shouwang.desk.wording import in_language
from shouwang.lib import clock
from shouwang.lib.characters import visible
from shouwang.lib.codes import is_code
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import asked_once
from shouwang.plans.form.vocabulary import Words

Rest = ParamSpec("Rest")

SENTENCE = 6  # signs; what is shorter is a name, a number or a choice


class DeskRequest(HttpRequest):
    """What a view behind a door is handed: the person, what they may do and where, and the moment."""

    user: User
    grants: Grants
    now: datetime


class OpenRequest(HttpRequest):
    """What a view behind an open door is handed: the moment, and nothing about who is asking."""

    now: datetime


class TooOften(Refusal):
    code = "desk.too_often"
    sentence = "现在试的次数太多了。请过 {minutes} 分钟再试，或者给社区打电话。"


View = Callable[Concatenate[DeskRequest, Rest], HttpResponseBase]
OpenView = Callable[Concatenate[OpenRequest, Rest], HttpResponseBase]
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
            _without_the_unseen(request)
            try:
                request.grants = grants_of(request.user, permission=permission, now=request.now)
                looks = asked_once() if request.method in ("GET", "HEAD") else nullcontext()
                with scope(request.grants.codes, by=request.user), looks:
                    return view(request, *args, **kwargs)
            except Refusal as refusal:
                return refused(request, refusal)

        opened.permission = permission  # type: ignore[attr-defined]
        return opened  # type: ignore[return-value]

    return door


def opens(request: DeskRequest, address: str) -> bool:
    """Whether the page at this address opens to who is here, so that nobody is led to a closed door."""
    return getattr(resolve(address).func, "permission", "") in request.grants.may


def open_page(
    *,
    tries: int = 60,
    area_tries: int = 1200,
    code_tries: int = 1200,
    minutes: int = 10,
    count_reading: bool = False,
) -> Callable[[OpenView[Rest]], Door[Rest]]:
    """Opens a view to anybody in the street, without a log-in; the register cannot be read or probed through it.

    Shape: the view gets `request.now`; template `open/frame.html` (no script, no cookie but CSRF's). It runs in a scope in
    which no resident exists: rows can be added only where a table's policy lets anybody add; what it may read, it
    reads by a token, with a scope of its own around exactly that. Answers must be the same, and as quick, whether
    somebody is known or not. `?lang=en` chooses the language, else the browser does. An `area` in the address must be an
    area code. A form that was sent (with `count_reading` also a page that is looked at, for addresses with a code in
    them) is counted per sender's address, of which a whole quarter may share one behind its telephone company, and per `area` or
    `code` in the address.
    """

    def door(view: OpenView[Rest]) -> Door[Rest]:
        @wraps(view)
        def opened(request: OpenRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            request.now, area = clock.now(), str(kwargs.get("area", ""))
            _without_the_unseen(request)
            parts = {("area", area): area_tries, ("code", str(kwargs.get("code", ""))): code_tries}
            limits = {
                ("address", sender(request)): tries,
                **{key: most for key, most in parts.items() if key[1]},
            }
            with override(_language(request)):
                try:
                    if area and not is_code(area):
                        raise NotInScope()
                    if request.method == "POST" or count_reading:
                        _count(view.__qualname__, limits, minutes=minutes, at=request.now)
                    with scope(()):
                        return _kept_to_itself(view(request, *args, **kwargs))
                except Refusal as refusal:
                    return _kept_to_itself(_refused_openly(request, refusal))

        return opened  # type: ignore[return-value]

    return door


def _without_the_unseen(request: HttpRequest) -> None:
    """What was typed as it looks: invisible signs go before anybody reads it."""
    request.GET, request.POST = _as_seen(request.GET), _as_seen(request.POST)  # type: ignore[assignment]


def _as_seen(typed: QueryDict) -> QueryDict:
    if all(visible(value) == value for _name, values in typed.lists() for value in values):
        return typed
    seen = typed.copy()
    for name, values in typed.lists():
        seen.setlist(name, [visible(value) for value in values])
    return seen


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def _count(what: str, limits: dict[tuple[str, str], int], *, minutes: int, at: datetime) -> None:
    """Every limit counts, also where another one is reached. Raises: TooOften."""
    within = timedelta(minutes=minutes)
    reached = [one_more("open", what, *key, within=within, at=at) > most for key, most in limits.items()]
    if any(reached):
        raise TooOften(minutes=minutes)


def _kept_to_itself(answer: HttpResponseBase) -> HttpResponseBase:
    """Nobody keeps a copy, no search engine lists it, no other site learns the address.

    Not `no-referrer`: with that a browser sends no origin along with a form, and the CSRF check refuses it.
    """
    add_never_cache_headers(answer)
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    return answer


def _refused_openly(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status = 429 if isinstance(refusal, TooOften) else 404 if isinstance(refusal, NotInScope) else 422
    said = {"sentence": sentence(refusal), "typed": typed_in(request)}
    answer = render(request, "open/refused.html", said, status=status)
    if isinstance(refusal, TooOften):
        answer["Retry-After"] = str(int(str(refusal.params["minutes"])) * 60)
    return answer


def asked_by_htmx(request: HttpRequest) -> bool:
    """Whether only a part of a page is wanted."""
    return request.headers.get("HX-Request") == "true"


def sentence(refusal: Refusal) -> str:
    """The refusal in the reader's language."""
    said = {name: in_language(one) if isinstance(one, Words) else one for name, one in refusal.params.items()}
    return gettext(refusal.sentence).format(**said)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as people read it: 404 where nothing is there for them, 403, otherwise 422."""
    status = 404 if isinstance(refusal, NotInScope) else 403 if isinstance(refusal, NoGrant) else 422
    template = "desk/parts/refused.html" if asked_by_htmx(request) else "desk/refused.html"
    said = {
        "sentence": sentence(refusal), "where": refusal.where, "status": status, "typed": typed_in(request),
    }  # fmt: skip
    return render(request, template, said, status=status)


def typed_in(request: HttpRequest) -> list[str]:
    """The sentences in a form that was refused: they stand on the page that says no, and nobody types them twice."""
    told = [value for name, values in request.POST.lists() if "password" not in name for value in values]
    return [value for value in told if len(value) >= SENTENCE and (" " in value or not value.isascii())]


def _to_login(request: HttpRequest) -> HttpResponse:
    """To the log-in page and back here; a part of a page sends the whole page there, not itself."""
    if not asked_by_htmx(request):
        return redirect_to_login(request.get_full_path())
    whole = urlsplit(request.headers.get("HX-Current-URL", "/"))
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = redirect_to_login(whole._replace(scheme="", netloc="").geturl() or "/").url
    return answer
