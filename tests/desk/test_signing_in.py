"""Logging in: passwords, the second step, tries that are too many; no sign-up and no password by e-mail."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

PASSWORD = "一个很长的口令"


def log_in(client: Client, password: str = PASSWORD, name: str = "书记刘"):
    return client.post(reverse("account_login"), {"login": name, "password": password})


def test_the_right_password_opens_the_board(street):
    client = Client()
    assert log_in(client)["Location"] == "/"
    assert "祥云社区" in client.get("/").content.decode()


def test_a_wrong_password_is_said_on_the_page_and_the_name_stays(street):
    answer = log_in(Client(), "猜一个")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert 'value="书记刘"' in answer.content.decode()


def test_too_many_wrong_tries_wait_whoever_tries_next(street):
    for _ in range(5):
        assert log_in(Client(), "猜一个").status_code == 200
    assert "board" not in log_in(Client()).get("Location", "")
    assert Client().get("/").status_code == 302
    assert log_in(Client()).status_code in (200, 429)


def test_a_closed_account_stays_outside(street):
    street.users["书记刘"].is_active = False
    street.users["书记刘"].save()
    client = Client()
    log_in(client)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "path", ["signup/", "password/reset/", "email/", "password/set/", "confirm-email/", "login/code/"]
)
def test_what_communities_do_not_use_has_no_address(browser_of, path):
    assert browser_of("书记刘").get(f"/accounts/{path}").status_code == 404


def test_allauth_knows_no_other_way_in():
    for name in ("account_signup", "account_reset_password", "account_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_a_second_step_is_switched_on_asked_for_and_switched_off(street):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    client = Client()
    log_in(client)
    asked = client.get(reverse("mfa_activate_totp"))["Location"]
    assert asked.startswith(reverse("account_reauthenticate"))
    page = client.post(asked, {"password": PASSWORD}, follow=True)
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode())[1]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    codes = re.findall(
        r"<li><code>(\w+)</code></li>", client.get(reverse("mfa_view_recovery_codes")).content.decode()
    )
    assert len(codes) == 10

    later = Client()
    assert log_in(later)["Location"].startswith(reverse("mfa_authenticate"))
    assert later.get("/").status_code == 302
    assert "六位数字" in later.get(reverse("mfa_authenticate")).content.decode()
    assert later.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert later.post(reverse("mfa_authenticate"), {"code": codes[0]})["Location"] == "/"
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert log_in(Client())["Location"] == "/"


def test_a_password_is_changed_where_one_is_logged_in(street):
    client = Client()
    log_in(client)
    told = {"oldpassword": PASSWORD, "password1": "另一个很长的口令", "password2": "另一个很长的口令"}
    assert client.post(reverse("account_change_password"), told)["Location"] == "/"
    assert log_in(Client(), "另一个很长的口令")["Location"] == "/"


def test_logging_out_needs_a_click_not_a_link(street):
    client = Client()
    log_in(client)
    client.get(reverse("account_logout"))
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/").status_code == 302


def test_a_form_from_elsewhere_is_refused_with_what_to_do(street):
    answer = Client(enforce_csrf_checks=True).post(reverse("look"), {"size": "large"})
    assert answer.status_code == 403
    assert "刷新以后再做一次" in answer.content.decode()
