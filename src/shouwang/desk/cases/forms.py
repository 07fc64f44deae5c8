"""What is asked when a case is opened, given to somebody, or told of."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.access.models import Grant, User
from shouwang.desk.asked.times import day_field, moment_field
from shouwang.lib.clock import day_of
from shouwang.screening.cases.opening import MOST_DAYS

INVESTIGATOR = "investigator"
USUAL_DAYS = 14


class CaseForm(forms.Form):
    """Who, since when, how far back. Shape: the plan fills the days that it knows; the others somebody must say."""

    q = forms.CharField(label=_("病例是谁（姓名、证件后四位、电话后四位、门牌）"), max_length=40)
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
    counts_on = day_field(_("发病的日子（没有症状的写采样的日子）"), required=True)
    by_sample = forms.BooleanField(label=_("没有症状，按采样的日子算"), required=False)
    lookback_days = forms.IntegerField(label=_("往前查几天"), min_value=1, max_value=MOST_DAYS)
    last_on = day_field(_("查到哪天为止（被隔离的那天；还没隔离就空着）"))
    neighbour_days = forms.IntegerField(
        label=_("排队、卡口前后的人，几天后忘掉"), min_value=1, max_value=MOST_DAYS
    )


class GiveForm(forms.Form):
    """Which investigator, until the end of which day."""

    user = forms.ChoiceField(label=_("交给哪位流调员"))
    until_on = day_field(_("看到哪天为止（含这一天）"), required=True)

    def __init__(self, people: list[User], now: datetime, data: Any = None) -> None:
        super().__init__(data, initial={"until_on": day_of(now) + timedelta(days=USUAL_DAYS)})
        self._today = day_of(now)
        self.fields["user"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]

    def clean_until_on(self) -> date:
        """Not over, and not for ever."""
        day: date = self.cleaned_data["until_on"]
        if not self._today <= day < self._today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("要在今天和两个月以内。"))
        return day


class SaidForm(forms.Form):
    """Where, from when to when, with whom."""

    from_at = moment_field(_("从什么时候"))
    until = moment_field(_("到什么时候"))
    place = forms.CharField(label=_("在哪里"), max_length=120)
    transport = forms.CharField(label=_("怎么去的（车次、车牌）"), max_length=60, required=False)
    named = forms.CharField(
        label=_("和谁在一起（一人一行：姓名 电话 住哪里）"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("为什么改"), max_length=100, required=False)

    def clean(self) -> dict:
        """The end is not before the beginning; a correction says why."""
        told = super().clean() or {}
        if told.get("from_at") and told.get("until") and told["until"] < told["from_at"]:
            self.add_error("until", _("结束的时间早于开始的时间。"))
        if told.get("replaces") and not told.get("reason", "").strip():
            self.add_error("reason", _("请写为什么改，原来的话会留着。"))
        return told


def investigators(area: str, *, now: datetime) -> list[User]:
    """Whoever is an investigator for this community or for all of what lies above it."""
    held = Grant.objects.in_force(now).filter(role=INVESTIGATOR).select_related("user").order_by("user__name")
    there = [grant.user for grant in held if area.startswith(tuple(grant.area_codes))]
    return list({user.pk: user for user in there if user.is_active}.values())
