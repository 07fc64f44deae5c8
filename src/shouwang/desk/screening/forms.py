"""The forms of the list desk: a list that came, what somebody said, where somebody belongs who is not ours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import DayField, moment_field
from shouwang.desk.wording import in_language, tests_in_language
from shouwang.lib.clock import ZONE
from shouwang.plans.form.people import Category
from shouwang.plans.schema import Plan
from shouwang.register.models import Area
from shouwang.screening.lists.returning import BACK
from shouwang.screening.lists.rules import ENTAILS, entails

MOST_BYTES = 50 * 1024 * 1024
SYMPTOMS = ("发热", "干咳", "乏力", "咽痛", "腹泻")  # where no plan says otherwise
HEALTH_CODES = [
    ("", _("没看")),
    ("green", _("绿码")),
    ("yellow", _("黄码")),
    ("red", _("红码")),
    ("none", _("没有码")),
]
RESULTS = [
    ("", _("没看")),
    ("negative", _("阴性")),
    ("waiting", _("还没出")),
    ("none", _("没做")),
    ("abnormal", _("异常")),
]
BY = [("phone", _("电话")), ("door", _("上门")), ("self_report", _("看本人填的"))]
SOURCES = [("pushed", _("推送名单")), ("codes", _("转码申请"))]
DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class ManyFiles(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, none larger than the largest list."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file by itself."""
        several = data if isinstance(data, list | tuple) else [data]
        files = [forms.FileField.clean(self, one, initial) for one in several]
        if any(file.size > MOST_BYTES for file in files):
            raise forms.ValidationError(_("文件超过 50 MB。请拆成几个文件再传。"))
        return files


class ListForm(forms.Form):
    """Lists that came: the files, who sent them, what they are about, and their clock."""

    community = forms.ChoiceField(label=_("发给哪里"))
    brought = FilesField(label=_("名单文件，可以一次选几个"), widget=ManyFiles)
    sender = forms.CharField(
        label=_("谁发来的"), max_length=80, widget=forms.TextInput({"list": "senders", "autocomplete": "off"})
    )
    source = forms.ChoiceField(label=_("哪一种名单"), choices=SOURCES)
    category = forms.ChoiceField(label=_("人员类型"), required=False)
    arrived_at = moment_field(_("什么时候发来的（不写就是现在）"), required=False)
    hours = forms.FloatField(
        label=_("几小时内办完（不写按预案）"), required=False, min_value=0.5, max_value=720,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    tell = forms.BooleanField(label=_("收完就给联系得上的人发一条短信"), required=False, initial=True)

    def __init__(self, *args: Any, communities: Sequence[Area], plan: Plan | None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["community"].choices = [(one.code, _named(one)) for one in communities]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", _("名单上没说")), *categories_of(plan)]  # type: ignore[attr-defined]
        if len(communities) == 1:
            self.fields["community"].widget = forms.HiddenInput()
            self.initial["community"] = communities[0].code

    def clean_arrived_at(self) -> datetime | None:
        """The community's time."""
        told: datetime | None = self.cleaned_data["arrived_at"]
        return told.replace(tzinfo=ZONE) if told and not told.tzinfo else told


class CheckForm(forms.Form):
    """What somebody said or was seen to be; nothing must be filled, so that "met and all is well" is one tap."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    channel = forms.ChoiceField(label=_("怎么问的"), choices=BY, initial="phone", widget=forms.RadioSelect)
    identity_seen = forms.BooleanField(label=_("核对过身份"), required=False, initial=True)
    category = forms.ChoiceField(label=_("人员类型 → 接下来做什么"), required=False)
    from_place = forms.CharField(label=_("从哪里来"), max_length=80, required=False)
    left_on = DayField(label=_("哪天离开那里"), required=False, widget=DATE)
    arrived_on = DayField(label=_("哪天到"), required=False, widget=DATE)
    transport = forms.CharField(label=_("坐什么来的"), max_length=60, required=False)
    address = forms.CharField(label=_("现在住哪里"), max_length=160, required=False)
    people_count = forms.IntegerField(label=_("同住几人"), min_value=0, max_value=99, required=False)
    health_code = forms.ChoiceField(
        label=_("健康码"), choices=HEALTH_CODES, required=False, widget=forms.RadioSelect
    )
    travel_code = forms.CharField(label=_("行程卡上的城市"), max_length=60, required=False)
    tested_on = DayField(label=_("哪天做的核酸"), required=False, widget=DATE)
    test_result = forms.ChoiceField(
        label=_("核酸结果"), choices=RESULTS, required=False, widget=forms.RadioSelect
    )
    temperature_c = forms.DecimalField(
        label=_("体温 ℃"), min_value=34, max_value=43, max_digits=3, decimal_places=1, required=False
    )
    symptoms = forms.MultipleChoiceField(
        label=_("哪里不舒服"), required=False, widget=forms.CheckboxSelectMultiple
    )
    told_to = forms.CharField(label=_("不舒服已经告诉谁（医生、负责人）"), max_length=80, required=False)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, plan: Plan | None, **more: Any) -> None:
        super().__init__(*args, **more)
        said = plan.isolation.symptoms if plan and plan.isolation and plan.isolation.symptoms else SYMPTOMS
        self.fields["symptoms"].choices = [(one, one) for one in said]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", _("还说不准")), *categories_of(plan)]  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """The answers by their names, as `Told` takes them, and the extra ones."""
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}


class ElsewhereForm(forms.Form):
    """Somebody who is not ours: to whom, in words, and the evidence."""

    to_whom = forms.CharField(label=_("转给哪个社区，或者写“退回”"), max_length=80)
    reason = forms.CharField(label=_("依据"), max_length=160)

    def clean_to_whom(self) -> str:
        """Back to the sender, in whichever language it was written."""
        return meant(self.cleaned_data["to_whom"])


class DoctorForm(forms.Form):
    """A doctor has seen them: where, and when if not now."""

    hospital = forms.CharField(label=_("哪家医院"), max_length=80, required=False)


def _named(area: Area) -> str:
    """A street's list is shared among its communities by itself."""
    if area.level == "community":
        return area.label
    return gettext("{area}（自动分到各社区）").format(area=area.label)


def meant(to_whom: str) -> str:
    """Where somebody wants a row to go; back to the sender in the one way in which it is kept."""
    return BACK if to_whom.strip() in (BACK, gettext("退回")) else to_whom.strip()


def categories_of(plan: Plan | None) -> list[tuple[str, str]]:
    """The categories of the plan, each with what it entails, so that whoever chooses sees it at once."""
    found = []
    for key, one in (plan.categories if plan else {}).items():
        follows = "、".join(gettext(ENTAILS[name]) for name in entails(one))
        more = "；".join(said for said in (_code_of(one), tests_in_language(one)) if said)
        found.append((key, f"{in_language(one.words)} → {follows}" + (f"（{more}）" if more else "")))
    return found


def _code_of(category: Category) -> str:
    """The health code that the plan gives this kind of person."""
    return str(dict(HEALTH_CODES).get(category.code, "")) if category.code else ""
