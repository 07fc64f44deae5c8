"""The words that somebody gives tonight: one for all untried doors, for a compound, a building or a single door."""

from dataclasses import dataclass, field

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.duties.close import UNTOLD
from shouwang.duties.models import Duty
from shouwang.flows.before_close import LONGEST_WORD, Evening
from shouwang.flows.end_of_day import REASON_WORDS
from shouwang.lib.codes import BUILDING, COMPOUND
from shouwang.register.models import Area

DOORS_ONE_BY_ONE = 60
SELECTED = mark_safe(" selected")


@dataclass
class Group:
    """The untried doors of one area: how many, the field for their word, and what lies below."""

    code: str
    label: str = ""
    amount: int = 0
    select: forms.BoundField | None = None
    below: dict[str, "Group"] = field(default_factory=dict)


class Reasons(forms.Select):
    """The same few reasons at dozens of doors: written down as they are, without a template for each."""

    def render(
        self, name: str, value: object, attrs: dict | None = None, renderer: object = None
    ) -> SafeString:
        """The select with its options."""
        chosen = {str(value or ""): SELECTED}
        options = ((key, chosen.get(key, ""), words) for key, words in self.choices)
        written = format_html_join("", '<option value="{}"{}>{}</option>', options)
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), written
        )


class WordsForm(forms.Form):
    """One select per area that has untried doors; what is left empty stays 未说明, and that is allowed."""

    word = forms.CharField(label=_("补充一句（可以不写）"), max_length=LONGEST_WORD, required=False)

    def __init__(self, evening: Evening, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        duties = [duty for duty, _proposal in evening.untold]
        self.amount, self._duties = len(duties), duties
        self.fields["area_"] = _select(gettext("全部一样"))
        self.groups = _grouped(duties)
        for group in self._all_groups():
            self.fields[f"area_{group.code}"] = _select(group.label)
            group.select = self[f"area_{group.code}"]
        if len(duties) <= DOORS_ONE_BY_ONE:
            self._one_by_one()

    def by_area(self) -> dict[str, str]:
        """What was said for whole areas; the empty area is all of them."""
        return self._said("area_")

    def by_door(self) -> dict[int, str]:
        """What was said for single duties."""
        return {int(duty): reason for duty, reason in self._said("door_").items()}

    @property
    def for_all(self) -> forms.BoundField:
        """The one word for all of them."""
        return self["area_"]

    def _said(self, prefix: str) -> dict[str, str]:
        chosen = self.cleaned_data.items()
        return {
            name.removeprefix(prefix): value for name, value in chosen if name.startswith(prefix) and value
        }

    def _all_groups(self) -> list[Group]:
        return [group for compound in self.groups for group in (compound, *compound.below.values())]

    def _one_by_one(self) -> None:
        for duty in self._duties:
            name = f"door_{duty.pk}"
            subject = duty.household or duty.place or duty.person
            self.fields[name] = _select(str(subject or ""))
            place = next(group for group in self.groups if duty.area_code.startswith(group.code))
            place = place.below.get(duty.area_code[:BUILDING], place)
            place.below[name] = Group(name, str(subject or ""), 1, self[name])


def _select(label: str) -> forms.ChoiceField:
    reasons = [(name, gettext(words)) for name, words in REASON_WORDS.items() if name != UNTOLD]
    choices = [("", gettext("未说明")), *reasons]
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=Reasons)


def _grouped(duties: list[Duty]) -> list[Group]:
    found: dict[str, Group] = {}
    for duty in duties:
        compound = found.setdefault(duty.area_code[:COMPOUND], Group(duty.area_code[:COMPOUND]))
        compound.amount += 1
        if len(duty.area_code) >= BUILDING:
            code = duty.area_code[:BUILDING]
            compound.below.setdefault(code, Group(code)).amount += 1
    groups = [group for compound in found.values() for group in (compound, *compound.below.values())]
    labels = dict(Area.objects.filter(code__in=[group.code for group in groups]).values_list("code", "label"))
    for group in groups:
        group.label = labels.get(group.code, group.code)
    return list(found.values())
