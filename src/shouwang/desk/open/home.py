"""我家的隔离: the page of an isolated household, behind a link or a printed code. No app and no password.

On a new phone the last four digits of a phone of the household open it; then it is remembered until the end.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from shouwang.access.links import read, token
from shouwang.access.scope import scope
from shouwang.access.tries import one_more
from shouwang.catalogue import ANSWERS
from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.isolation.asking import ask, call_for_doctors, object_to, tells_of_illness
from shouwang.isolation.caring import Taken, degrees_as_typed, record_readings
from shouwang.isolation.home import Home, home_of, phone_tails
from shouwang.isolation.models import NEEDS, Order, Reading
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.plans.actions import clocks_of
from shouwang.register.models import Household, Person
from shouwang.register.responsibility import who_answers

HOME = "home"
TRIES_A_DAY = 10
A_DAY = timedelta(days=1)
COOKIE, SALT = "home", "home of an isolated household"
USUAL = tuple(Decimal(tenths).scaleb(-1) for tenths in range(360, 373))
ASKED_FOR = tuple((key, words) for key, words in NEEDS if key != "counselling")


class TooManyTries(Refusal):
    code = "desk.too_many_tries_at_home"
    sentence = "今天试的次数太多了。请给社区打电话。"


class WrongDigits(Refusal):
    code = "desk.wrong_digits"
    sentence = "对不上。请填家里登记过的手机号的后四位。"


class NeedForm(forms.Form):
    """What is needed, in the household's own words."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.ChoiceField(label=_("要什么"), choices=ASKED_FOR)
    words = forms.CharField(
        label=_("写清楚一点：什么、多少"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
    private = forms.BooleanField(label=_("不想让楼里的工作人员看到"), required=False)


class ObjectionForm(forms.Form):
    """Why the decision is wrong."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    order = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("哪里不对，说一下经过"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


@dataclass(frozen=True)
class Door:
    """The household behind a link, and the order that it names."""

    household: Household
    order: Order
    community: str


def home_link(order: Order) -> str:
    """The address of the household's page, for the notice and the message."""
    return f"/h/{token(HOME, order.pk, order.area_code)}/"


@open_page(tries=120, code_tries=300)
def home(request: OpenRequest, code: str) -> HttpResponse:
    """The page; on a new phone first the question for four digits."""
    with _door(code) as door:
        if not _known(request, door):
            return render(request, "open/home_enter.html", {"code": code, "wrong": ""})
        return _shown(request, code, door)


@open_page(tries=30, code_tries=60)
def enter(request: OpenRequest, code: str) -> HttpResponse:
    """Four digits of a phone of this household."""
    with _door(code) as door:
        try:
            _check(request, door)
        except Refusal as refusal:
            shown = {"code": code, "wrong": sentence(refusal)}
            return render(request, "open/home_enter.html", shown, status=422)
        answer = redirect("home", code)
        kept = max(door.order.until - request.now, timedelta(0)) + 2 * A_DAY
        answer.set_signed_cookie(
            f"{COOKIE}_{door.household.pk}", str(door.household.pk), salt=SALT, max_age=int(kept.total_seconds()),
            httponly=True, samesite="Lax", secure=request.is_secure(),
        )  # fmt: skip
        return answer


@open_page(tries=120, code_tries=300)
def reading(request: OpenRequest, code: str) -> HttpResponse:
    """A temperature in two taps; with a fever somebody is called for at once."""
    with _own(request, code) as door:
        person = _person(door, request.POST.get("person", ""))
        degrees = degrees_as_typed(request.POST.get("other") or request.POST.get("degrees", ""))
        symptoms = tuple(request.POST.getlist("symptoms"))[:10]
        taken = Taken(
            person=person.pk, at=request.now, how="own", temperature_c=degrees, symptoms=symptoms,
            id=_uuid(request.POST.get("id", "")),
        )  # fmt: skip
        try:
            made = record_readings([taken], by=None, at=request.now)
        except Refusal as refusal:
            return _shown(request, code, door, wrong=sentence(refusal), status=422)
        call_for_doctors(made, by=None, at=request.now)
        ill = tells_of_illness(Reading(temperature_c=degrees, symptoms=symptoms), door.order)
        return _after(code, "ill" if ill else "told")


@open_page(tries=60, code_tries=120)
def need(request: OpenRequest, code: str) -> HttpResponse:
    """Something is needed."""
    with _own(request, code) as door:
        form = NeedForm(request.POST)
        if not form.is_valid():
            return _shown(request, code, door, need_form=form, status=422)
        said = form.cleaned_data
        ask(
            door.household.pk, what=said["what"], words=said["words"], how="own", by=None, at=request.now,
            private=said["private"], id=said["id"],
        )  # fmt: skip
        return _after(code, "asked")


@open_page(tries=30, code_tries=60)
def objection(request: OpenRequest, code: str) -> HttpResponse:
    """The decision is wrong, says somebody whom it is about."""
    with _own(request, code) as door:
        form = ObjectionForm(request.POST)
        if not form.is_valid():
            return _shown(request, code, door, objection_form=form, status=422)
        said = form.cleaned_data
        if not Order.objects.filter(pk=said["order"], household=door.household).exists():
            raise NotInScope()
        object_to(said["order"], words=said["words"], at=request.now, id=said["id"])
        return _after(code, "objected")


@contextmanager
def _door(code: str) -> Iterator[Door]:
    """The household of a link, in a scope of exactly its door. Raises: NotInScope for any other words."""
    known = read(HOME, code)
    if known is None:
        raise NotInScope()
    about, community = known
    with scope([community]):
        order = Order.objects.filter(pk=about).select_related("household", "plan").first()
    if order is None:
        raise NotInScope()
    with scope([order.household.area_code]):
        yield Door(order.household, order, community)


@contextmanager
def _own(request: OpenRequest, code: str) -> Iterator[Door]:
    """The same for whoever proved to be of the household, and sends something."""
    with _door(code) as door:
        if request.method != "POST" or not _known(request, door):
            raise NotInScope()
        yield door


def _known(request: OpenRequest, door: Door) -> bool:
    kept = request.get_signed_cookie(f"{COOKIE}_{door.household.pk}", default="", salt=SALT)
    return kept == str(door.household.pk)


def _check(request: OpenRequest, door: Door) -> None:
    """Raises: TooManyTries, WrongDigits."""
    if one_more("home", str(door.household.pk), within=A_DAY, at=request.now) > TRIES_A_DAY:
        raise TooManyTries()
    typed = "".join(sign for sign in request.POST.get("tail", "") if sign.isdecimal())[:8]
    people = list(Person.objects.filter(household__kept_id=door.household.kept_id, left_at=None))
    matches = [secrets.compare_digest(tail, typed) for tail in phone_tails(people)]
    if not any(matches):
        raise WrongDigits()


def _shown(
    request: OpenRequest,
    code: str,
    door: Door,
    *,
    wrong: str = "",
    need_form: NeedForm | None = None,
    objection_form: ObjectionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found: Home | None = home_of(door.household, now=request.now)
    if found is None:
        return render(request, "open/home_over.html", {"office": community_ways(door.community).office})
    shown = {
        "code": code, "home": found, "wrong": wrong, "said": request.GET.get("said", ""), "usual": USUAL,
        "reading_id": uuid7(request.now), "office": community_ways(door.community).office,
        "worker": _worker(door, request.now), "hours": clocks_of(door.community, now=request.now),
        "need_form": need_form or NeedForm(initial={"id": uuid7(request.now)}),
        "objection_form": objection_form or ObjectionForm(initial={"id": uuid7(request.now)}),
    }  # fmt: skip
    return render(request, "open/home.html", shown, status=status)


def _worker(door: Door, now: datetime) -> str:
    """The name of whoever looks after this door."""
    with scope([door.community]):
        helper = who_answers({door.household.area_code}, ANSWERS["isolation.begin"], now=now).get(
            door.household.area_code
        )
    return helper.name if helper else ""


def _person(door: Door, pk: str) -> Person:
    rows = Person.objects.filter(household__kept_id=door.household.kept_id, left_at=None)
    found = rows.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 18 else None
    if found is None:
        raise NotInScope()
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _after(code: str, said: str) -> HttpResponse:
    answer = redirect("home", code)
    answer["Location"] += f"?said={said}"
    return answer
