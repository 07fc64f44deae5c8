"""我家的隔离: the page of an isolated household, behind a link or a printed code. No app and no password.

On a new phone the last four digits of a phone of the household open it; then it is remembered until the end. A relative
who looks after them has a link and four digits of their own.
"""

from datetime import datetime
from decimal import Decimal
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from shouwang.access.scope import one_in_scope, scope
from shouwang.catalogue import ANSWERS
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.doors import OpenRequest, OpenView, open_page, sentence
from shouwang.desk.look import keep
from shouwang.desk.open.homes.door import Door, check, door_of, known, own, remember
from shouwang.desk.open.homes.forms import NeedForm, ObjectionForm
from shouwang.flows.at_home.ill import refer_ill
from shouwang.isolation.asking import OnlyOnce, ask, object_to, tells_of_illness
from shouwang.isolation.caring import Taken, degrees_as_typed, record_readings
from shouwang.isolation.home import Home, Part, home_of
from shouwang.isolation.models import ORDER, Order
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.plans.actions import clocks_of
from shouwang.register.models import Person
from shouwang.register.responsibility import who_answers
from shouwang.testing.results.seeing import Seen, seen_of

USUAL = tuple(Decimal(tenths).scaleb(-1) for tenths in range(360, 373))
SIZE, SIZES = "size", ("normal", "large")
LANGUAGES = dict(settings.LANGUAGES)
HOMES = "/h/"  # a phone keeps size and language for these pages alone


@open_page(tries=120, code_tries=300)
def home(request: OpenRequest, code: str) -> HttpResponse:
    """The page; on a new phone first the question for four digits."""
    with door_of(code) as door:
        if not known(request, door):
            answer = render(request, "open/home_enter.html", {"code": code, "wrong": ""})
        else:
            answer = _shown(request, code, door)
        for name, key, offered in ((SIZE, SIZE, SIZES), ("lang", settings.LANGUAGE_COOKIE_NAME, LANGUAGES)):
            if request.GET.get(name) in offered:
                keep(answer, key, request.GET[name], path=HOMES)
        return answer


def sent(view: OpenView[[str]]) -> OpenView[[str]]:
    """Lets a view see what was posted alone; whoever taps another language on its answer is led to the page."""

    @wraps(view)
    def taken(request: OpenRequest, code: str) -> HttpResponseBase:
        if request.method == "POST":
            return view(request, code)
        answer = redirect("home", code)
        answer["Location"] += f"?{request.GET.urlencode()}" if request.GET else ""
        return answer

    return taken


@open_page(tries=30, code_tries=60)
@sent
def enter(request: OpenRequest, code: str) -> HttpResponse:
    """Four digits of a phone of this household."""
    with door_of(code) as door:
        try:
            check(request, door)
        except Refusal as refusal:
            shown = {"code": code, "wrong": sentence(refusal)}
            return render(request, "open/home_enter.html", shown, status=422)
        return remember(redirect("home", code), request, door)


@open_page(tries=120, code_tries=300)
@sent
def reading(request: OpenRequest, code: str) -> HttpResponse:
    """A temperature in two taps; with a fever somebody is called for at once."""
    with own(request, code) as door:
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
        refer_ill(made, by=None, at=request.now)
        ill = tells_of_illness(taken, door.order)
        return _after(code, "ill" if ill else "told")


@open_page(tries=60, code_tries=120)
@sent
def need(request: OpenRequest, code: str) -> HttpResponse:
    """Something is needed."""
    with own(request, code) as door:
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
@sent
def objection(request: OpenRequest, code: str) -> HttpResponse:
    """The decision is wrong, says somebody whom it is about."""
    with own(request, code) as door:
        form = ObjectionForm(request.POST)
        if not form.is_valid():
            return _shown(request, code, door, objection_form=form, status=422)
        said = form.cleaned_data
        if not Order.objects.filter(pk=said["order"], household=door.household).exists():
            raise NotInScope()
        try:
            object_to(
                said["order"], words=said["words"], at=request.now, id=said["id"], after=said["after"],
                against=said["against"] or ORDER,
            )  # fmt: skip
        except OnlyOnce as refusal:
            return _shown(request, code, door, wrong=sentence(refusal), status=422)
        return _after(code, "objected")


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
        "code": code, "home": found, "parts": _with_results(found, door, request.now),
        "wrong": wrong, "said": request.GET.get("said", ""), "usual": USUAL,
        "reading_id": uuid7(request.now), "office": community_ways(door.community).office,
        "size": _size(request), "kin": door.relative,
        "worker": _worker(door, request.now), "hours": clocks_of(door.community, now=request.now),
        "need_form": need_form or NeedForm(initial={"id": uuid7(request.now)}),
        "objection_form": objection_form or ObjectionForm(initial={"id": uuid7(request.now)}),
    }  # fmt: skip
    return render(request, "open/home.html", shown, status=status)


def _with_results(found: Home, door: Door, now: datetime) -> list[tuple[Part, list[Seen]]]:
    """Everybody with their own results: a tube lies where it was taken, and is shared with others."""
    with scope([door.community]):
        seen = seen_of([part.person for part in found.parts], now=now)
    return [(part, seen[part.person.pk]) for part in found.parts]


def _size(request: OpenRequest) -> str:
    """How large the letters are: as just asked for, or as remembered on this phone."""
    asked = request.GET.get(SIZE) or request.COOKIES.get(SIZE, "")
    return asked if asked in SIZES else SIZES[0]


def _worker(door: Door, now: datetime) -> str:
    """The name of whoever looks after this door."""
    with scope([door.community]):
        helper = who_answers({door.household.area_code}, ANSWERS["isolation.begin"], now=now).get(
            door.household.area_code
        )
    return helper.name if helper else ""


def _person(door: Door, pk: str) -> Person:
    rows = Person.objects.filter(household__kept_id=door.household.kept_id, left_at=None)
    return one_in_scope(rows.filter(pk=row_number(pk) or 0))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _after(code: str, said: str) -> HttpResponse:
    answer = redirect("home", code)
    answer["Location"] += f"?said={said}"
    return answer
