"""What is asked when an order is to change: one small form for each kind of change."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.asked.times import day_field, moment_field
from shouwang.desk.doors import DeskRequest
from shouwang.desk.wording import in_language
from shouwang.isolation.models import Order
from shouwang.plans.actions import in_force
from shouwang.plans.actions import read as read_plan

REQUIRED_OF = {"longer": "until", "again": "exposed_on", "category": "category"}


class ChangeForm(forms.Form):
    """What is to change, and on what word. Shape: `what` says which of the fields counts."""

    what = forms.ChoiceField(widget=forms.HiddenInput, choices=[(key, key) for key in REQUIRED_OF])
    until = moment_field(gettext_lazy("延长到"), required=False)
    exposed_on = day_field(gettext_lazy("又接触是哪天"))
    category = forms.ChoiceField(label=gettext_lazy("改成哪一类"), required=False)
    reason = forms.CharField(label=gettext_lazy("理由（会书面告诉本人）"), max_length=200)
    document = forms.CharField(label=gettext_lazy("文号"), max_length=60)

    def __init__(self, what: str, categories: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, initial={"what": what}, prefix=what, **options)  # type: ignore[misc]
        self.fields["category"].choices = categories  # type: ignore[attr-defined]
        for name in set(REQUIRED_OF.values()) - {REQUIRED_OF[what]}:
            del self.fields[name]
        self.fields[REQUIRED_OF[what]].required = True


def forms_of(request: DeskRequest, row: Order) -> dict[str, ChangeForm]:
    """One small form for each kind of change."""
    kinds = categories_of(request, row)
    return {f"{what}_form": ChangeForm(what, kinds if what == "category" else []) for what in REQUIRED_OF}


def categories_of(request: DeskRequest, row: Order) -> list[tuple[str, str]]:
    """The categories under which somebody may be held: of the version it began under, and of today's where that is another."""
    rules, active = read_plan(row.plan), in_force(row.area_code, now=request.now)
    found = [
        (key, in_language(one.words)) for key, one in rules.categories.items() if one.regime in rules.regimes
    ]
    if active is None or active.plan_id == row.plan_id:
        return found
    today = read_plan(active.plan)
    by_today = [
        (f"{key}@{active.plan_id}", _("{category}（按现在的预案）").format(category=in_language(one.words)))
        for key, one in today.categories.items()
        if one.regime in today.regimes
    ]
    return [*by_today, *found]
