"""志愿者报名: the page behind the poster. Only added to, never read: it tells nobody who is known here."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from shouwang.access.links import read
from shouwang.access.scope import scope
from shouwang.desk.doors import OpenRequest, open_page
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.lib.phones import MOBILE, read_phones
from shouwang.outreach.channels import community_ways
from shouwang.register.models import Area
from shouwang.roster import volunteers
from shouwang.roster.abilities import HOUR_CHOICES, SKILL_CHOICES, UNFIT_CHOICES
from shouwang.roster.models import SignUp
from shouwang.roster.workers import own_link


def _ticks(label: Any, words: tuple[str, ...]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=[(word, _(word)) for word in words],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class JoinForm(forms.Form):
    """Name and number; the rest may stay empty."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("您的名字"), max_length=64, widget=forms.TextInput({"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("手机号"), max_length=20, widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"})
    )
    skills = _ticks(_("会什么（没有也欢迎）"), SKILL_CHOICES)
    available = _ticks(_("什么时候能来（都可以就不勾）"), HOUR_CHOICES)
    unfit = _ticks(_("请不要安排我做的（可以不说原因）"), UNFIT_CHOICES)
    note = forms.CharField(label=_("还想说的"), max_length=200, required=False)
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        """A mobile number: people are written to."""
        found = read_phones(self.cleaned_data["phone"])
        if not found.numbers or not MOBILE.fullmatch(found.numbers[0]):
            raise forms.ValidationError(_("请填 11 位手机号，社区要打电话给您。"))
        return found.numbers[0]


@open_page(tries=30, area_tries=600, minutes=60)
def join(request: OpenRequest, area: str) -> HttpResponse:
    """The form, and the receipt for what was sent."""
    words = Area.objects.filter(code=area, level="community").values_list("label", flat=True).first()
    if words is None or len(area) != COMMUNITY:
        raise NotInScope()
    form = JoinForm(request.POST or None, initial={"id": uuid7(request.now)})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        trap = told.pop("website")
        said = volunteers.Said(**told)
        link = (
            volunteers.own_link(said.id, area)
            if trap
            else volunteers.sign_up(said, area=area, at=request.now)
        )
        return redirect(f"{link}?new=1&lang={request.GET.get('lang', '')}")
    shown = {"form": form, "words": words, "office": community_ways(area).office}
    return render(request, "open/join.html", shown, status=422 if form.errors else 200)


@open_page(tries=120, code_tries=60, count_reading=True)
def joined(request: OpenRequest, code: str) -> HttpResponse:
    """The receipt: received, taken, or not and why."""
    known = read(volunteers.OWN, code)
    if known is None:
        raise NotInScope()
    with scope([known[1]]):
        row = SignUp.objects.select_related("helper").filter(pk=known[0]).first()
        office = community_ways(known[1]).office
        link = own_link(row.helper) if row and row.helper else ""
        shown = {"row": row, "new": request.GET.get("new", ""), "office": office, "link": link}
        return render(request, "open/joined.html", shown)
