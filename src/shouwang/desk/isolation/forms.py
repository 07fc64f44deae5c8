"""What is asked when somebody is to stay at home, is looked after, and is let out."""

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked import objected
from shouwang.desk.asked.grounds import GroundsForm
from shouwang.desk.asked.times import day_field, moment_field
from shouwang.desk.doors import sentence
from shouwang.isolation.caring import degrees_as_typed
from shouwang.isolation.models import NEEDS
from shouwang.isolation.schedule import Moment
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7

HOW = (("door", _("上门测量")), ("phone", _("电话询问")))
# A refusal that is about one field stands beside it.
BESIDE = {
    "isolation.not_a_temperature": "degrees",
    "standing.not_longer": "until",
    "isolation.promised_in_the_past": "due_at",
    "isolation.nothing_asked": "words",
    "isolation.no_answer": "words",
    "isolation.no_days": "dates",
    "register.not_a_photo": "photo",
    "register.photo_too_big": "photo",
    "isolation.level_above": "above",
    "isolation.outside_the_plan": "above",
    "isolation.too_early": "reason",
    "isolation.nothing_to_count_from": "exposed_on",
    "isolation.no_longer": "exposed_on",
    "isolation.over_already": "category",
    "isolation.no_regime": "category",
    "isolation.follows_nobody": "contact",
    "isolation.has_order": "people",
    "isolation.not_living_here": "people",
}


class ProposeForm(forms.Form):
    """Whom, as what, counted from when, whom they follow, and what the home offers.

    Shape: a condition that is not ticked is unmet; `follows` says whether the plan knows people who follow a contact.
    """

    people = forms.MultipleChoiceField(label=_("这一户的谁"), widget=forms.CheckboxSelectMultiple)
    category = forms.ChoiceField(label=_("是哪一类"))
    exposed_on = day_field(_("末次接触是哪天（不知道就空着）"))
    exposed_at = forms.TimeField(
        label=_("几点（不知道就空着）"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    departed_on = day_field(_("哪天离开当地（不是外地来的就空着）"))
    contact = forms.CharField(
        label=_("跟着哪位密接的结果走（姓名、门牌或电话后四位；不是次密接就空着）"),
        max_length=40,
        required=False,
    )
    primary = forms.ChoiceField(
        label=_("是这一位吗（跟着他的检测结果走）"), required=False, widget=forms.RadioSelect
    )
    source = forms.ChoiceField(label=_("从哪里知道的"))
    fits = forms.MultipleChoiceField(
        label=_("家里行不行（不行的不勾，要去集中点）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, choices: dict[str, list[tuple[str, str]]], *args: Any, follows: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.found = [key for key, _words in choices["primary"]]
        choices["primary"].append(("", gettext("不跟着谁")))
        self.conditions = [key for key, _words in choices["fits"]]
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        here = {
            "fits": bool(self.conditions),
            "primary": bool(self.found or self.data.get("primary")),
            "contact": follows,
        }
        for name in (name for name, is_here in here.items() if not is_here):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Who was looked for is somebody: the only one who was found, or the one who was pointed at."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("contact") and not told.get("primary"):
            if not self.found:
                self.add_error("contact", gettext("没有找到正在隔离的密接。请换个写法，或者先给密接下通知。"))
            elif len(self.found) > 1:
                self.add_error("primary", gettext("找到不止一位，请点一下是哪一位。"))
            else:
                told["primary"] = self.found[0]
        return told

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


class DecideForm(GroundsForm):
    """On what it stands, and whether it is the word of the level above."""

    above = forms.BooleanField(label=_("这是上一级的决定"), required=False)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class ReleaseForm(forms.Form):
    """Why before its time; nothing at its time."""

    reason = forms.CharField(label=_("为什么提前"), max_length=200, required=False)


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
    due_at = moment_field(_("什么时候前要办好（空着就是今晚）"), required=False)
    every_days = forms.IntegerField(
        label=_("几天一次（只要一次就空着）"), min_value=1, max_value=60, required=False
    )
    private = forms.BooleanField(label=_("不想让楼里的工作人员看到"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].choices = [(key, gettext(words)) for key, words in NEEDS]  # type: ignore[attr-defined]


class BringForm(forms.Form):
    """It is there: what was paid, the number of the sealed bag, and a picture of what stands at the door."""

    amount = forms.DecimalField(
        label=_("花了多少钱（元，没有就空着）"), min_value=0, max_digits=9, decimal_places=2, required=False
    )
    bag = forms.CharField(label=_("药袋编号（不是药就空着）"), max_length=24, required=False)
    photo = forms.FileField(
        label=_("门口拍一张（可以不拍，不要拍到人）"), required=False,
        widget=forms.FileInput({"accept": "image/jpeg", "capture": "environment"}),
    )  # fmt: skip


class SayForm(forms.Form):
    """What is answered to whoever asked."""

    words = forms.CharField(
        label=_("答复本人（本人的页面上看得到）"), max_length=500, widget=forms.Textarea({"rows": 3})
    )


class AnswerForm(objected.AnswerForm):
    """An objection to an order: where it stands, and no other category follows, whoever is held is let out at once."""

    neither = _("都不是，马上解除")

    def __init__(self, categories: Sequence[tuple[str, str]], *args: Any) -> None:
        super().__init__(categories, *args)
        if not categories:
            self.fields["upheld"].choices = (("yes", _("成立，马上解除")), ("no", _("不成立")))  # type: ignore[attr-defined]


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
    "NeedForm",
    "ProposeForm",
    "ReadingForm",
    "ReasonForm",
    "ReleaseForm",
    "SayForm",
]
