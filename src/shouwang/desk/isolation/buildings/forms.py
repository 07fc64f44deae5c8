"""What is asked before a building is closed, while it is, and when somebody has to leave it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import day_field, moment_field
from shouwang.desk.isolation.forms import DecideForm
from shouwang.isolation.buildings.seals import Living, WayOut
from shouwang.standing.actions import Grounds

BESIDE = {
    "isolation.not_a_building": "area",
    "isolation.sealed_already": "area",
    "isolation.no_way_out": "exit_open",
    "isolation.nobody_with_the_key": "key_phone",
    "isolation.no_end": "until",
    "standing.not_longer": "until",
}
ZONE_REASON = "zone"


class LivingForm(forms.Form):
    """How people live behind it, and the days from which its end is computed."""

    supply_point = forms.CharField(label=_("物资在哪里领、怎么送"), max_length=120, required=False)
    test_plan = forms.CharField(label=_("什么时候、在哪里采样"), max_length=200, required=False)
    last_case_on = day_field(_("最后一例是哪天（不知道就空着）"))
    contacts_clear_on = day_field(_("最后一名密接哪天离开（不知道就空着）"))
    clean_round_on = day_field(_("哪天的一轮检测全部阴性（还没有就空着）"))

    def living(self) -> Living:
        """What was typed, as the module takes it."""
        return Living(**{name: self.cleaned_data[name] for name in LivingForm.base_fields})


class SealForm(LivingForm):
    """Where, why, on whose word, until when, and how people get out."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    area = forms.ChoiceField(label=_("封哪里"))
    zone = forms.ChoiceField(label=_("按哪一类区管理"))
    reason = forms.CharField(label=_("原因（会贴在楼下、写在公开的页面上）"), max_length=200)
    until = moment_field(_("封到什么时候（到时自动解除）"))
    fire_exit = forms.CharField(label=_("消防通道在哪里"), max_length=80)
    exit_open = forms.BooleanField(label=_("去看过了，通道开着，人能走出去"), required=False)
    key_holder = forms.CharField(label=_("谁在现场拿钥匙"), max_length=40)
    key_phone = forms.CharField(
        label=_("他的电话（24 小时能打通）"), max_length=20, widget=forms.TextInput({"inputmode": "tel"})
    )
    authority = DecideForm.base_fields["authority"]
    document = DecideForm.base_fields["document"]
    legal_basis = DecideForm.base_fields["legal_basis"]
    field_order = (
        "id", "area", "zone", "reason", "until", "fire_exit", "exit_open", "key_holder", "key_phone", "authority",
        "document", "legal_basis",
    )  # fmt: skip

    def __init__(
        self, areas: list[tuple[str, str]], zones: list[tuple[str, str]], *args: Any, **options: Any
    ):
        super().__init__(*args, **options)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
        self.fields["zone"].choices = zones  # type: ignore[attr-defined]

    def grounds(self) -> Grounds:
        """On what it stands."""
        told = self.cleaned_data
        return Grounds(
            told["zone"] or ZONE_REASON,
            told["reason"],
            told["authority"],
            told["document"],
            told["legal_basis"],
        )

    def way_out(self) -> WayOut:
        """How people get out."""
        names = ("fire_exit", "exit_open", "key_holder", "key_phone")
        return WayOut(**{name: self.cleaned_data[name] for name in names})


class ApproveForm(forms.Form):
    """The second person saw the exit too."""

    exit_open = forms.BooleanField(label=_("我也去看过了，通道开着，人能走出去"), required=False)


class LongerForm(forms.Form):
    """Until when it is to stay closed, and on what word."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    until = moment_field(_("延长到"))
    reason = forms.CharField(label=_("为什么延长（会贴在楼下、写在公开的页面上）"), max_length=200)
    document = DecideForm.base_fields["document"]


class OutForm(forms.Form):
    """Who leaves for a doctor or from a fire. Nothing is required but the button."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    who = forms.CharField(label=_("谁（门牌就行，来不及就空着）"), max_length=64, required=False)
    transport = forms.CharField(label=_("坐什么车去"), max_length=80, required=False)
