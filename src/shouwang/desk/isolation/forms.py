"""What is asked when somebody is to stay at home, is looked after, and is let out."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.doors import sentence
from shouwang.isolation.caring import degrees_as_typed
from shouwang.isolation.models import NEEDS
from shouwang.isolation.schedule import Moment
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7

MOMENT = "%Y-%m-%dT%H:%M"
HOW = (("door", _("上门测量")), ("phone", _("电话询问")))
# A refusal that is about one field stands beside it.
BESIDE = {
    "isolation.not_a_temperature": "degrees",
    "standing.not_longer": "until",
    "isolation.promised_in_the_past": "due_at",
    "isolation.nothing_asked": "words",
    "isolation.no_answer": "words",
    "isolation.level_above": "above",
    "isolation.too_early": "reason",
    "isolation.nothing_to_count_from": "exposed_on",
    "isolation.no_regime": "category",
    "isolation.has_order": "people",
    "isolation.not_living_here": "people",
}


def _moment(label: object, **options: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, input_formats=[MOMENT], widget=widget, **options)  # type: ignore[arg-type]


def _day(label: object) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))  # type: ignore[arg-type]


class ProposeForm(forms.Form):
    """Whom, as what, counted from when, and what the home offers. Shape: a condition that is not ticked is unmet."""

    people = forms.MultipleChoiceField(label=_("这一户的谁"), widget=forms.CheckboxSelectMultiple)
    category = forms.ChoiceField(label=_("是哪一类"))
    exposed_on = _day(_("末次接触是哪天（不知道就空着）"))
    exposed_at = forms.TimeField(
        label=_("几点（不知道就空着）"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    departed_on = _day(_("哪天离开当地（不是外地来的就空着）"))
    source = forms.ChoiceField(label=_("从哪里知道的"))
    fits = forms.MultipleChoiceField(
        label=_("家里行不行（不行的不勾，要去集中点）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, choices: dict[str, list[tuple[str, str]]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.conditions = [key for key, _words in choices["fits"]]
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if not self.conditions:
            del self.fields["fits"]

    def evidence(self) -> dict[str, Moment]:
        """The days from which it can count."""
        told, found = self.cleaned_data, {}
        if on := told.get("exposed_on"):
            hour: time | None = told.get("exposed_at")
            found["last_exposure"] = Moment(on, datetime.combine(on, hour, tzinfo=ZONE) if hour else None)
        if told.get("departed_on"):
            found["departure"] = Moment(told["departed_on"])
        return found

    def unmet(self) -> list[str]:
        """What the home lacks."""
        met = set(self.cleaned_data.get("fits", []))
        return [condition[:80] for condition in self.conditions if condition not in met]


class DecideForm(forms.Form):
    """On what it stands: nothing of it may be left out."""

    authority = forms.CharField(label=_("决定的机关"), max_length=80)
    document = forms.CharField(label=_("文号"), max_length=60)
    legal_basis = forms.CharField(label=_("法律依据"), max_length=200)
    reason = forms.CharField(label=_("原因（会写在告知书上）"), max_length=200)
    above = forms.BooleanField(label=_("这是上一级的决定"), required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class ReleaseForm(forms.Form):
    """Why before its time; nothing at its time."""

    reason = forms.CharField(label=_("为什么提前"), max_length=200, required=False)


class ExtendForm(forms.Form):
    """Until when, why, on which paper, and who asked for it: somebody else than who presses the button."""

    until = _moment(_("延长到"))
    reason = forms.CharField(label=_("为什么延长（会书面告诉本人）"), max_length=200)
    document = forms.CharField(label=_("文号"), max_length=60)
    proposed_by = forms.ChoiceField(label=_("谁提出的（不能是您自己）"))

    def __init__(self, proposers: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["proposed_by"].choices = proposers  # type: ignore[attr-defined]

    def clean_until(self) -> datetime:
        """The hour as the community's clock shows it."""
        return self.cleaned_data["until"].astimezone(ZONE)


class ReadingForm(forms.Form):
    """A temperature, how it became known, and what hurts. Units: °C."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    degrees = forms.CharField(
        label=_("体温"), max_length=6, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    )
    how = forms.ChoiceField(label=_("怎么知道的"), choices=HOW)
    symptoms = forms.MultipleChoiceField(
        label=_("哪里不舒服（没有就不用勾）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, symptoms: list[str], now: datetime, *args: Any) -> None:
        super().__init__(*args, initial={"id": uuid7(now), "how": "door"})  # type: ignore[misc]
        self.fields["symptoms"].choices = [(one, gettext(one)) for one in symptoms]  # type: ignore[attr-defined]

    def clean_degrees(self) -> Decimal:
        """36.5, 36。5, 365 as people type them."""
        try:
            return degrees_as_typed(self.cleaned_data["degrees"]) or Decimal(0)
        except Refusal as refusal:
            raise forms.ValidationError(sentence(refusal)) from refusal


class NeedForm(forms.Form):
    """What somebody needs, by when."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.ChoiceField(label=_("要什么"), choices=NEEDS)
    words = forms.CharField(
        label=_("写清楚一点：什么、多少"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
    due_at = _moment(_("什么时候前要办好（空着就是今晚）"), required=False)
    every_days = forms.IntegerField(
        label=_("几天一次（只要一次就空着）"), min_value=1, max_value=60, required=False
    )
    private = forms.BooleanField(label=_("不想让楼里的工作人员看到"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].choices = [(key, gettext(words)) for key, words in NEEDS]  # type: ignore[attr-defined]


class BringForm(forms.Form):
    """It is there: what was paid, and the number of the sealed bag."""

    amount = forms.DecimalField(
        label=_("花了多少钱（元，没有就空着）"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    bag = forms.CharField(label=_("药袋编号（没有就空着）"), max_length=24, required=False)


class AnswerForm(forms.Form):
    """Whether the objection stands, and why, in words that the person will read."""

    upheld = forms.ChoiceField(
        label=_("成立不成立"),
        choices=(("yes", _("成立，马上解除")), ("no", _("不成立"))),
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("理由（原样告诉本人）"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class ChatForm(forms.Form):
    """The text of a 接龙, as it was copied."""

    text = forms.CharField(
        label=_("把群里的接龙粘贴到这里"), max_length=20000, widget=forms.Textarea({"rows": 8})
    )


__all__ = [
    "BESIDE",
    "AnswerForm",
    "BringForm",
    "ChatForm",
    "DecideForm",
    "ExtendForm",
    "NeedForm",
    "ProposeForm",
    "ReadingForm",
    "ReasonForm",
    "ReleaseForm",
]
