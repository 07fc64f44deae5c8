"""What is asked when passes are given out, made longer, withdrawn and given back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import moment_field
from shouwang.desk.wording import in_language
from shouwang.plans.form.fieldwork import Pass as Kind
from shouwang.standing.bearers import plate_as_kept

# A refusal that is about one field stands beside it.
BESIDE = {
    "standing.ends_before": "until",
    "standing.too_long": "until",
    "standing.no_such_kind": "kind",
    "standing.not_for_these": "kind",
    "standing.no_name": "holder",
    "desk.no_such_door": "door",
    "desk.not_one_person": "who",
    "standing.whom_to_bar": "plate",
}
REASONS = (
    ("transfer", _("转借、冒用")),
    ("forged", _("伪造、涂改")),
    ("force", _("冲岗、殴打、辱骂工作人员")),
    ("concealed", _("隐瞒行程或接触情况")),
    ("rules", _("多次不按规定出入")),
    ("other", _("其他（写清楚）")),
)


class IssueForm(forms.Form):
    """Which passes for which area, and until when."""

    area = forms.ChoiceField(label=_("发给哪里的住户"))
    kind = forms.ChoiceField(label=_("哪种证"))
    until = moment_field(_("用到什么时候"))
    reason = forms.CharField(label=_("依据（例如文号，可以不写）"), max_length=100, required=False)

    def __init__(
        self, areas: list[tuple[str, str]], kinds: dict[str, Kind], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
        self.fields["kind"].choices = offered(kinds, ("person", "household"))  # type: ignore[attr-defined]


class SingleForm(forms.Form):
    """One pass for somebody from outside, or for a vehicle."""

    kind = forms.ChoiceField(label=_("哪种证"))
    holder = forms.CharField(label=_("姓名（车辆证可以不写）"), max_length=64, required=False)
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False)
    plate = forms.CharField(label=_("车牌（没有车不写）"), max_length=16, required=False)
    door = forms.CharField(
        label=_("去哪一户（门牌，例如 1-1-101；不是找人的不写）"), max_length=40, required=False
    )
    area = forms.ChoiceField(label=_("进哪个小区"))
    until = moment_field(_("用到什么时候"))
    reason = forms.CharField(label=_("来做什么"), max_length=100, required=False)

    def __init__(
        self, areas: list[tuple[str, str]], kinds: dict[str, Kind], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
        self.fields["kind"].choices = offered(kinds, ("person", "vehicle"))  # type: ignore[attr-defined]

    def clean_plate(self) -> str:
        return plate_as_kept(self.cleaned_data["plate"])


class ListedForm(forms.Form):
    """Which pass everybody on a list gets, and until when."""

    kind = forms.ChoiceField(label=_("哪种证"))
    until = moment_field(_("用到什么时候"))

    def __init__(self, kinds: dict[str, Kind], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = offered(kinds, ("person",))  # type: ignore[attr-defined]


class LongerForm(forms.Form):
    """Until when it holds now."""

    until = moment_field(_("延长到什么时候"))


class WithdrawForm(forms.Form):
    """On what a withdrawal stands, and until when."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    reason_code = forms.ChoiceField(label=_("为什么"), choices=REASONS)
    reason = forms.CharField(label=_("写清楚：什么时候、在哪里、做了什么"), max_length=200)
    until = moment_field(_("收到什么时候（到时自动恢复）"))
    receipt = forms.CharField(label=_("收条号（证收上来了才写）"), max_length=16, required=False)
    authority = forms.CharField(label=_("哪个机关定的"), max_length=80)
    document = forms.CharField(label=_("文号"), max_length=60)
    legal_basis = forms.CharField(label=_("法律依据"), max_length=200)


class BarForm(WithdrawForm):
    """What may not come in: a car by its plate, or somebody of the register, who is never kept from their own home."""

    plate = forms.CharField(label=_("车牌"), max_length=16, required=False)
    who = forms.CharField(
        label=_("或者是谁（姓名、手机号或身份证号；本人的家还是可以回）"), max_length=40, required=False
    )
    area = forms.ChoiceField(label=_("不能进哪里"))

    field_order = ("id", "plate", "who", "area", "reason_code", "reason", "until")

    def __init__(self, areas: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]

    def clean_plate(self) -> str:
        return plate_as_kept(self.cleaned_data["plate"])


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=200)


def offered(kinds: dict[str, Kind], per: tuple[str, ...]) -> list[tuple[str, str]]:
    """The kinds that are given to these, in the plan's words."""
    return [(key, in_language(kind.words)) for key, kind in kinds.items() if kind.per in per]
