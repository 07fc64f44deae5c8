"""Logging in: accounts are made by the community, nobody signs up, and no password travels by e-mail."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path

from shouwang.access.models import User
from shouwang.desk.look import keep


def own_account(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Whoever came in by a card has no password and no second step to look after: these pages are not there."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise Http404
        return view(request, *args, **kwargs)

    return opened


# Listed by hand: sign-up, e-mail, and password reset of allauth have no address here.
urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", own_account(views.reauthenticate), name="account_reauthenticate"),
    path("password/change/", own_account(views.password_change), name="account_change_password"),
    path("2fa/", own_account(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", own_account(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", own_account(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", own_account(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", own_account(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", own_account(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        own_account(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        own_account(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]


class Adapter(DefaultAccountAdapter):
    """allauth without sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the clerk makes the accounts."""
        return False

    def post_login(self, request: HttpRequest, user: User, **how: object) -> HttpResponse:
        """Wherever somebody logs in, pages speak the language that they chose before."""
        answer = super().post_login(request, user, **how)
        if user.language:
            keep(answer, settings.LANGUAGE_COOKIE_NAME, user.language)
        return answer

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the board."""
        return settings.LOGIN_REDIRECT_URL
