"""What people read when an address leads nowhere or something broke: what happened, and what to do now."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page is not for this account, or it was open too long before a form was sent."""
    return render(request, "desk/wrong/forbidden.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or came from elsewhere."""
    return render(request, "desk/wrong/stale.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page."""
    return render(request, "desk/wrong/not_found.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something broke. This page asks nothing of the database: that may be what broke."""
    said = {"demo": settings.DEMO, "language": get_language()}
    return render(None, "desk/wrong/broken.html", said, status=500)
