"""How somebody likes to read: language, light or dark, normal or large print; kept in the browser, no script."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from shouwang.lib.characters import visible

THEMES, SIZES = ("light", "dark"), ("normal", "large")
COOKIE = "look"
A_YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Look:
    """The choice, as the frame's attributes."""

    theme: str = THEMES[0]
    size: str = SIZES[0]


def look_of(request: HttpRequest) -> Look:
    """What was chosen in this browser; anything unknown counts as not chosen."""
    theme, _dot, size = request.COOKIES.get(COOKIE, "").partition(".")
    return Look(theme if theme in THEMES else THEMES[0], size if size in SIZES else SIZES[0])


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keeps what was chosen and goes back to the page."""
    back = visible(request.POST.get("next", ""))
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()})
    answer = redirect(back if ours else "/")
    now = look_of(request)
    theme, size = request.POST.get("theme", now.theme), request.POST.get("size", now.size)
    if theme in THEMES and size in SIZES:
        keep(answer, COOKIE, f"{theme}.{size}")
    if request.POST.get("language", "") in dict(settings.LANGUAGES):
        _speak(request, answer, request.POST["language"])
    return answer


def _speak(request: HttpRequest, answer: HttpResponse, language: str) -> None:
    """In this browser at once, and at the next log-in wherever that is."""
    keep(answer, settings.LANGUAGE_COOKIE_NAME, language)
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])


def keep(answer: HttpResponse, name: str, value: str, *, path: str = "/") -> None:
    """For a year in this browser, on these pages; scripts cannot read it."""
    secure, age = settings.SESSION_COOKIE_SECURE, A_YEAR_SECONDS
    answer.set_cookie(name, value, max_age=age, path=path, httponly=True, samesite="Lax", secure=secure)
