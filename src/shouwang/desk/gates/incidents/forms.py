"""What is asked when something happened at a gate, when somebody else looks, and when an objection is answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import moment_field
from shouwang.gates.incidents.models import GIVEN_BACK, KINDS, NOTED, OUTCOMES, WITHDRAWN
from shouwang.standing.bearers import plate_as_kept

# A refusal that is about one field stands beside it.
BESIDE = {
    "gates.nothing_said": "words",
    "gates.no_receipt": "receipt",
    "gates.no_pass_taken": "number",
    "standing.ends_before": "until",
    "standing.too_long": "until",
    "desk.no_such_pass": "number",
}
YES, NO = "yes", "no"


class IncidentForm(forms.Form):
    """What happened, where and when, and whether a pass was taken."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    gate = forms.ChoiceField(label=_("哪个卡口"))
    kind = forms.ChoiceField(label=_("什么事"), choices=KINDS)
    words = forms.CharField(
        label=_("经过：谁、做了什么、怎么处理的"), max_length=200, widget=forms.Textarea({"rows": 3})
    )
    happened_at = moment_field(_("什么时候"))
    who = forms.CharField(label=_("当事人姓名（不知道不写）"), max_length=64, required=False)
    number = forms.CharField(label=_("证号（没有证不写）"), max_length=16, required=False)
    plate = forms.CharField(label=_("车牌（没有车不写）"), max_length=16, required=False)
    taken = forms.BooleanField(label=_("证收上来了"), required=False)
    receipt = forms.CharField(label=_("收条号（收了证就要写）"), max_length=16, required=False)

    def __init__(self, gates: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["gate"].choices = gates  # type: ignore[attr-defined]

    def clean_plate(self) -> str:
        return plate_as_kept(self.cleaned_data["plate"])


class ReviewForm(forms.Form):
    """What becomes of the pass, and why; a withdrawal with all that it stands on."""

    outcome = forms.ChoiceField(label=_("复核的结果"), widget=forms.RadioSelect, choices=OUTCOMES)
    words = forms.CharField(
        label=_("理由，会原样告诉本人"), max_length=200, widget=forms.Textarea({"rows": 3})
    )
    until = moment_field(_("收回的话，收到什么时候"), required=False)
    authority = forms.CharField(label=_("收回的话，哪个机关定的"), max_length=80, required=False)
    document = forms.CharField(label=_("文号"), max_length=60, required=False)
    legal_basis = forms.CharField(label=_("法律依据"), max_length=200, required=False)

    def __init__(self, taken: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = (GIVEN_BACK, WITHDRAWN) if taken else (NOTED, WITHDRAWN)
        self.fields["outcome"].choices = [one for one in OUTCOMES if one[0] in offered]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("outcome") == WITHDRAWN and not told.get("until"):
            self.add_error("until", _("收回要写结束的时间。"))
        return told


class AnswerForm(forms.Form):
    """Whether the withdrawal was right, and why."""

    upheld = forms.ChoiceField(
        label=_("复核的结果"),
        widget=forms.RadioSelect,
        choices=((YES, _("异议成立，证马上恢复")), (NO, _("异议不成立，照原来的办"))),
    )
    words = forms.CharField(
        label=_("理由，会原样告诉本人"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )
