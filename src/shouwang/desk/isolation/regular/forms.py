"""Who must be at which hospital on which days, and by what car."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import DayField
from shouwang.isolation.needs.models import CARS, REGULAR
from shouwang.isolation.needs.regular import Days
from shouwang.lib.clock import day_of
from shouwang.lib.ids import uuid7
from shouwang.lib.written_dates import read_when

BETWEEN = re.compile(r"[,，、;；\s]+")
WEEKDAYS = (
    (1, _("周一")), (2, _("周二")), (3, _("周三")), (4, _("周四")), (5, _("周五")), (6, _("周六")), (7, _("周日")),
)  # fmt: skip


class RegularForm(forms.Form):
    """The days, as weekdays or as single dates, and the hour at which somebody leaves home."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    person = forms.TypedChoiceField(label=_("这一户的谁"), coerce=int)
    what = forms.ChoiceField(label=_("去做什么"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("每周星期几（不是每周就不勾）"), choices=WEEKDAYS, coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    dates = forms.CharField(label=_("或者哪几天（如 4-26、5-10）"), max_length=200, required=False)
    leaves_at = forms.TimeField(label=_("几点出门"), widget=forms.TimeInput({"type": "time"}))
    hospital = forms.CharField(label=_("哪家医院"), max_length=80)
    way = forms.ChoiceField(label=_("坐什么车"))
    until = DayField(
        label=_("到哪天为止（一直要去就空着）"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, people: list[tuple[int, str]], now: datetime, *args: Any) -> None:
        super().__init__(*args, initial={"id": uuid7(now)})  # type: ignore[misc]
        self._today = day_of(now)
        offered = {"person": people, "what": _said(REGULAR), "way": _said(CARS)}
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_dates(self) -> list[date]:
        """4-26、5月10日, as people write days."""
        written = [part for part in BETWEEN.split(self.cleaned_data["dates"]) if part]
        found = {part: read_when(part, self._today) for part in written}
        wrong = [part for part, when in found.items() if when is None]
        if wrong:
            raise forms.ValidationError(
                gettext("看不懂“{written}”，请写成 4-26 这样。").format(written=wrong[0])
            )
        days = [when.value for when in found.values() if when]
        return [one.date() if isinstance(one, datetime) else one for one in days]

    def days(self) -> Days:
        """The days that were typed."""
        told = self.cleaned_data
        return Days(told["leaves_at"], told["weekdays"], told["dates"], told["until"])


def _said(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, gettext(words)) for key, words in choices]
