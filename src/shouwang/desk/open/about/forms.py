"""What somebody says against how they were written down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.times import once_field
from shouwang.screening.contests.models import AGAINST


class ContestForm(forms.Form):
    """What is wrong, and against which decision. Shape: `after` is the answer with which somebody is not content."""

    id = once_field()
    against = forms.ChoiceField(choices=AGAINST, widget=forms.HiddenInput)
    about = forms.UUIDField(widget=forms.HiddenInput)
    after = forms.UUIDField(widget=forms.HiddenInput, required=False)
    words = forms.CharField(label=_("说一下经过"), max_length=2000, widget=forms.Textarea({"rows": 4}))
