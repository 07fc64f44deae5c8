"""What can be handed over on a visit, wherever it is written down: the notices that hold there, one tick each."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.outreach.notices.queries import in_force

HANDED = "handed_out"


def add_leaflets(form: forms.Form, area: str, *, now: datetime) -> None:
    """带去了什么; nothing is asked where nothing is announced."""
    titles = dict.fromkeys(in_force(area, now=now).values_list("title", flat=True))
    if titles:
        form.fields[HANDED] = forms.MultipleChoiceField(
            label=_("带去了什么"), choices=[(title, title) for title in titles], required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
