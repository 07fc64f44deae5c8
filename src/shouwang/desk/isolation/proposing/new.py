"""新的隔离请求: a household is found, its people are chosen, and it says at once until when it would be."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.numbers import row_number
from shouwang.desk.doors import DeskRequest, asked_by_htmx, page, sentence
from shouwang.desk.isolation.forms import BESIDE, ProposeForm
from shouwang.desk.isolation.named import name_of
from shouwang.desk.isolation.proposing.following import contacts, followed
from shouwang.desk.living.acting import done
from shouwang.desk.wording import in_language
from shouwang.isolation.models import SOURCES, Order
from shouwang.isolation.ordering import Proposal, foresee, open_orders, propose
from shouwang.isolation.schedule import CLOCK_WORDS, Schedule
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.plans.actions import in_force
from shouwang.plans.actions import read as read_plan
from shouwang.plans.models import PlanVersion
from shouwang.plans.schema import Plan
from shouwang.register.finding.search import search
from shouwang.register.models import Household, Person
from shouwang.register.queries import household_page

MOST_TYPED = 40


@dataclass(frozen=True)
class Asked:
    """The household that was chosen, who lives there, and the plan that says what follows."""

    home: Household
    people: list[Person]
    version: PlanVersion
    rules: Plan


@page("isolation.propose")
def new(request: DeskRequest) -> HttpResponse:
    """Which household first, then who of it, as what; before it is asked for, until when."""
    asked = household_asked(request)
    if asked is None:
        return _looked_for(request)
    form = _form(request, asked)
    days, why_not = _foreseen(request, form, asked)
    if asked_by_htmx(request):
        return render(request, "isolation/parts/until.html", _words_of(days, why_not))
    if request.method == "POST" and "propose" in request.POST:
        made = _made(request, form, asked)
        if made:
            return redirect("order", made.pk)
    shown = {"home": asked.home, "form": form, **_words_of(days, why_not)}
    return render(request, "isolation/new.html", shown, status=422 if form.errors else 200)


def _looked_for(request: DeskRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:MOST_TYPED]
    hits = search(text, codes=request.grants.codes) if text else []
    doors = [hit for hit in hits if hit.kind == "household"]
    people = Person.objects.filter(pk__in=[hit.id for hit in hits if hit.kind == "person"])
    homes = {one.pk: one.household_id for one in people}
    found = [(hit, hit.id) for hit in doors]
    found += [(hit, homes[hit.id]) for hit in hits if hit.kind == "person" and hit.id in homes]
    shown = {"text": text, "found": found, "primary": request.GET.get("primary", "")}
    return render(request, "isolation/find.html", shown)


def household_asked(request: DeskRequest) -> Asked | None:
    """The household that the address names, if it does. Raises: NotInScope where no such household or no plan is."""
    pk = request.GET.get("household", "")
    if not pk:
        return None
    found = household_page(row_number(pk) or 0)
    held = in_force(found.household.area_code, now=request.now)
    if held is None:
        raise NotInScope()
    return Asked(found.household, list(found.people), held.plan, read_plan(held.plan))


def _form(request: DeskRequest, asked: Asked) -> ProposeForm:
    rules = asked.rules
    conditions = rules.isolation.home_conditions if rules.isolation else ()
    choices = {
        "people": [(str(one.pk), name_of(request, one)) for one in asked.people],
        "category": [
            (key, in_language(one.words)) for key, one in rules.categories.items() if one.regime in rules.regimes
        ],
        "source": [(key, _(words)) for key, words in SOURCES],
        "primary": contacts(request, rules, typed=request.POST.get("contact", "")[:MOST_TYPED], named=_named(request)),
        "fits": [(one, _(one)) for one in conditions],
    }  # fmt: skip
    everybody = bool(rules.isolation and rules.isolation.household_isolates)
    wanted = request.GET.get("person", "")
    ticked = [str(one.pk) for one in asked.people if everybody or str(one.pk) == wanted]
    begun = {"people": ticked, "source": "hand", "primary": _named(request)}
    return ProposeForm(choices, request.POST or None, follows=bool(followed(rules)), initial=begun)


def _named(request: DeskRequest) -> str:
    """The order of the contact, as it was pointed at here or on the contact's page."""
    return request.POST.get("primary", request.GET.get("primary", ""))


def _foreseen(request: DeskRequest, form: ProposeForm, asked: Asked) -> tuple[Schedule | None, str]:
    """Until when it would be, or why it cannot be said."""
    if not form.is_bound or not form.is_valid():
        return None, ""
    try:
        return foresee(_proposals(form)[0], rules=asked.rules, at=request.now)[1], ""
    except Refusal as refusal:
        return None, sentence(refusal)


def _made(request: DeskRequest, form: ProposeForm, asked: Asked) -> Order | None:
    """The first of the orders; sent twice, the one that is there already."""
    if form.is_valid():
        mine = open_orders().filter(proposed_by=request.user, person__in=form.cleaned_data["people"])
        same = mine.filter(lapses_at__gt=request.now, decided_at=None, category=form.cleaned_data["category"])
        if same.count() == len(form.cleaned_data["people"]):
            return same.first()
    made: list[Order] = []

    def write(_typed: dict[str, Any]) -> None:
        made.extend(propose(_proposals(form), version=asked.version, by=request.user, at=request.now))

    return made[0] if done(form, write, BESIDE) else None


def _proposals(form: ProposeForm) -> list[Proposal]:
    told, evidence, unmet = form.cleaned_data, form.evidence(), form.unmet()
    primary = UUID(told["primary"]) if told.get("primary") else None
    return [
        Proposal(int(pk), told["category"], evidence, unmet=unmet, source=told["source"], primary=primary)
        for pk in told["people"]
    ]


def _words_of(days: Schedule | None, why_not: str) -> dict[str, object]:
    clock = _(CLOCK_WORDS[days.origin.clock]) if days else ""
    return {"days": days, "why_not": why_not, "clock": clock, "mode": days.stretches[0].mode if days else ""}
