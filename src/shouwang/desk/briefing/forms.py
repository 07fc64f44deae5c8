"""What a meeting writes down: notes, and decisions each with an owner and an hour."""

from datetime import datetime

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import moment_field
from shouwang.directives.actions import Told
from shouwang.directives.meetings import MOST_NOTES
from shouwang.lib.codes import COMMUNITY, subtree
from shouwang.register.models import Area, Helper

MOST_DECISIONS, MOST_HELPERS, MOST_AREAS = 12, 400, 200


class NotesForm(forms.Form):
    """What was said; `number` is the meeting that the page was opened for."""

    number = forms.IntegerField(min_value=1, max_value=99, widget=forms.HiddenInput)
    notes = forms.CharField(
        label=_("会上说了什么"),
        required=False,
        max_length=MOST_NOTES,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecisionForm(forms.Form):
    """One decision. An empty one is none."""

    words = forms.CharField(label=_("定了什么"), required=False, max_length=400)
    helper = forms.ChoiceField(label=_("谁负责"), required=False)
    where = forms.ChoiceField(label=_("在哪里"), required=False)
    due_at = moment_field(_("最晚什么时候"), required=False)

    def __init__(self, *args: object, choices: "Choices", **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._choices = choices
        self.fields["helper"].choices = choices.helpers  # type: ignore[attr-defined]
        self.fields["where"].choices = choices.areas  # type: ignore[attr-defined]

    def clean_due_at(self) -> datetime | None:
        """An hour that is still to come."""
        due: datetime | None = self.cleaned_data["due_at"]
        if due and due <= self._choices.now:
            raise forms.ValidationError(_("这个时间已经过了，请选晚一点的。"))
        return due

    def clean(self) -> dict:
        """A decision without an owner or an hour is a wish."""
        told = super().clean() or {}
        if told.get("words", "").strip():
            if not told.get("helper"):
                self.add_error("helper", _("请选由谁负责。"))
            if not told.get("due_at") and "due_at" not in self.errors:
                self.add_error("due_at", _("请定最晚什么时候办完。"))
        return told

    def told(self) -> Told | None:
        """The decision as a point; none where nothing is written."""
        said = self.cleaned_data
        if not said.get("words", "").strip():
            return None
        where = said["where"] or self._choices.areas[0][0]
        return Told(said["words"].strip(), [where], helper=int(said["helper"]), due_at=said["due_at"])


class Choices:
    """Who can own a decision, and where it can be carried out."""

    def __init__(self, area: str, now: datetime) -> None:
        self.now = now
        low, high = subtree(area)
        helpers = Helper.objects.filter(left_at=None, area_code__gte=low[:COMMUNITY], area_code__lt=high)
        names = helpers.order_by("name", "pk").values_list("pk", "name")[:MOST_HELPERS]
        self.helpers = [("", "—"), *((str(pk), name) for pk, name in names)]
        inside = Area.objects.filter(
            level__in=("subdistrict", "community", "compound"), code__gte=low, code__lt=high
        )
        rows = list(inside.order_by("code").values_list("code", "label")[:MOST_AREAS])
        self.areas = rows or [(area, area)]


DecisionForms = formset_factory(DecisionForm, extra=3, max_num=MOST_DECISIONS, absolute_max=MOST_DECISIONS)
