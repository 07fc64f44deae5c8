"""What an isolated household can ask and say on its own page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.isolation.models import AGAINST, NEEDS

PRIVATE = ("counselling",)
ASKED_FOR = tuple((key, words) for key, words in NEEDS if key not in PRIVATE)


class NeedForm(forms.Form):
    """What is needed, in the household's own words."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.ChoiceField(label=_("要什么"), choices=ASKED_FOR)
    words = forms.CharField(
        label=_("写清楚一点：什么、多少"), max_length=300, widget=forms.Textarea({"rows": 3})
    )
    private = forms.BooleanField(label=_("不想让楼里的工作人员看到"), required=False)


class ObjectionForm(forms.Form):
    """What is wrong, the decision or the category, and why."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    order = forms.UUIDField(widget=forms.HiddenInput)
    after = forms.UUIDField(widget=forms.HiddenInput, required=False)
    against = forms.ChoiceField(
        label=_("哪里不对"), choices=AGAINST, required=False, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("说一下经过"), max_length=2000, widget=forms.Textarea({"rows": 4}))


class PrivateForm(forms.Form):
    """What is needed and nobody else at home, or in the building, is to read."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.ChoiceField(label=_("要什么"), choices=NEEDS, initial="talk")
    words = forms.CharField(label=_("想说什么都可以"), max_length=300, widget=forms.Textarea({"rows": 3}))
