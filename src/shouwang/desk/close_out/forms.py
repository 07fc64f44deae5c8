"""What is asked before a response ends: why, before whose eyes, what the law keeps; and whether it is really meant."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import DayField
from shouwang.register.models import Area


class EndForm(forms.Form):
    """Why it ends, who watches, and which rows stay sealed for how long."""

    reason = forms.CharField(label=_("依据，如上级宣布应急结束的文件号"), max_length=200)
    witness = forms.CharField(label=_("见证人（姓名、单位）"), max_length=80)
    keep = forms.MultipleChoiceField(
        label=_("依法要留作证据的（不选就全部销毁）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    keep_reason = forms.CharField(
        label=_("为什么留（合法、必要、安全的评估）"), max_length=200, required=False
    )
    keep_until = DayField(
        label=_("留到哪一天"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, keepable: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data)
        self.fields["keep"].choices = list(keepable.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is kept has a reason and an end."""
        said = super().clean() or {}
        if said.get("keep") and not (said.get("keep_reason", "").strip() and said.get("keep_until")):
            self.add_error("keep_reason", _("要留的，请写为什么留、留到哪一天。"))
        return said

    @property
    def kept(self) -> dict[str, tuple[str, date]]:
        """Each rule that is kept: why, until when."""
        said = self.cleaned_data
        return dict.fromkeys(said["keep"], (said["keep_reason"], said["keep_until"]))


class SureForm(forms.Form):
    """Whoever confirms writes the area's name with their own hand."""

    name = forms.CharField(label=_("写出这个地方的名字"), max_length=64)

    def __init__(self, area: Area, data: Any = None) -> None:
        super().__init__(data)
        self._area = area

    def clean_name(self) -> str:
        """The very name."""
        if self.cleaned_data["name"].strip() != self._area.label:
            raise forms.ValidationError(_("和这里的名字不一样，没有确认。"))
        return self._area.label
