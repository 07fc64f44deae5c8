"""看家里能不能隔离: what whoever is at the door, or on the phone, is asked about a home."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.isolation.homes.fit import conditions
from shouwang.isolation.models import Order
from shouwang.lib.ids import uuid7

FIT, UNFIT = "yes", "no"
ANSWERS = ((FIT, _("都做得到，可以在家隔离")), (UNFIT, _("有做不到的，在下面勾出来")))


class HomeForm(forms.Form):
    """Whether everything is there, and if not, what is lacking; neither is taken for granted."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    fit = forms.ChoiceField(
        label=_("预案要的条件，这个家做得到吗"), choices=ANSWERS, widget=forms.RadioSelect
    )
    lacks = forms.MultipleChoiceField(
        label=_("做不到的是哪一条"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, asked: Sequence[str], now: datetime, *args: Any) -> None:
        super().__init__(*args, prefix="home", initial={"id": uuid7(now)})  # type: ignore[misc]
        self.fields["lacks"].choices = [(one, gettext(one)) for one in asked]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The answer and the ticks say the same."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("fit") == UNFIT and not told.get("lacks"):
            self.add_error("lacks", gettext("请勾出做不到的是哪一条。"))
        if told.get("fit") == FIT and told.get("lacks"):
            self.add_error("fit", gettext("下面勾了做不到的，这里就不能选“都做得到”。"))
        return told


def home_form(row: Order, now: datetime, *args: Any) -> HomeForm | None:
    """The form of one order; nothing where the plan asks nothing of homes, or the reason is none of the plan's."""
    asked = [] if row.outside else conditions(row.plan)
    return HomeForm(asked, now, *args) if asked else None
