"""只给我看: the part of a household's page that belongs to one person alone: violence at home, a medicine, a worry.

It opens with the last four digits of this person's own phone, for ten minutes, and closes with one tap.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.desk.open.homes.door import (
    Door,
    alone,
    check_alone,
    door_of,
    forget_alone,
    known,
    people_of,
    remember_alone,
)
from shouwang.desk.open.homes.forms import PrivateForm
from shouwang.isolation.asking import ask
from shouwang.isolation.home import told_alone
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.lib.ids import uuid7
from shouwang.outreach.channels import community_ways
from shouwang.register.models import Person


@open_page(tries=60, code_tries=120)
def mine(request: OpenRequest, code: str, person: int) -> HttpResponse:
    """First the digits of the own phone, then what was asked in private and what was answered."""
    with door_of(code) as door:
        who = _who(request, door, person)
        if request.method == "POST" and "close" in request.POST:
            return forget_alone(redirect("check_area", door.community), who)
        if not alone(request, who):
            return _entered(request, code, who)
        form = PrivateForm(request.POST or None, initial={"id": uuid7(request.now)})
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            ask(
                door.household.pk, what=said["what"], words=said["words"], how="own", by=None, at=request.now,
                person=who.pk, private=True, id=said["id"],
            )  # fmt: skip
            return redirect("home_mine", code, who.pk)
        shown = {
            "code": code, "person": who, "form": form, "asked": told_alone(who),
            "office": community_ways(door.community).office,
        }  # fmt: skip
        return render(request, "open/mine.html", shown, status=422 if form.errors else 200)


def _entered(request: OpenRequest, code: str, who: Person) -> HttpResponse:
    shown = {"code": code, "person": who, "wrong": ""}
    if request.method != "POST":
        return render(request, "open/mine_enter.html", shown)
    try:
        check_alone(request, who)
    except Refusal as refusal:
        return render(request, "open/mine_enter.html", shown | {"wrong": sentence(refusal)}, status=422)
    return remember_alone(redirect("home_mine", code, who.pk), request, who)


def _who(request: OpenRequest, door: Door, person: int) -> Person:
    """Somebody of this household, on a phone that came in. A relative's link opens nobody's own part."""
    found = next((one for one in people_of(door) if one.pk == person), None)
    if found is None or door.relative or not known(request, door):
        raise NotInScope()
    return found
