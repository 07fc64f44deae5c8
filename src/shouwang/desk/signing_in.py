"""Logging in: accounts are made by the community, nobody signs up, and no password travels by e-mail."""

from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from shouwang.access.models import User
from shouwang.desk.look import keep

# Listed by hand: sign-up, e-mail, and password reset of allauth have no address here.
urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "2fa/recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
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
