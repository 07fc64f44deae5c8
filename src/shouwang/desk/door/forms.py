"""The forms at the door: what changed behind it, the card's code, a sheet keyed back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import MomentField
from shouwang.lib.clock import ZONE
from shouwang.register.models import HELPS


class SeenForm(forms.Form):
    """What a door said: six fields, of which none must be filled. A new tenant has a form of its own."""

    people = forms.IntegerField(label=_("现在住几人"), min_value=0, max_value=99, required=False)
    met = forms.CharField(label=_("见到谁"), max_length=64, required=False)
    temperature = forms.DecimalField(
        label=_("最高体温 ℃"),
        min_value=Decimal(34),
        max_value=Decimal(43),
        max_digits=3,
        decimal_places=1,
        required=False,
    )
    symptoms = forms.CharField(label=_("哪里不舒服"), max_length=100, required=False)
    helps = forms.MultipleChoiceField(
        label=_("要帮什么"), choices=[(name, _(words)) for name, words in HELPS], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(label=_("其他情况"), max_length=200, required=False)


class EnterForm(forms.Form):
    """The code of a card and what only its owner knows."""

    code = forms.RegexField(
        r"^[\d -]{12,16}$", label=_("名片上的 12 位编号"),
        error_messages={"invalid": _("编号是 12 位数字。")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    tail = forms.RegexField(
        r"^\d{4}$", label=_("您手机号的后四位"),
        error_messages={"invalid": _("请写手机号的最后四位数字。")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}),
    )  # fmt: skip


class KeyingForm(forms.Form):
    """A visit sheet keyed back: which one, when somebody went, and its rows."""

    sheet = forms.IntegerField(label=_("表号"), min_value=1, max_value=2**63 - 1)
    went_at = MomentField(
        label=_("哪天几点去的"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    rows = forms.CharField(
        label=_("一行一户"), required=False, max_length=10_000,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_went_at(self) -> datetime:
        """The community's time, whatever zone the server has."""
        told: Any = self.cleaned_data["went_at"]
        return told if told.tzinfo else told.replace(tzinfo=ZONE)
