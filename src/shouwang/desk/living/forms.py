"""What people type at a door: few fields, and none that must be filled where nothing was said."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.lib.clock import ZONE, day_of
from shouwang.register.models import HELPS
from shouwang.screening.actions import OUTCOMES

NEEDS = [(name, _(words)) for name, words in HELPS]
HAPPENED = [(name, _(words)) for name, words in OUTCOMES.items()]


class Once(forms.Form):
    """A form that counts once however often it is sent: its number is made when the page is shown."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AtTheDoor(Once):
    """Something that happened today, now if nobody says when."""

    at = forms.TimeField(
        label=_("几点（不写就是现在）"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )

    def moment(self, now: datetime) -> datetime:
        """The hour that was typed, today; now without one."""
        hour = self.cleaned_data["at"]
        return datetime.combine(day_of(now), hour, tzinfo=ZONE) if hour else now


class VisitForm(AtTheDoor):
    """Somebody was met: everything else only where there is something to say."""

    met = forms.CharField(label=_("见到谁"), max_length=64, required=False)
    people_count = forms.IntegerField(label=_("现在住几人"), min_value=0, max_value=99, required=False)
    temperature_c = forms.DecimalField(
        label=_("最高体温（℃）"), min_value=34, max_value=43, max_digits=3, decimal_places=1, required=False
    )
    symptoms = forms.CharField(label=_("有什么不舒服"), max_length=100, required=False)
    newcomers = forms.CharField(label=_("有没有新来的人"), max_length=200, required=False)
    helps = forms.MultipleChoiceField(
        label=_("需要帮助"), choices=NEEDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def told(self) -> dict[str, Any]:
        """What was said at the door, without when and which."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("token", "at")}


class AttemptForm(AtTheDoor):
    """Nobody was met: what happened, and when to come again where that was agreed."""

    outcome = forms.ChoiceField(label=_("怎么没见到"), choices=HAPPENED)
    next_try = forms.TimeField(
        label=_("约好几点再来"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class ReasonForm(forms.Form):
    """Why: kept beside what was done."""

    reason = forms.CharField(label=_("为什么"), max_length=100)


class RevealForm(forms.Form):
    """Which number is to be seen whole, and why."""

    field = forms.ChoiceField(
        choices=[("id_number", _("证件号")), ("phones", _("电话"))], widget=forms.HiddenInput
    )
    reason = forms.CharField(label=_("为什么要看全号（会记下来）"), max_length=200)


class LeaveForm(forms.Form):
    """Moved out or died."""

    reason = forms.ChoiceField(label=_("怎么不住了"), choices=[("moved", _("搬走")), ("died", _("去世"))])


class NewcomerForm(forms.Form):
    """Somebody new, in eight answers at most; only the name must be there."""

    name = forms.CharField(label=_("姓名"), max_length=64)
    id_number = forms.CharField(label=_("证件号"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话"), max_length=60, required=False)
    relation = forms.CharField(label=_("与户主关系"), max_length=16, required=False)
    category = forms.CharField(label=_("人员类型"), max_length=16, required=False)
    from_place = forms.CharField(label=_("从哪里来"), max_length=64, required=False)
    helps = forms.MultipleChoiceField(
        label=_("需要帮助"), choices=NEEDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class LookForm(AtTheDoor):
    """A place was looked at."""

    state = forms.CharField(label=_("开没开门"), max_length=16)
    staff_count = forms.IntegerField(label=_("员工几人"), min_value=0, max_value=9999, required=False)
    finding = forms.CharField(label=_("有什么问题"), max_length=200, required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
