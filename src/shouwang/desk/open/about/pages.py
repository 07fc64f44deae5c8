"""登记在我名下的: how somebody was written down, by whom it was asked, and how to say that it is wrong; behind a link.

On a new phone the last four digits of their own phone open it, once for two weeks.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.access.scope import one_in_scope, scope
from shouwang.access.tries import one_more
from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.desk.open.about.forms import ContestForm
from shouwang.desk.open.homes.door import TooManyTries, WrongDigits
from shouwang.desk.wording import tests_in_language
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.plans.actions import clocks_of, plan_of
from shouwang.screening.contests.contesting import contest, decided
from shouwang.screening.contests.own import inquiry_of, own_of, phone_tails
from shouwang.screening.lists.models import Inquiry
from shouwang.screening.lists.rules import ENTAILS

TRIES_A_DAY, A_DAY, KEPT = 10, timedelta(days=1), timedelta(days=14)
SALT = "page of somebody on a list"


@open_page(tries=120, code_tries=300)
def about_me(request: OpenRequest, code: str) -> HttpResponse:
    """The page; on a new phone first the question for four digits."""
    with behind(code) as (inquiry, community):
        if request.method == "POST":
            return _entered(request, code, inquiry, community)
        if not _known(request, inquiry):
            return _asked(request, code, community)
        return _shown(request, code, inquiry, community)


@open_page(tries=30, code_tries=60)
def contested(request: OpenRequest, code: str) -> HttpResponse:
    """It is wrong, says whom it is about."""
    with behind(code) as (inquiry, community):
        if request.method != "POST" or not _known(request, inquiry):
            raise NotInScope()
        form = ContestForm(request.POST)
        if not form.is_valid():
            return _shown(request, code, inquiry, community, form=form)
        said = form.cleaned_data
        if said["about"] not in own_of(inquiry, plan_now=None).decisions:
            raise NotInScope()
        try:
            decision = decided(said["against"], said["about"])
            contest(decision, words=said["words"], at=request.now, id=said["id"], after=said["after"])
        except Refusal as refusal:
            return _shown(request, code, inquiry, community, wrong=sentence(refusal))
        return redirect("about_me", code)


@contextmanager
def behind(code: str) -> Iterator[tuple[Inquiry, str]]:
    """Whose page a link is, in a scope of its community: the lists lie there. Raises: NotInScope for any other words."""
    found = inquiry_of(code)
    if found is None:
        raise NotInScope()
    with scope([found[1]]):
        inquiry = one_in_scope(Inquiry.objects.select_related("person").filter(pk=found[0]))
        yield inquiry, found[1]


def _entered(request: OpenRequest, code: str, inquiry: Inquiry, community: str) -> HttpResponse:
    try:
        _check(request, inquiry)
    except Refusal as refusal:
        return _asked(request, code, community, wrong=sentence(refusal))
    answer = redirect("about_me", code)
    answer.set_signed_cookie(
        _name(inquiry), inquiry.pk.hex, salt=SALT, max_age=int(KEPT.total_seconds()), httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return answer


def _check(request: OpenRequest, inquiry: Inquiry) -> None:
    """Raises: TooManyTries, WrongDigits."""
    if one_more("me", inquiry.pk.hex, within=A_DAY, at=request.now) > TRIES_A_DAY:
        raise TooManyTries()
    typed = "".join(sign for sign in request.POST.get("tail", "") if sign.isdecimal())[:8]
    matches = [secrets.compare_digest(tail, typed) for tail in phone_tails(inquiry)]
    if not any(matches):
        raise WrongDigits()


def _known(request: OpenRequest, inquiry: Inquiry) -> bool:
    return request.get_signed_cookie(_name(inquiry), default="", salt=SALT) == inquiry.pk.hex


def _asked(request: OpenRequest, code: str, community: str, *, wrong: str = "") -> HttpResponse:
    shown = {"code": code, "wrong": wrong, "office": community_ways(community).office}
    return render(request, "open/me_enter.html", shown, status=422 if wrong else 200)


def _shown(
    request: OpenRequest, code: str, inquiry: Inquiry, community: str, *, wrong: str = "", form: ContestForm | None = None
) -> HttpResponse:  # fmt: skip
    own = own_of(inquiry, plan_now=plan_of(community, now=request.now))
    shown = {
        "code": code, "own": own, "wrong": wrong or ("；".join(map(str, form.errors.get("words", []))) if form else ""),
        "asked": [ENTAILS[key] for key in own.check.entails if key in ENTAILS] if own.check else [],
        "tests": tests_in_language(own.category) if own.category else "",
        "hours": clocks_of(community, now=request.now).objection_code_hours, "once": uuid7(request.now),
        "typed": form.data.get("words", "") if form else "", "office": community_ways(community).office,
    }  # fmt: skip
    return render(request, "open/me.html", shown, status=422 if shown["wrong"] else 200)


def _name(inquiry: Inquiry) -> str:
    return f"me_{inquiry.pk.hex}"
