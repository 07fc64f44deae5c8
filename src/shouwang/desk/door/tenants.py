"""Somebody new behind a door, told by whoever stands there.

In the register at once, so that tonight's rounds, calls and tests miss nobody (record first, judge later); told by
somebody who may not change the register (a building lead, a volunteer), it stands under 新登记，请核对 until a clerk or a
grid lead has looked, which is one tap.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import DayField
from shouwang.desk.doors import DeskRequest, sentence
from shouwang.lib.clock import day_of
from shouwang.lib.errors import Refusal
from shouwang.register.editing import Newcomer, WrongNumber, WrongPhone, add_person
from shouwang.register.models import Household

EARLIEST_YEAR = 1900
SEXES = (("", _("没问")), ("m", _("男")), ("f", _("女")))


class NotTaken(Refusal):
    code = "door.tenant_not_taken"
    sentence = "新来的人没有登记：{why}"


class TenantForm(forms.Form):
    """A new tenant in at most eight answers, of which only the name must be there."""

    name = forms.CharField(label=_("姓名"), max_length=64)
    id_number = forms.CharField(label=_("身份证号"), max_length=40, required=False)
    sex = forms.ChoiceField(label=_("性别（写了身份证号就不用选）"), choices=SEXES, required=False)
    born_on = DayField(
        label=_("出生日期（写了身份证号就不用写）"), required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("电话"), max_length=60, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    relation = forms.CharField(label=_("与户主关系"), max_length=16, required=False)
    from_place = forms.CharField(label=_("从哪里来"), max_length=64, required=False)
    came_on = DayField(
        label=_("哪天到的"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data, auto_id="tenant_%s")
        self.today = today

    def clean_born_on(self) -> date | None:
        """No day on which nobody who is alive can be born."""
        return self._possible("born_on")

    def clean_came_on(self) -> date | None:
        """Nobody came tomorrow."""
        return self._possible("came_on")

    def newcomer(self) -> Newcomer:
        """What the register wants to know; the day of arrival stands in the note."""
        told = dict(self.cleaned_data)
        came_on = told.pop("came_on")
        when = f"{came_on.month}月{came_on.day}日到，" if came_on else ""
        return Newcomer(**told, note=f"{when}上门时登记")

    def _possible(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and (day > self.today or day.year < EARLIEST_YEAR):
            raise forms.ValidationError(_("这个日期不对，请核对。"))
        return day


def take_in(request: DeskRequest, home: Household, form: TenantForm) -> None:
    """Writes the new tenant into the register; told again it is the same person. Raises: NotTaken."""
    try:
        if not form.is_valid():
            raise NotTaken(why=next(iter(form.errors.values()))[0])
        unchecked = "register.edit" not in request.grants.may
        add_person(home.pk, form.newcomer(), by=request.user, at=request.now, unchecked=unchecked)
    except (WrongNumber, WrongPhone) as refusal:
        field = "id_number" if isinstance(refusal, WrongNumber) else "phone"
        form.add_error(field, sentence(refusal))
        raise NotTaken(why=sentence(refusal)) from refusal


def tenant_form(request: DeskRequest, data: Mapping[str, Any] | None = None) -> TenantForm:
    """The form, empty or with what was typed."""
    return TenantForm(data, today=day_of(request.now))


def taken(request: DeskRequest, home: Household) -> HttpResponse:
    """Back to the door, where the rest is told."""
    messages.success(request, gettext("新来的人登记好了。"))
    return redirect("door_household", pk=home.pk)
