"""是不是社区的人: whoever was called or written to checks four digits, and learns yes or no and nothing else (RP09)."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shouwang.desk.doors import OpenRequest, open_page, sentence
from shouwang.lib.phones import read_phones
from shouwang.outreach import codes
from shouwang.outreach.channels import community_ways, offices
from shouwang.outreach.codes import DIGITS, TooManyTries


class CheckForm(forms.Form):
    """The own number, and the digits that were said or written."""

    phone = forms.CharField(
        label=_("您的电话（接到电话、收到短信的那个）"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )
    code = forms.CharField(
        label=_("对方说的四位核对码"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        """The digits of the number alone."""
        found = read_phones(self.cleaned_data["phone"])
        if not found.numbers or found.problem:
            raise forms.ValidationError(_("这个电话号码不对，请再看一下。"))
        return found.numbers[0]

    def clean_code(self) -> str:
        """Four digits, however they are set apart."""
        digits = "".join(sign for sign in self.cleaned_data["code"] if sign.isdecimal())
        if len(digits) != DIGITS:
            raise forms.ValidationError(_("核对码是四个数字，请再看一下。"))
        return f"{int(digits):0{DIGITS}d}"


@open_page(tries=40)
def check(request: OpenRequest, area: str = "") -> HttpResponse:
    """Yes, or no and whom to call. The same answer for a number that nobody here knows."""
    form, shown = CheckForm(request.POST or None), {"answer": ""}
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            real = codes.is_real(told["phone"], told["code"], at=request.now)
            shown["answer"] = "yes" if real else "no"
        except TooManyTries as refusal:
            form.add_error("code", sentence(refusal))
    own = community_ways(area).office if area else None
    return render(request, "open/check.html", {"form": form, "offices": [own] if own else offices(), **shown})
