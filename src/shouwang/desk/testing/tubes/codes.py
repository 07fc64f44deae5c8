"""采样码: a card for each person of a building, cut out and handed round; at the table nobody has to say a number aloud."""

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render

from shouwang.desk.doors import DeskRequest, page
from shouwang.lib.codes import subtree
from shouwang.lib.identity import mask_name
from shouwang.register.models import Person
from shouwang.testing.tubes.codes import person_code

NAMES = "register.read"


@page("swab.record")
def sheet(request: DeskRequest) -> HttpResponse:
    """The cards of one building, door by door; names are clear only for those who may read the register."""
    low, high = subtree(request.grants.require_area(request.GET.get("building", "")))
    living = Person.objects.filter(area_code__gte=low, area_code__lt=high, kept=F("id"), left_at=None)
    people = living.select_related("household__kept").order_by("area_code", "household__kept", "pk")
    clear = NAMES in request.grants.held
    cards = [
        (one.household.kept, one.name if clear else mask_name(one.name), person_code(one.pk))
        for one in people
    ]
    return render(request, "testing/tubes/codes.html", {"cards": cards})
