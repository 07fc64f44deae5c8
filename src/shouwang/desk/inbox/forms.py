"""What is asked when somebody speaks: four fields; and of an answer for everybody, its source and day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import DayField
from shouwang.inbox.models import WAYS
from shouwang.lib.phones import read_phones
from shouwang.register.models import Helper


class HeardForm(forms.Form):
    """What somebody said: how it came, what, under which number, who and where."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(label=_("怎么来的"), choices=WAYS)
    words = forms.CharField(label=_("说了什么"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    phone = forms.CharField(label=_("电话（可以不填）"), max_length=40, required=False)
    who = forms.CharField(label=_("谁、哪一户（可以不填）"), max_length=64, required=False)

    def clean_phone(self) -> str:
        """One number, or none."""
        return phone_of(self.cleaned_data["phone"])


class WordsForm(forms.Form):
    """What was answered, or done."""

    words = forms.CharField(label=_("写一句"), max_length=1000, widget=forms.Textarea({"rows": 2}))


class HandForm(forms.Form):
    """Who goes on with it."""

    helper = forms.ChoiceField(label=_("交给谁"))

    def __init__(self, helpers: list[Helper], data: Any = None) -> None:
        super().__init__(data)
        self.fields["helper"].choices = [(one.pk, one.name) for one in helpers]  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """An answer for everybody."""

    area = forms.ChoiceField(label=_("给哪里的"))
    asked = forms.CharField(label=_("大家问什么，或者传什么"), max_length=200)
    answer = forms.CharField(label=_("怎么答"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    source = forms.CharField(label=_("依据（文件、通告、谁说的）"), max_length=120)
    source_on = DayField(
        label=_("依据是哪一天的"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    rumour = forms.BooleanField(label=_("这是传言，正在辟谣"), required=False)


def phone_of(text: str) -> str:
    """The one number in a text. Raises: ValidationError."""
    found = read_phones(text)
    if found.problem or len(found.numbers) > 1:
        raise forms.ValidationError(_("请写一个电话号码，例如 13900000101 或 0371-66000000。"))
    return found.numbers[0] if found.numbers else ""
