"""一户一账: one door, who lives behind it, what is owed there now, what was done before, and who answers for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.catalogue import ANSWERS, DUTY_KINDS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import allowed, back, done
from shouwang.desk.living.forms import AttemptForm, NewcomerForm, ReasonForm, VisitForm
from shouwang.desk.living.leaflets import add_leaflets
from shouwang.desk.living.questions import add_questions, replies_in
from shouwang.duties.models import Duty
from shouwang.duties.plan import waive
from shouwang.ledgers.asked.replying import asked_here, reply
from shouwang.ledgers.asked.rules import AT_THE_DOOR
from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.errors import NotInScope
from shouwang.plans.actions import hours_to_try, plan_of
from shouwang.register.editing import Newcomer, add_person, mark_empty
from shouwang.register.queries import HouseholdPage, household_page, landlord_masked, reveal_landlord
from shouwang.register.responsibility import ROLES, who_answers
from shouwang.screening.actions import OUTCOMES, Seen, record_attempt, record_visits, void_visit
from shouwang.screening.doors_seen import LEFT, attempts_of, owed_by, visits_of
from shouwang.screening.duties import VISIT
from shouwang.screening.models import Visit


@page("register.read")
def opened(request: DeskRequest, household: int) -> HttpResponse:
    """The door's page."""
    found = household_page(household)
    return _shown(request, found)


@page("register.read")
def visited(request: DeskRequest, household: int) -> HttpResponse:
    """Somebody was met there."""
    found = household_page(household)
    form = _visit_form(found, request.now, request.POST)

    def write(typed: dict[str, Any]) -> None:
        door, happened_at, told = found.household, form.moment(request.now), form.told()
        replies = replies_in(told)
        seen = Seen(household=door.pk, at=happened_at, id=typed["token"], **told)
        record_visits([seen], by=request.user, at=request.now)
        reply(
            replies, about=typed["token"], area=door.area_code, by=request.user, happened_at=happened_at, at=request.now,
            household=door.pk,
        )  # fmt: skip

    return _act(request, found, "visit.record", form, write, _("记下了，见到人了。"), "visit_form")


@page("register.read")
def tried(request: DeskRequest, household: int) -> HttpResponse:
    """Nobody was met there."""
    form = AttemptForm(request.POST)

    def write(typed: dict[str, Any]) -> None:
        again = typed["next_try"]
        record_attempt(
            found.household.pk,
            id=typed["token"],
            outcome=typed["outcome"],
            tried_at=form.moment(request.now),
            hours=hours_to_try(plan_of(found.household.area_code, now=request.now)),
            next_try_at=request.now.astimezone(ZONE).replace(hour=again.hour, minute=again.minute)
            if again
            else None,
            note=typed["note"],
            by=request.user,
            at=request.now,
        )

    found = household_page(household)
    return _act(request, found, "visit.record", form, write, _("记下了，这一户还要再去。"), "attempt_form")


@page("register.read")
def waived(request: DeskRequest, household: int) -> HttpResponse:
    """What is owed here is taken off the list, for a reason."""
    found = household_page(household)
    kind, ids = request.POST.get("kind", VISIT.name), _ids(found)
    duties = Duty.objects.filter(household_id__in=ids, kind=kind, opens_at__lte=request.now)

    def write(typed: dict[str, Any]) -> None:
        waive(duties, reason=typed["reason"], by=request.user, at=request.now)

    return _act(
        request, found, "duty.waive", ReasonForm(request.POST), write, _("记为免办了。"), "waive_form"
    )


@page("register.read")
def struck(request: DeskRequest, household: int) -> HttpResponse:
    """A visit that was entered by mistake is struck out, for a reason."""
    found = household_page(household)
    visit = Visit.objects.filter(household_id__in=_ids(found), pk=_uuid(request)).first()
    if request.method == "POST" and visit is None:
        raise NotInScope()

    def write(typed: dict[str, Any]) -> None:
        void_visit(visit.pk, reason=typed["reason"], by=request.user, at=request.now)  # type: ignore[union-attr]

    form = ReasonForm(request.POST)
    return _act(request, found, "visit.record", form, write, _("这条记录撤销了。"), "strike_form")


@page("register.read")
def joined(request: DeskRequest, household: int) -> HttpResponse:
    """Somebody new lives here."""
    found = household_page(household)

    def write(typed: dict[str, Any]) -> None:
        add_person(found.household.pk, Newcomer(**typed), by=request.user, at=request.now)

    form = NewcomerForm(request.POST)
    return _act(request, found, "register.edit", form, write, _("登记好了。"), "newcomer_form")


@page("register.read")
def emptied(request: DeskRequest, household: int) -> HttpResponse:
    """Nobody lives behind this door, or somebody does after all."""
    found = household_page(household)
    if request.method == "POST":
        allowed(request, "register.edit", found.household.area_code)
        empty = request.POST.get("empty") == "1"
        mark_empty(found.household.pk, empty=empty, by=request.user, at=request.now)
    return redirect("household", found.household.pk)


@page("register.read")
def revealed(request: DeskRequest, household: int) -> HttpResponse:
    """The same page with the landlord in clear; who looked, when and why is kept. The browser keeps nothing of it."""
    found, form, landlords = household_page(household), ReasonForm(request.POST), list[str]()
    if request.method != "POST":
        return redirect("household", found.household.pk)
    allowed(request, "reveal", found.household.area_code)

    def write(typed: dict[str, Any]) -> None:
        landlords.extend(reveal_landlord(found, by=request.user, at=request.now, reason=typed["reason"]))

    seen = done(form, write)
    answer = _shown(request, found, status=200 if seen else 422, reveal_form=form, landlords=landlords)
    answer["Cache-Control"] = "no-store"
    return answer


def _visit_form(found: HouseholdPage, now: datetime, data: Any = None) -> VisitForm:
    """What a visit asks, and what forms from above ask besides."""
    form = VisitForm(data)
    add_leaflets(form, found.household.area_code, now=now)
    add_questions(form, asked_here(found.household.area_code, AT_THE_DOOR))
    return form


def _act(
    request: DeskRequest,
    found: HouseholdPage,
    permission: str,
    form: Any,
    write: Callable[[dict[str, Any]], object],
    said: str,
    name: str,
) -> HttpResponse:
    """One form of the page: done and back to it, or shown again with what was typed."""
    if request.method != "POST":
        return redirect("household", found.household.pk)
    allowed(request, permission, found.household.area_code)
    if done(form, write):
        return back(request, said, "household", found.household.pk)
    return _shown(request, found, status=422, **{name: form})


def _shown(request: DeskRequest, found: HouseholdPage, *, status: int = 200, **forms: Any) -> HttpResponse:
    ids, door = _ids(found), found.household
    owed = owed_by(request.now, household=ids)
    roles = ANSWERS[VISIT.name]
    answers = who_answers([door.area_code], roles, now=request.now).get(door.area_code)
    shown = {
        "page": found,
        "door": door,
        "now_owed": [one for one in owed if one.state in LEFT],
        "before": [one for one in owed if one.state not in LEFT],
        "kinds": {name: kind.words for name, kind in DUTY_KINDS.items()},
        "visits": visits_of(ids),
        "attempts": attempts_of(household=ids),
        "outcomes": OUTCOMES,
        "answers": answers,
        "roles": [str(ROLES[role]) for role in roles],
        "today": day_of(request.now),
        "may": request.grants.may,
        "landlord": landlord_masked(found),
        "landlords": forms.get("landlords"),
        "visit_form": forms.get("visit_form") or _visit_form(found, request.now),
        **{name: forms.get(name) or form() for name, form in FORMS.items()},
    }
    return render(request, "living/household.html", shown, status=status)


FORMS: dict[str, Any] = {
    "attempt_form": AttemptForm,
    "waive_form": ReasonForm,
    "strike_form": ReasonForm,
    "newcomer_form": NewcomerForm,
    "reveal_form": ReasonForm,
}


def _ids(found: HouseholdPage) -> list[int]:
    """The door's own row and the rows that it stands for."""
    return [found.household.pk, *(row.pk for row in found.merged)]


def _uuid(request: DeskRequest) -> str:
    """The visit that was named, if it can be one."""
    try:
        return str(UUID(request.POST.get("visit", "")))
    except ValueError:
        return str(UUID(int=0))
