"""Whom a phone is given to, and why one is sent away."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.access.roles import Role
from shouwang.register.answering import Helper


class GiveForm(forms.Form):
    """Who works with the phone, as what, and how the code reaches them."""

    helpers = forms.MultipleChoiceField(
        label=_("谁用这部手机"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("几个人轮流用一部，就都选上，每人在手机上设自己的密码。"),
    )
    role = forms.ChoiceField(label=_("身份"))
    area = forms.ChoiceField(label=_("在哪里用"), required=False)
    way = forms.ChoiceField(
        label=_("登记码"),
        choices=[
            ("screen", _("在这里显示，10 分钟内扫")),
            ("card", _("打印卡片，24 小时内扫，还要手机号后四位")),
        ],
        widget=forms.RadioSelect,
        initial="screen",
    )
    label = forms.CharField(label=_("手机叫什么（可不填）"), max_length=64, required=False)

    def __init__(
        self,
        helpers: Iterable[Helper],
        roles: Iterable[Role],
        areas: Iterable[tuple[str, str]],
        *args: object,
    ) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["helpers"].choices = [(one.pk, one.name) for one in helpers]  # type: ignore[attr-defined]
        self.fields["role"].choices = [(role.name, _(role.words)) for role in roles]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", _("他们负责的地方")), *areas]  # type: ignore[attr-defined]


class AwayForm(forms.Form):
    """Why a phone is let in no more, and whether it forgets everything."""

    reason = forms.CharField(label=_("为什么停用"), max_length=100)
    wipe = forms.BooleanField(label=_("手机丢了：把里面的资料清掉"), required=False)
