"""一人一档: who somebody is, masked; the whole number only for a reason that is written down first."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import allowed, back, done
from shouwang.desk.living.forms import LeaveForm, RevealForm
from shouwang.desk.running.sent import sent
from shouwang.flows.at_home.gone import leave_home
from shouwang.register.editing import come_back, confirm_newcomer
from shouwang.register.queries import PersonPage, person_page, reveal
from shouwang.screening.actions import OUTCOMES
from shouwang.screening.doors_seen import attempts_of, owed_by


@page("register.read")
def opened(request: DeskRequest, person: int) -> HttpResponse:
    """The person's page, numbers masked."""
    return _shown(request, person_page(person))


@page("register.read")
def revealed(request: DeskRequest, person: int) -> HttpResponse:
    """The same page with one number in clear; who looked, when and why is kept. Nothing of it is kept by the browser."""
    found = person_page(person)
    if request.method != "POST":
        return redirect("person", found.person.pk)
    allowed(request, "reveal", found.person.area_code)
    form, numbers = RevealForm(request.POST), {}

    def write(typed: dict[str, Any]) -> None:
        who, field = request.user, typed["field"]
        numbers[field] = reveal(found.person, field, by=who, at=request.now, reason=typed["reason"])

    seen = done(form, write)
    answer = _shown(request, found, status=200 if seen else 422, reveal_form=form, clear=numbers)
    answer["Cache-Control"] = "no-store"
    return answer


@page("register.read")
def left(request: DeskRequest, person: int) -> HttpResponse:
    """Moved out or died; or said so by mistake."""
    found = person_page(person)
    if request.method != "POST":
        return redirect("person", found.person.pk)
    allowed(request, "register.edit", found.person.area_code)
    if request.POST.get("back"):
        come_back(found.person.pk, by=request.user, at=request.now)
        return back(request, _("改回来了，还住在这里。"), "person", found.person.pk)
    form = LeaveForm(request.POST)
    if done(form, lambda typed: leave_home(found.person.pk, by=request.user, at=request.now, **typed)):
        return back(request, _("记下了，不住在这里了。"), "household", found.person.household_id)
    return _shown(request, found, status=422, leave_form=form)


@page("register.read")
@sent("living")
def confirmed(request: DeskRequest, person: int) -> HttpResponse:
    """The newcomer told at the door is who was said; on to the next who waits, if anybody does."""
    found = person_page(person)
    allowed(request, "register.edit", found.person.area_code)
    confirm_newcomer(found.person.pk, by=request.user, at=request.now)
    messages.success(request, _("{name} 核对好了。").format(name=found.person.name))
    return redirect(f"{reverse('living_list')}?which=unchecked")


def _shown(request: DeskRequest, found: PersonPage, *, status: int = 200, **forms: Any) -> HttpResponse:
    ids = [found.person.pk, *(row.pk for row in found.merged)]
    shown = {
        "page": found,
        "person": found.person,
        "door": found.person.household,
        "owed": owed_by(request.now, person=ids),
        "attempts": attempts_of(person=ids),
        "kinds": {name: kind.words for name, kind in DUTY_KINDS.items()},
        "outcomes": OUTCOMES,
        "may": request.grants.may,
        "sealed": [("id_number", found.person.id_sealed), ("phones", found.person.phones_sealed)],
        "reveal_form": RevealForm(),
        "leave_form": LeaveForm(),
        **forms,
    }
    return render(request, "living/person.html", shown, status=status)
