"""What a plan leaves open, as plain fields: each in the shape that fits there, with its unit beside it."""

import re
from collections.abc import Iterator
from datetime import time
from itertools import groupby
from typing import Annotated, Any, Literal, get_args, get_origin

from django import forms
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from shouwang.desk.doors import sentence
from shouwang.desk.wording import in_language
from shouwang.lib.errors import Refusal
from shouwang.plans.form.entries import Setting
from shouwang.plans.form.filled import Value
from shouwang.plans.form.wording import say, unit
from shouwang.plans.loader import PlanRefusal
from shouwang.plans.schema import Plan

LONGEST_REASON, LEAST_FRACTION = 200, 0.1
NOT_YET = ("", _("还没有定"))


class DaysField(forms.CharField):
    """Days by their numbers, typed as people write them: 1、3、7."""

    def to_python(self, typed: Any) -> Any:
        """The numbers, in order; an empty list where nothing is typed."""
        return sorted({int(one) for one in re.findall(r"\d{1,3}", typed)}) if typed else []

    def validate(self, days: Any) -> None:
        """At least one day from the first on."""
        if days and not days[0]:
            raise forms.ValidationError(_("从第 1 天数起，如 1、3、7。"))

    def run_validators(self, days: Any) -> None:
        """What a line of text must be does not hold for days."""


class FillForm(forms.Form):
    """Every open setting of a plan under its key, and on whose word all of them stand; what is empty stays open."""

    def __init__(self, plan: Plan, *, known: dict[str, Value], because: str, data: object = None) -> None:
        shown = {key: _typed(value) for key, value in known.items()} | {"because": because}
        super().__init__(data, initial=shown)  # type: ignore[arg-type]
        self._settings = plan.to_be_set
        for one in self._settings:
            self.fields[one.key] = field = _field(one, plan)
            field.label, field.help_text, field.required = _label(one), one.note, False
        self.fields["because"] = forms.CharField(
            label=_("依据，如文件号或哪天集体定的"), max_length=LONGEST_REASON
        )

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields under the part of the plan that they belong to."""
        for title, own in groupby(self._settings, key=lambda one: one.place[0]):
            yield title, [self[one.key] for one in own]

    def values(self) -> dict[str, Value]:
        """What was typed, without what was left empty."""
        told = ((one.key, self.cleaned_data[one.key]) for one in self._settings)
        return {key: value for key, value in told if value not in (None, "", [])}

    def refuse(self, refusal: Refusal) -> None:
        """Puts what does not fit beside its own field, anything else above the form."""
        if not isinstance(refusal, PlanRefusal):
            return self.add_error(None, sentence(refusal))
        for problem in refusal.problems:
            own = problem.key in self.fields
            self.add_error(problem.key if own else None, problem.why if own else str(problem))
        return None


def _field(one: Setting, plan: Plan) -> forms.Field:
    kind, meta = one.wanted, Meta()
    if get_origin(kind) is Annotated:
        kind, meta = get_args(kind)
    if one.key.endswith(".regime"):
        return _choice((key, in_language(regime.words)) for key, regime in plan.regimes.items())
    if get_origin(kind) is Literal:
        return _choice((value, say("", value)) for value in get_args(kind))
    if get_origin(kind) is tuple:
        return DaysField()
    if kind is time:
        return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}))
    if kind is int:
        return forms.IntegerField(min_value=int(meta.ge or 0), max_value=int(meta.le or 0))
    if kind is float:
        return forms.FloatField(min_value=meta.ge if meta.gt is None else LEAST_FRACTION, max_value=meta.le)
    return forms.CharField(max_length=meta.max_length, widget=forms.Textarea(attrs={"rows": 3}))


def _choice(choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[NOT_YET, *choices])


def _label(one: Setting) -> str:
    words, measure = " · ".join(one.place[1:]), unit(one.key.rpartition(".")[2])
    return f"{words}（{measure}）" if measure else words


def _typed(value: Value) -> object:
    if isinstance(value, list):
        return "、".join(str(day) for day in value)
    return f"{value:g}" if isinstance(value, float) else value
