"""How a community signs its messages: name, telephone, web address, and how many messages a day are enough."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.lib.codes import COMMUNITY, is_code
from shouwang.lib.errors import NotInScope
from shouwang.lib.phones import read_phones
from shouwang.outreach.channels import community_ways, set_office
from shouwang.outreach.queries import labels_of


class OfficeForm(forms.Form):
    """What stands in every message."""

    name = forms.CharField(label=_("短信开头的名字（居民一看就认识）"), max_length=40)
    phone = forms.CharField(
        label=_("社区电话（有人接的）"), max_length=20, widget=forms.TextInput({"inputmode": "tel"})
    )
    address = forms.URLField(label=_("居民手机上打得开的网址"), max_length=120, assume_scheme="https")
    daily_most = forms.IntegerField(label=_("一个人一天最多收几条（急的除外）"), min_value=1, max_value=20)

    def clean_phone(self) -> str:
        """One number, as it is dialled."""
        found = read_phones(self.cleaned_data["phone"])
        if len(found.numbers) != 1 or found.problem:
            raise forms.ValidationError(_("请填一个打得通的电话，固定电话带区号。"))
        return found.numbers[0]


@page("grant.edit")
def office(request: DeskRequest) -> HttpResponse:
    """Shows and sets it; what waited for it goes out."""
    area = request.GET.get("area", "") or min(request.grants.codes, key=len)
    if not is_code(area) or len(area) != COMMUNITY:
        raise NotInScope()
    request.grants.require_area(area)
    form = OfficeForm(request.POST or None, initial=_initial(request, area))
    if form.is_bound and form.is_valid():
        set_office(area, **form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, gettext("记下了。以后的短信都这样写。"))
        return redirect(f"{reverse('messages')}?area={area}")
    return render(request, "outreach/office.html", {"form": form, "area": area})


def _initial(request: DeskRequest, area: str) -> dict[str, object]:
    held = community_ways(area).office
    if held:
        names = ("name", "phone", "address", "daily_most")
        return {name: getattr(held, name) for name in names}
    label, address = labels_of([area]).get(area, ""), request.build_absolute_uri("/").rstrip("/")
    return {"name": label, "address": address, "daily_most": 2}
