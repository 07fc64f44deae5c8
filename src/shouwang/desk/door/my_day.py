"""我的任务: one card per door with everything owed there, as a plain page for a cheap phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouwang.access.scope import one_in_scope
from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.asked.numbers import place_number
from shouwang.desk.door.forms import SeenForm
from shouwang.desk.door.opening import at_the_door
from shouwang.desk.door.tenants import TenantForm, tenant_form
from shouwang.desk.doors import DeskRequest, opens
from shouwang.desk.living.leaflets import add_leaflets
from shouwang.desk.living.questions import add_questions
from shouwang.duties.doors import Door, doors_by_building, doors_of
from shouwang.flows.phones.call_a_door import Number, numbers_of
from shouwang.inspection.duties import SECOND_VISIT
from shouwang.inspection.models import SecondVisit
from shouwang.ledgers.asked.replying import asked_here
from shouwang.ledgers.asked.rules import AT_THE_DOOR
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import BUILDING, COMPOUND
from shouwang.lib.errors import NotInScope
from shouwang.lib.identity import mask_name
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import may_knock, plan_of
from shouwang.plans.form.people import Screening
from shouwang.register.models import HELPS, Area, Helper, Household, Person
from shouwang.register.queries import people_of, reveal_helper_phone
from shouwang.register.responsibility import who_answers
from shouwang.screening.actions import OUTCOMES

PAGE = 60
ABOVE = ("grid_lead", "cadre", "leader")
BY_PHONE = ("no_reply", "wrong_number", "hung_up")
FULL_NAMES = "register.read"
FROM_DOOR = "from=door"  # there somebody goes back to my day
APPOINTMENTS_HOURS = 12


@dataclass(frozen=True)
class Building:
    """A building of this worker: its words, what is left, what was asked."""

    code: str
    words: str
    left: int
    asked: int


@dataclass(frozen=True)
class Card:
    """One door as the phone shows it. Shape: `asks` is all that is owed, `ways` the pages on which the rest of it is done."""

    door: Door
    who: str
    people: int
    helps: list[str]
    asks: list[str]
    ways: list[tuple[str, str]]
    outcome: str
    visit: bool


@require_GET
@at_the_door
def day(request: DeskRequest) -> HttpResponse:
    """How many are left, the buildings, and the doors of one of them."""
    buildings = _buildings(request)
    chosen = _chosen(request, buildings)
    doors = doors_of(chosen.code, but=done_elsewhere(request), now=request.now) if chosen else []
    owed = [door for door in doors if door.owed]
    plan = plan_of(chosen.code, now=request.now) if chosen else None
    asked = plan.screening if plan and plan.screening else Screening()
    start = min(place_number(request.GET.get("from", "")), max(len(owed) - 1, 0))
    shown = {
        "buildings": buildings,
        "here": chosen,
        "left": sum(one.left for one in buildings),
        "asked": sum(one.asked for one in buildings),
        "cards": _cards(request, owed[start : start + PAGE]),
        "finished": [door.household for door in doors if not door.owed],
        "next": start + PAGE if len(owed) > start + PAGE else 0,
        "last": _uuid(request.GET.get("last", "")),
        "page_id": uuid7(request.now),
        "questions": asked_here(chosen.code, AT_THE_DOOR) if chosen else [],
        "hours": asked,
        "not_now": not may_knock(asked, request.now.astimezone(ZONE).time()),
    }
    return render(request, "door/day.html", shown)


@require_GET
@at_the_door
def household(request: DeskRequest, pk: int) -> HttpResponse:
    """What has changed behind one door: newcomers, a temperature, what is needed."""
    home = find(pk)
    return shown(request, home, seen_form(home, now=request.now), tenant_form(request))


def seen_form(home: Household, data: Mapping[str, Any] | None = None, *, now: datetime) -> SeenForm:
    """The form of a door: how many the register knows there, what can be left there, what forms from above ask besides."""
    form = SeenForm(data, initial={"people": len(people_of([home.pk])[home.pk]) or None})
    add_leaflets(form, home.area_code, now=now)
    add_questions(form, asked_here(home.area_code, AT_THE_DOOR))
    return form


def shown(
    request: DeskRequest, home: Household, form: SeenForm, tenant: TenantForm, *, status: int = 200
) -> HttpResponse:
    """A door's page: what it said, who is new, whom to call."""
    known = [_shown_name(request, person) for person in people_of([home.pk])[home.pk]]
    found = {"home": home, "form": form, "tenant": tenant, "known": known, "page_id": uuid7(request.now)}
    lead = above(home.area_code, request)
    return render(request, "door/household.html", found | {"lead": lead}, status=status)


@require_POST
@at_the_door
def call(request: DeskRequest, pk: int) -> HttpResponse:
    """The phones of a door, written down before they are shown, and what came of the call."""
    home = find(pk)
    numbers = numbers_of(
        home,
        full_names=FULL_NAMES in request.grants.may,
        reason=_("上门前打电话"),
        by=request.user,
        at=request.now,
    )
    shown = {
        "home": home,
        "numbers": numbers,
        "outcomes": [(name, OUTCOMES[name]) for name in BY_PHONE],
        "times": _times(request),
        "page_id": uuid7(request.now),
    }
    return render(request, "door/call.html", shown)


@require_POST
@at_the_door
def call_lead(request: DeskRequest, pk: int) -> HttpResponse:
    """The phone of whoever answers above, for a fever or anything that cannot wait."""
    home = find(pk)
    lead = above(home.area_code, request)
    if lead is None or not lead.phone_sealed:
        raise NotInScope()
    phone = reveal_helper_phone(lead, by=request.user, at=request.now, reason=_("发热或急事，打给负责人"))
    return render(request, "door/call.html", {"home": home, "numbers": [Number(lead.name, phone, "")]})


def done_elsewhere(request: DeskRequest) -> Q:
    """What is not done at a door by who is here: at a point, or a second time by somebody who was not there before."""
    again = Q(kind=SECOND_VISIT.name)
    if opens(request, reverse("second_visits")):
        again &= Q(about__in=SecondVisit.objects.filter(first_by=request.user).values("pk"))
    return again | Q(kind__in=[name for name, kind in DUTY_KINDS.items() if not kind.at_door])


def find(pk: int) -> Household:
    """A door of this worker's own. Raises: NotInScope."""
    return one_in_scope(Household.objects.filter(pk=pk))


def above(area: str, request: DeskRequest) -> Helper | None:
    """Who answers above this worker, nearest first; nobody is told to call themselves."""
    for first in range(len(ABOVE)):
        lead = who_answers([area], ABOVE[first:], now=request.now).get(area)
        if lead and lead.user_id != request.user.pk:
            return lead
    return None


def _buildings(request: DeskRequest) -> list[Building]:
    counted = doors_by_building(request.grants.codes, but=done_elsewhere(request), now=request.now)
    above_them = {code[:length] for code in counted for length in (COMPOUND, BUILDING)}
    labels = dict(Area.objects.filter(code__in=above_them).values_list("code", "label"))
    return [
        Building(
            code, f"{labels.get(code[:COMPOUND], '')} {labels.get(code, '')}".strip() or code, left, asked
        )
        for code, (left, asked) in counted.items()
    ]


def _chosen(request: DeskRequest, buildings: Sequence[Building]) -> Building | None:
    """The building that was asked for, else the first with something left."""
    asked = [one for one in buildings if one.code == request.GET.get("in", "")]
    with_work = [one for one in buildings if one.left]
    return next(iter([*asked, *with_work, *buildings]), None)


def _cards(request: DeskRequest, doors: Sequence[Door]) -> list[Card]:
    people = people_of([door.household.kept_id or door.household.pk for door in doors])
    return [_card(request, door, people.get(door.household.kept_id or 0, [])) for door in doors]


def _card(request: DeskRequest, door: Door, people: list[Person]) -> Card:
    words = dict(HELPS)
    kinds = sorted({duty.kind for duty in door.owed})
    return Card(
        door=door,
        who=_shown_name(request, people[0]) if people else "",
        people=len(people),
        helps=sorted(
            {words[help_kind] for person in people for help_kind in person.helps if help_kind in words}
        ),
        asks=[DUTY_KINDS[kind].words for kind in kinds if kind in DUTY_KINDS],
        ways=_ways(request, door),
        outcome=OUTCOMES.get(door.tried.outcome, "") if door.tried else "",
        visit="screening.visit" in kinds,
    )


def _ways(request: DeskRequest, door: Door) -> list[tuple[str, str]]:
    """The pages on which what is owed here about one row of a module is done, for those to whom they open."""
    found: dict[str, str] = {}
    for duty in door.owed:
        kind = DUTY_KINDS.get(duty.kind)
        if kind and kind.page and duty.about:
            found.setdefault(reverse(kind.page, args=[duty.about]), kind.words)
    return [(words, f"{address}?{FROM_DOOR}") for address, words in found.items() if opens(request, address)]


def _shown_name(request: DeskRequest, person: Person) -> str:
    """The whole name for those who read the register, else the surname alone: a lost phone tells little."""
    return person.name if FULL_NAMES in request.grants.may else mask_name(person.name)


def _times(request: DeskRequest) -> list[str]:
    """The whole and half hours that somebody may name on the phone."""
    begin = request.now.astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
    halves = (begin + timedelta(minutes=30 * number) for number in range(1, APPOINTMENTS_HOURS * 2))
    return [f"{moment:%H:%M}" for moment in halves if moment > request.now]


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
