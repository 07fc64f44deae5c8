"""What is asked when a round is opened: where, what, until when, and for whom."""

from datetime import date, datetime, timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import Grants
from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.asked.times import DayField
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.codes import AFTER_ALL, BUILDING, COMPOUND, LEVELS
from shouwang.register.models import HELPS, Area, Place
from shouwang.screening.duties import PLACE_VISIT, WHO

MOST_AREAS, MOST_KINDS, MOST_DAYS = 400, 40, 31
HOURS = [(str(hour), f"{hour}:00") for hour in range(8, 25, 2)]
EVERYBODY = ""
INHABITED = "empty=no"


class RoundForm(forms.Form):
    """Everything has a first answer but the place: an ordinary round is opened in three taps."""

    area = forms.ChoiceField(label=_("哪里"))
    kind = forms.ChoiceField(label=_("做什么"))
    only = forms.ChoiceField(label=_("哪些户（处）"), required=False)
    title = forms.CharField(label=_("叫什么"), max_length=80)
    due_on = DayField(label=_("最晚哪一天办完"), widget=forms.DateInput(attrs={"type": "date"}))
    due_hour = forms.ChoiceField(label=_("几点"), choices=HOURS, initial="24")

    def __init__(self, grants: Grants, now: datetime, data: object = None) -> None:
        first = {"due_on": day_of(now).isoformat(), "title": gettext("入户走访")}
        super().__init__(data, initial=first)  # type: ignore[arg-type]
        self._now = now
        self._field("area", own_areas(grants))
        self._field("kind", [(name, gettext(DUTY_KINDS[name].words)) for name in WHO])
        self._field("only", _filters())

    def clean_only(self) -> dict[str, str]:
        """The filter as the round keeps it; it must fit what is done."""
        chosen = self.cleaned_data["only"]
        if not chosen:
            return {}
        name, _is, value = chosen.partition("=")
        if (name == "kind") != (self.cleaned_data.get("kind") == PLACE_VISIT.name):
            raise forms.ValidationError(_("这一项和“做什么”对不上。入户走访选户，场所检查选场所。"))
        return {name: value}

    def clean_due_on(self) -> date:
        """Not over, and not further away than a month."""
        day: date = self.cleaned_data["due_on"]
        today = day_of(self._now)
        if not today <= day <= today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("要在今天和一个月以内。"))
        return day

    def clean(self) -> dict:
        """The last moment, which must lie ahead."""
        told = super().clean() or {}
        if "due_on" in told and "due_hour" in told:
            due = midnight(told["due_on"]) + timedelta(hours=int(told["due_hour"]))
            if due <= self._now:
                self.add_error("due_hour", _("这个时间已经过了。"))
            told["due_at"] = due
        return told

    def _field(self, name: str, choices: list) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def own_areas(grants: Grants) -> list[tuple[str, str]]:
    """One's own areas as a tree, from the community down to the building where there are not too many."""
    inside = Q(pk__in=[])
    for code in grants.codes:
        inside |= Q(code__gte=code, code__lt=code + AFTER_ALL)
    labels = dict(Area.objects.filter(inside).order_by("code").values_list("code", "label"))
    compounds = {code: label for code, label in labels.items() if len(code) == COMPOUND}
    found = [
        (code, f"{compounds.get(code[:COMPOUND], '')} {label}".strip() if len(code) == BUILDING else label)
        for code, label in labels.items()
        if len(code) <= BUILDING
    ]
    if len(found) > MOST_AREAS:
        found = [(code, label) for code, label in found if len(code) < BUILDING]
    top = min((len(code) for code, _label in found), default=0)
    return [(code, "　" * (LEVELS.index(len(code)) - LEVELS.index(top)) + label) for code, label in found]


def words_of_filter(only: dict[str, str]) -> str:
    """A round's filter as people say it."""
    if not only:
        return gettext("全部")
    return "、".join(_words(name, value) for name, value in only.items())


def _words(name: str, value: str) -> str:
    if name == "help":
        return gettext("家里有{who}").format(who=gettext(dict(HELPS).get(value, value)))
    return gettext("不含空户") if name == "empty" else value


def _filters() -> list:
    homes = [(INHABITED, gettext("不含空户"))]
    homes += [(f"help={name}", gettext("家里有{who}").format(who=gettext(words))) for name, words in HELPS]
    kinds = Place.objects.order_by("kind").values_list("kind", flat=True).distinct()[:MOST_KINDS]
    places = [(f"kind={kind}", kind) for kind in kinds if kind]
    return [(EVERYBODY, gettext("全部")), (gettext("户"), homes), (gettext("场所"), places)]
