"""What is asked before a car takes people somewhere, when it leaves, and when they are in somebody's hands."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import moment_field
from shouwang.isolation.moving import Trip

MODES = (("central", _("集中隔离点")), ("hospital", _("医院")), ("home", _("回家")))
BESIDE = {
    "isolation.no_guardian": "companions",
    "isolation.at_night": "leaves_at",
    "isolation.too_many": "orders",
    "isolation.not_disinfected": "disinfected",
}


class TripForm(forms.Form):
    """Whom, with whom, where to, by which car, and when."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    orders = forms.MultipleChoiceField(label=_("谁走"), widget=forms.CheckboxSelectMultiple)
    companions = forms.MultipleChoiceField(
        label=_("谁陪着（没有就不用勾）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    to_mode = forms.ChoiceField(label=_("去哪一种地方"), choices=MODES)
    to_place = forms.CharField(label=_("地方的名字"), max_length=80)
    vehicle = forms.CharField(label=_("车牌"), max_length=16)
    driver = forms.CharField(label=_("司机姓名、电话"), max_length=40)
    leaves_at = moment_field(_("什么时候走"))
    above = forms.BooleanField(label=_("夜里走，上一级批准了"), required=False)
    reason = forms.CharField(label=_("夜里走的理由（白天走不用写）"), max_length=200, required=False)

    def __init__(self, choices: dict[str, list[tuple[str, str]]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if not choices["companions"]:
            del self.fields["companions"]

    def trip(self) -> Trip:
        """The car and the way."""
        names = ("to_place", "to_mode", "vehicle", "driver", "leaves_at")
        return Trip(**{name: self.cleaned_data[name] for name in names})


class DepartForm(forms.Form):
    """The car goes."""

    disinfected = forms.BooleanField(label=_("车消杀过了"), required=False)


class HandOverForm(forms.Form):
    """They are in somebody's hands."""

    received_by = forms.CharField(label=_("谁接收的（姓名、单位）"), max_length=80)
    disinfected = forms.BooleanField(label=_("车又消杀过了"), required=False)
