"""我的任务: one card per door with everything owed there, as a plain page for a cheap phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.door.forms import SeenForm
from shouwang.desk.door.opening import at_the_door
from shouwang.desk.door.tenants import TenantForm, tenant_form
from shouwang.desk.doors import DeskRequest
from shouwang.duties.doors import Door, doors_by_building, doors_of
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import BUILDING, COMPOUND
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.outreach.codes import for_calls
from shouwang.register.models import HELPS, Area, Helper, Household, Person
from shouwang.register.queries import people_of, reveal, reveal_helper_phone
from shouwang.register.responsibility import who_answers
from shouwang.screening.actions import OUTCOMES

PAGE = 60
ABOVE = ("grid_lead", "cadre", "leader")
BY_PHONE = ("no_reply", "wrong_number", "hung_up")
FULL_NAMES = "register.read"
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
    """One door as the phone shows it."""

    door: Door
    who: str
    people: int
    helps: list[str]
    asks: list[str]
    outcome: str
    visit: bool


@require_GET
@at_the_door
def day(request: DeskRequest) -> HttpResponse:
    """How many are left, the buildings, and the doors of one of them."""
    buildings = _buildings(request)
    chosen = _chosen(request, buildings)
    doors = doors_of(chosen.code, now=request.now) if chosen else []
    owed = [door for door in doors if door.owed]
    start = min(_number(request.GET.get("from", "")), max(len(owed) - 1, 0))
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
    }
    return render(request, "door/day.html", shown)


@require_GET
@at_the_door
def household(request: DeskRequest, pk: int) -> HttpResponse:
    """What has changed behind one door: newcomers, a temperature, what is needed."""
    home = find(pk)
    return shown(request, home, seen_form(home), tenant_form(request))


def seen_form(home: Household) -> SeenForm:
    """The form of a door, with how many the register knows there."""
    return SeenForm(initial={"people": len(people_of([home.pk])[home.pk]) or None})


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
    numbers = [
        (_shown_name(request, person), phone)
        for person in people_of([home.pk])[home.pk]
        if person.phones_sealed
        for phone in reveal(person, "phones", by=request.user, at=request.now, reason=_("上门前打电话"))
    ]
    codes = for_calls(
        [phone for _name, phone in numbers], by=request.user, area=home.area_code, at=request.now
    )
    shown = {
        "home": home,
        "numbers": [(name, phone, codes[phone]) for name, phone in numbers],
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
    return render(request, "door/call.html", {"home": home, "numbers": [(lead.name, phone, "")]})


def find(pk: int) -> Household:
    """A door of this worker's own. Raises: NotInScope."""
    home = Household.objects.filter(pk=pk).first()
    if home is None:
        raise NotInScope()
    return home


def above(area: str, request: DeskRequest) -> Helper | None:
    """Who answers above this worker, nearest first; nobody is told to call themselves."""
    for first in range(len(ABOVE)):
        lead = who_answers([area], ABOVE[first:], now=request.now).get(area)
        if lead and lead.user_id != request.user.pk:
            return lead
    return None


def _buildings(request: DeskRequest) -> list[Building]:
    counted = doors_by_building(request.grants.codes, now=request.now)
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
        outcome=OUTCOMES.get(door.tried.outcome, "") if door.tried else "",
        visit="screening.visit" in kinds,
    )


def _shown_name(request: DeskRequest, person: Person) -> str:
    """The whole name for those who read the register, else the surname alone: a lost phone tells little."""
    return person.name if FULL_NAMES in request.grants.may else f"{person.name[:1]}**"


def _times(request: DeskRequest) -> list[str]:
    """The whole and half hours that somebody may name on the phone."""
    begin = request.now.astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
    halves = (begin + timedelta(minutes=30 * number) for number in range(1, APPOINTMENTS_HOURS * 2))
    return [f"{moment:%H:%M}" for moment in halves if moment > request.now]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
