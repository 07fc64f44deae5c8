"""有话说: anybody writes to the community, with a receipt; and sees by it what became of that."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import scope
from shouwang.desk.doors import OpenRequest, open_page
from shouwang.inbox.actions import Heard, by_receipt, receipt_of, receive
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.lib.phones import read_phones
from shouwang.screening.reports.posters import community_words


class SayForm(forms.Form):
    """Three fields; a number only for whoever wants an answer."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(label=_("什么事"), max_length=1000, widget=forms.Textarea({"rows": 4}))
    phone = forms.CharField(label=_("电话（要我们回话就填）"), max_length=20, required=False)
    who = forms.CharField(label=_("怎么称呼、住哪（可以不填）"), max_length=64, required=False)

    def clean_phone(self) -> str:
        """One number, or none."""
        found = read_phones(self.cleaned_data["phone"])
        if found.problem or len(found.numbers) > 1:
            raise forms.ValidationError(_("请写一个电话号码，例如 13900000101 或 0371-66000000。"))
        return found.numbers[0] if found.numbers else ""


class ReceiptForm(forms.Form):
    """What tells one's own matter."""

    receipt = forms.CharField(label=_("回执号"), max_length=12)
    tail = forms.CharField(label=_("手机号后四位"), max_length=4, min_length=4)


@open_page(tries=20, area_tries=600)
def say(request: OpenRequest, area: str) -> HttpResponse:
    """The form, and after it the receipt."""
    words = community_words(area)
    form = SayForm(request.POST or None, initial={"id": uuid7(request.now)})
    found = {"area": area, "words": words, "form": form, "receipt": ""}
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        heard = Heard(said["words"], "page", said["who"], said["phone"], id=said["id"])
        with scope([area]):
            made = receive(heard, area=area, by=None, at=request.now)
        found["receipt"] = receipt_of(made) if said["phone"] else "-"
    return render(request, "open/say.html", found, status=422 if form.errors else 200)


@open_page(tries=30)
def receipt(request: OpenRequest, area: str) -> HttpResponse:
    """What became of it, for whoever has the number and the end of the phone."""
    form, matter = ReceiptForm(request.POST or None), None
    if form.is_bound and form.is_valid():
        try:
            with scope([area]):
                matter = by_receipt(
                    form.cleaned_data["receipt"].strip(), form.cleaned_data["tail"], area=area
                )
        except NotInScope:
            form.add_error("receipt", _("没有找到。请核对回执号和手机号后四位。"))
    found = {"area": area, "form": form, "matter": matter}
    return render(request, "open/say_receipt.html", found, status=422 if form.errors else 200)
