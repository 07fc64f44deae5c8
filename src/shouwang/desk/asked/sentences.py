"""What every field of every form says when something is wrong, in the voice of the house; Django's own speak of variables."""

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

ONE_OF = _("请从列出来的里面选。")
A_DAY = _("没有这样的日期，请再看一遍。")
A_NUMBER = _("请写一个数字。")
SENTENCES: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("这里要填。")},
    forms.IntegerField: {"invalid": _("请写一个整数。")},
    forms.DecimalField: {"invalid": A_NUMBER},
    forms.DateField: {"invalid": A_DAY},
    forms.DateTimeField: {"invalid": A_DAY},
    forms.TimeField: {"invalid": _("没有这样的时间，请再看一遍。")},
    forms.UUIDField: {"invalid": _("这张表单不完整，请重新打开这一页再填。")},
    forms.ChoiceField: {"invalid_choice": ONE_OF},
    forms.MultipleChoiceField: {"invalid_choice": ONE_OF, "invalid_list": ONE_OF},
    forms.FileField: {"required": _("请选一个文件。"), "empty": _("这个文件是空的。"), "invalid": _("请选一个文件。")},
}  # fmt: skip

LIMITS = {
    validators.MaxLengthValidator: _("太长了：最多 %(limit_value)d 个字，现在有 %(show_value)d 个。"),
    validators.MinLengthValidator: _("太短了：至少 %(limit_value)d 个字。"),
    validators.MaxValueValidator: _("不能大于 %(limit_value)s。"),
    validators.MinValueValidator: _("不能小于 %(limit_value)s。"),
}


def speak() -> None:
    """From now on every field says it so, in the reader's language."""
    for field, told in SENTENCES.items():
        field.default_error_messages = {**field.default_error_messages, **told}
    for limit, words in LIMITS.items():
        limit.message = words
