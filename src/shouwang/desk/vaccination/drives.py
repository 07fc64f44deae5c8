"""疫苗接种: how many of which age are vaccinated, whom to call, and what they said."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.times import DayField
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.communities import chosen_community, own_communities
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.models import Person
from shouwang.vaccination import actions, queries
from shouwang.vaccination.models import SAYS, Drive
from shouwang.vaccination.rules import USUAL_DOSES

OPEN, SHOWN = "round.open", 100


class DriveForm(forms.Form):
    """Whom it is for, and until when."""

    title = forms.CharField(label=_("叫什么"), max_length=60)
    from_age = forms.IntegerField(label=_("从几岁"), min_value=0, max_value=120)
    until_age = forms.IntegerField(
        label=_("到几岁以下（不写就不限）"), min_value=1, max_value=150, required=False
    )
    doses = forms.IntegerField(label=_("要打满几剂"), min_value=1, max_value=9)
    due_on = DayField(
        label=_("哪一天前问完"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SayForm(forms.Form):
    """What somebody said."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    says = forms.ChoiceField(label=_("怎么说"), choices=[(key, _(words)) for key, words in SAYS])
    booked_on = DayField(
        label=_("约的哪一天"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=_("原因（不能打、不愿打的要写）"), max_length=200, required=False)


def _calls(request: DeskRequest, drive: UUID) -> Listing:
    row, area = _drive(drive), request.grants.codes[0]
    people = queries.still_to_call(row, area, now=request.now).iterator(chunk_size=500)
    rows = ((_door(one), one.name, one.born_on, one.vaccine_doses, one.phone_mask) for one in people)
    headings = (_("门牌"), _("姓名"), _("出生日期"), _("打了几剂"), _("电话"))
    return Listing(_("还没问到的"), headings, rows, area)


@page("register.read")
def overview(request: DeskRequest) -> HttpResponse:
    """Coverage by age, the drives, and the form for the next one."""
    community = chosen_community(request)
    form = DriveForm(request.POST or None, initial={"from_age": 60, "doses": USUAL_DOSES})
    if form.is_bound and form.is_valid():
        request.grants.require(OPEN)
        said = form.cleaned_data
        due_at = midnight(said.pop("due_on"))
        try:
            made, owed = actions.open_drive(
                community.code, **said, due_at=due_at, by=request.user, at=request.now
            )
            messages.success(request, gettext("要问 {owed} 人。").format(owed=owed))
            return redirect("drive", made.pk)
        except Refusal as refusal:
            form.add_error("due_on", sentence(refusal))
    found = {
        "community": community, "communities": own_communities(request.grants), "form": form,
        "cover": queries.coverage(community.code, USUAL_DOSES, day=day_of(request.now)), "doses": USUAL_DOSES,
        "drives": queries.drives(community.code)[:SHOWN], "may": OPEN in request.grants.may,
    }  # fmt: skip
    return render(request, "vaccination/overview.html", found, status=422 if form.errors else 200)


@page("register.read")
@exports(_calls)
def drive(request: DeskRequest, drive: UUID) -> HttpResponse:
    """Whom to call, door by door, and what was said so far."""
    row, area = _drive(drive), request.grants.codes[0]
    waiting = queries.still_to_call(row, area, now=request.now)
    words: dict[str, Any] = dict(SAYS)
    found = {
        "drive": row, "rows": [(one, _door(one)) for one in waiting[:SHOWN]], "left": waiting.count(),
        "said": [(words[key], amount) for key, amount in queries.said(row, area)],
        "cover": queries.coverage(row.area_code, row.doses, day=day_of(request.now)), "may": OPEN in request.grants.may,
    }  # fmt: skip
    return render(request, "vaccination/drive.html", found)


@page("visit.record")
def say(request: DeskRequest, drive: UUID, person: int) -> HttpResponse:
    """One person, called."""
    row, who = _drive(drive), one_in_scope(Person.objects.filter(pk=person).select_related("household"))
    form = SayForm(request.POST or None, initial={"id": uuid7(request.now)})
    if form.is_bound and form.is_valid():
        try:
            actions.say(row.pk, who.pk, **form.cleaned_data, by=request.user, at=request.now)
            messages.success(request, gettext("记下了。"))
            return redirect("drive", row.pk)
        except Refusal as refusal:
            form.add_error("note", sentence(refusal))
    found = {"drive": row, "person": who, "door": _door(who), "form": form}
    return render(request, "vaccination/say.html", found, status=422 if form.errors else 200)


@page("round.open")
def end(request: DeskRequest, drive: UUID) -> HttpResponse:
    """Nobody else is called."""
    if request.method == "POST":
        actions.end_drive(drive, by=request.user, at=request.now)
        messages.success(request, gettext("结束了，没问到的撤销。"))
    return redirect("drive", drive)


def _drive(drive: UUID) -> Drive:
    return one_in_scope(Drive.objects.filter(pk=drive))


def _door(person: Person) -> str:
    return f"{person.household.compound} {person.household.door}"
