"""What is asked of whoever answers an objection."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """Whether it stands, and why, in words that the person will read; the right category where that was wrong.

    Shape: `neither` is said beside the categories for none of them.
    """

    neither = _("都不是")
    upheld = forms.ChoiceField(
        label=_("成立不成立"), choices=(("yes", _("成立")), ("no", _("不成立"))), widget=forms.RadioSelect
    )
    category = forms.ChoiceField(label=_("成立的，应当是哪一类"), required=False)
    words = forms.CharField(
        label=_("理由（原样告诉本人）"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, categories: Sequence[tuple[str, str]], *args: Any) -> None:
        super().__init__(*args)
        self.fields["category"].choices = [("", self.neither), *categories]  # type: ignore[attr-defined]
        if not categories:
            del self.fields["category"]
