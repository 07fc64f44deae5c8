"""In which province and city a community or a street lies: said once where its code is provisional, so that figures count."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.provinces import PROVINCES
from shouwang.register.areas import say_town, town_of
from shouwang.register.models import Area


class TownForm(forms.Form):
    """The province from a list, the city in words."""

    province = forms.ChoiceField(label=_("在哪个省（直辖市、自治区）"), choices=[("", "")])
    city = forms.CharField(label=_("在哪个市（直辖市写区）"), max_length=24)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["province"].choices = [("", ""), *((one, one) for one in PROVINCES.values())]  # type: ignore[attr-defined]


@page("register.edit")
def town(request: DeskRequest) -> HttpResponse:
    """Shows and says it, for a community or for a whole street."""
    code = request.grants.require_area(request.GET.get("area", ""))
    area = one_in_scope(Area.objects.filter(code=code[:COMMUNITY]))
    held = town_of(area.code)
    form = TownForm(request.POST or None, initial={"province": held.province, "city": held.city})
    if form.is_bound and done(
        form, lambda told: say_town(area.code, **told, by=request.user, at=request.now)
    ):
        messages.success(request, gettext("记下了，外地来的人按这里算。"))
        return redirect(f"{reverse('figures')}?area={area.code}")
    shown = {"form": form, "area": area}
    return render(request, "overview/town.html", shown, status=422 if form.errors else 200)
