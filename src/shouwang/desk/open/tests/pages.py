"""我家的检测: a household's own tests behind a link. On a new phone the last four digits of a phone of the household open it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.access.scope import one_in_scope, scope
from shouwang.access.tries import one_more
from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.desk.open.about.forms import ContestForm
from shouwang.desk.open.homes.door import TooManyTries, WrongDigits
from shouwang.isolation.home import phone_tails
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.identity import mask_name
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.register.models import Household, Person
from shouwang.screening.contests.contesting import contest, decided
from shouwang.screening.contests.models import HOLD
from shouwang.screening.contests.own import Objections, said_against
from shouwang.standing.models import Hold
from shouwang.standing.queries import held
from shouwang.testing.results.pools import REASON
from shouwang.testing.results.seeing import household_of, seen_of
from shouwang.testing.tubes.codes import person_code

TRIES_A_DAY, A_DAY, KEPT = 10, timedelta(days=1), timedelta(days=14)
SALT = "tests of a household"


@open_page(tries=120, code_tries=300)
def tests(request: OpenRequest, code: str) -> HttpResponse:
    """The tests of the last two weeks, person by person; on a new phone first the question for four digits."""
    with home_of(code) as (home, community):
        office = community_ways(community).office
        if request.method == "POST":
            return _entered(request, code, home)
        if not _known(request, home):
            return render(request, "open/tests_enter.html", {"code": code, "wrong": "", "office": office})
        return _shown(request, code, home, community)


@open_page(tries=30, code_tries=60)
def contested(request: OpenRequest, code: str) -> HttpResponse:
    """Somebody who was asked to wait at home says that it is wrong."""
    with home_of(code) as (home, community):
        if request.method != "POST" or not _known(request, home):
            raise NotInScope()
        form = ContestForm(request.POST)
        if not form.is_valid():
            return _shown(
                request, code, home, community, wrong="；".join(map(str, form.errors.get("words", [])))
            )
        said = form.cleaned_data
        held = {one.pk for one in _holds(home, request.now).values()}
        if said["against"] != HOLD or said["about"] not in held:
            raise NotInScope()
        try:
            contest(
                decided(HOLD, said["about"]),
                words=said["words"],
                at=request.now,
                id=said["id"],
                after=said["after"],
            )
        except Refusal as refusal:
            return _shown(request, code, home, community, wrong=sentence(refusal))
        return redirect("tests", code)


@contextmanager
def home_of(code: str) -> Iterator[tuple[Household, str]]:
    """The household of a link, in a scope of exactly its door. Raises: NotInScope for any other words."""
    found = household_of(code)
    if found is None:
        raise NotInScope()
    with scope([found[1]]):
        home = one_in_scope(Household.objects.filter(pk=found[0]))
    with scope([home.area_code]):
        yield home, found[1]


def _shown(
    request: OpenRequest, code: str, home: Household, community: str, *, wrong: str = ""
) -> HttpResponse:
    people, holds = _people(home), _holds(home, request.now)
    with scope([community]):  # a tube lies where it was taken, and is shared with others
        seen = seen_of(people, now=request.now)
    said = said_against(one.pk for one in holds.values())
    parts = []
    for one in people:
        own = one.kept_id or one.pk
        hold = holds.get(own)
        against = said.get(hold.pk, Objections()) if hold else None
        parts.append((mask_name(one.name), person_code(own), seen[one.pk], hold, against))
    shown = {
        "code": code, "home": home, "parts": parts, "office": community_ways(community).office, "wrong": wrong,
        "once": uuid7(request.now),
    }  # fmt: skip
    return render(request, "open/tests.html", shown, status=422 if wrong else 200)


def _holds(home: Household, now: datetime) -> dict[int, Hold]:
    """Who of this household was asked to wait at home for a result of their own, and until when."""
    people = [one.kept_id or one.pk for one in _people(home)]
    return {key: one for key, one in held(people, now=now).items() if one.reason_code == REASON}


def _known(request: OpenRequest, home: Household) -> bool:
    return request.get_signed_cookie(f"tests_{home.pk}", default="", salt=SALT) == str(home.pk)


def _entered(request: OpenRequest, code: str, home: Household) -> HttpResponse:
    try:
        _check(request, home)
    except Refusal as refusal:
        return render(
            request, "open/tests_enter.html", {"code": code, "wrong": sentence(refusal)}, status=422
        )
    answer = redirect("tests", code)
    answer.set_signed_cookie(
        f"tests_{home.pk}", str(home.pk), salt=SALT, max_age=int(KEPT.total_seconds()), httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return answer


def _check(request: OpenRequest, home: Household) -> None:
    if one_more("tests", str(home.pk), within=A_DAY, at=request.now) > TRIES_A_DAY:
        raise TooManyTries()
    typed = "".join(sign for sign in request.POST.get("tail", "") if sign.isdecimal())[:8]
    matches = [secrets.compare_digest(tail, typed) for tail in phone_tails(_people(home))]
    if not any(matches):
        raise WrongDigits()


def _people(home: Household) -> list[Person]:
    return list(Person.objects.filter(household__kept_id=home.kept_id, left_at=None).order_by("pk"))
