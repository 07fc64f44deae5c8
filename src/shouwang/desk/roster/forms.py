"""What is asked about posts, people, call-ups, hand-overs and things held."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import DayField, moment_field
from shouwang.lib.clock import ZONE
from shouwang.roster.abilities import (
    ABILITY_WORDS,
    HOUR_CHOICES,
    SKILL_CHOICES,
    STRAIN_WORDS,
    UNFIT_CHOICES,
    words_of,
)
from shouwang.roster.models import ABSENCES, POSTS, THINGS
from shouwang.roster.solver.cases import NIGHT

DAYS = (
    (0, _("周一")),
    (1, _("周二")),
    (2, _("周三")),
    (3, _("周四")),
    (4, _("周五")),
    (5, _("周六")),
    (6, _("周日")),
)
STRAINS = [(key, _(words)) for key, words in STRAIN_WORDS.items() if key != NIGHT]
ASKABLE = [(key, _(words)) for key, words in ABILITY_WORDS.items() if key not in ("lead", "experienced")]
ALONE_OR_FREE = [(key, _(words)) for key, words in ABSENCES]
# A refusal that is about one field stands beside it.
BESIDE = {
    "roster.post_there": "name",
    "roster.no_hours": "days",
    "roster.no_such_days": "until_on",
    "roster.absence_backwards": "until",
    "roster.nobody_to_call": "squads",
    "roster.no_reason": "reason",
    "roster.not_briefed": "briefed",
    "roster.why_not": "reason",
    "roster.no_amount": "amount",
    "roster.no_words_for_thing": "words",
    "roster.must_not": "helper",
    "roster.has_turn": "helper",
    "flows.to_themselves": "taker",
}


def choices(words: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Words that stand for themselves, in the reader's language."""
    return [(word, _(word)) for word in words]


class PostForm(forms.Form):
    """A place of work and what it asks of a body."""

    kind = forms.ChoiceField(label=_("哪一种"), choices=[(key, _(words)) for key, words in POSTS])
    name = forms.CharField(label=_("叫什么（例如：东门、3号采样点）"), max_length=40)
    strains = forms.MultipleChoiceField(
        label=_("这里的活要（不宜的人不会排到）"), choices=STRAINS, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class HoursForm(forms.Form):
    """When a post works, and how many it takes."""

    days = forms.TypedMultipleChoiceField(
        label=_("哪几天"), choices=DAYS, coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    from_hour = forms.TimeField(label=_("几点开始"), widget=forms.TimeInput(attrs={"type": "time"}))
    until_hour = forms.TimeField(
        label=_("几点结束（过了半夜就填第二天的钟点）"), widget=forms.TimeInput(attrs={"type": "time"})
    )
    people = forms.IntegerField(label=_("几个人"), min_value=1, max_value=50, initial=2)
    led = forms.BooleanField(label=_("要有人带班"), required=False)
    paired = forms.BooleanField(label=_("至少一个有经验"), required=False, initial=True)
    skills = forms.MultipleChoiceField(
        label=_("要会什么"), choices=ASKABLE, required=False, widget=forms.CheckboxSelectMultiple
    )


class MakeForm(forms.Form):
    """From which day, for how many days."""

    from_on = DayField(label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}))
    days = forms.TypedChoiceField(
        label=_("排几天"),
        coerce=int,
        choices=((1, _("1 天")), (3, _("3 天")), (7, _("7 天")), (14, _("14 天"))),
    )

    def until_on(self) -> date:
        """The day after the last one."""
        told = self.cleaned_data
        return told["from_on"] + timedelta(days=told["days"])


class AbilityForm(forms.Form):
    """What somebody can do, must not be asked, and when they come. Words of the sheet that are not offered stay."""

    sex = forms.ChoiceField(
        label=_("性别（只用来统计，可以不选）"),
        choices=[("", "—"), ("m", _("男")), ("f", _("女"))],
        required=False,
    )
    skills = forms.MultipleChoiceField(label=_("会什么"), required=False, widget=forms.CheckboxSelectMultiple)
    unfit = forms.MultipleChoiceField(
        label=_("不宜安排（不用说病，勾哪样就不排哪样）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    available = forms.MultipleChoiceField(
        label=_("什么时候能来（都不勾就是都可以）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, known: dict[str, Any]) -> None:
        super().__init__(data, initial=known)
        offered = {
            "skills": (*SKILL_CHOICES, "有经验", "能带班"),
            "unfit": UNFIT_CHOICES,
            "available": HOUR_CHOICES,
        }
        for name, words in offered.items():
            both = tuple(dict.fromkeys([*words, *known[name]]))
            self.fields[name].choices = choices(both)  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """Away, from when until when."""

    why = forms.ChoiceField(label=_("怎么了"), choices=ALONE_OR_FREE)
    from_at = moment_field(_("从什么时候"))
    until = moment_field(_("到什么时候（不知道就空着）"), required=False)

    @classmethod
    def at(cls, now: datetime) -> "AbsenceForm":
        """From now on, until nobody knows when."""
        return cls(initial={"from_at": now.astimezone(ZONE)})


class CallForm(forms.Form):
    """Which squads, what for, and whether it can wait for the morning."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    squads = forms.MultipleChoiceField(label=_("叫哪几个专班"), widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("叫来做什么、到哪里"), max_length=100)
    at_once = forms.BooleanField(label=_("现在就叫，不等天亮"), required=False)


class TakeForm(forms.Form):
    """Everything that a volunteer must hear first."""

    briefed = forms.MultipleChoiceField(
        label=_("当面讲过的，讲一条勾一条"), required=False, widget=forms.CheckboxSelectMultiple
    )


class ReasonForm(forms.Form):
    """One sentence."""

    reason = forms.CharField(label=_("为什么"), max_length=100, required=False)


class HandForm(forms.Form):
    """Who takes over, and how the giver is away."""

    taker = forms.TypedChoiceField(label=_("交给谁"), coerce=int, widget=forms.RadioSelect)
    why = forms.ChoiceField(
        label=_("怎么了"), required=False, widget=forms.RadioSelect,
        choices=(("ill", _("生病")), ("isolated", _("在隔离")), ("leave", _("请假")), ("", _("只是换人"))),
        initial="ill",
    )  # fmt: skip


class ThingForm(forms.Form):
    """What a resident gives into our hands."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("是什么"), choices=[(key, _(words)) for key, words in THINGS])
    words = forms.CharField(label=_("写清楚一点（例如：医保卡一张）"), max_length=60)
    amount = forms.DecimalField(
        label=_("多少元（现金才填）"), required=False, min_value=0, max_digits=9, decimal_places=2
    )
    met = forms.CharField(label=_("谁交来的"), max_length=64, required=False)
    holder = forms.TypedChoiceField(label=_("现在谁拿着"), coerce=int)


def known_of(helper: Any) -> dict[str, Any]:
    """What stands about somebody now, as the form shows it."""
    return {
        "sex": helper.sex, "skills": list(helper.skills), "unfit": words_of(helper.unfit), "available": words_of(helper.available)
    }  # fmt: skip
