"""A phone is given to somebody: its code on this screen, or on a card."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from shouwang.access.queries import may_give
from shouwang.desk.devices.forms import GiveForm
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.round_form import own_areas
from shouwang.devices.enrolling import PERMISSION
from shouwang.flows.phones.phone_codes import PhoneCode, code_for_phone
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.answering import Helper

WORKS_WITH_A_PHONE = frozenset({"visit.record", "swab.record", "sample.carry", "gate.work"})


@never_cache
@page(PERMISSION)
def give(request: DeskRequest) -> HttpResponse:
    """Who, as what; then the code, once."""
    form = GiveForm(_helpers(request), _roles(request), own_areas(request.grants), request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = code_for_phone(
                [int(one) for one in told["helpers"]], role=told["role"], area=told["area"], on_a_card=told["way"] == "card",
                by=request.grants, at=request.now, label=told["label"],
            )  # fmt: skip
            return _shown(request, made)
        except NotInScope:
            raise
        except Refusal as refusal:
            form.add_error("helpers", sentence(refusal))
    return render(request, "devices/give.html", {"form": form}, status=422 if form.errors else 200)


def _helpers(request: DeskRequest) -> list[Helper]:
    """Everybody of the roster here: not everybody who works with a phone answers for doors."""
    return list(Helper.objects.filter(left_at=None).order_by("name", "id"))


def _roles(request: DeskRequest) -> list:
    """What the giver may hand on, of what is done with a phone; the least first."""
    roles = [role for role in may_give(request.grants) if WORKS_WITH_A_PHONE & role.may]
    return sorted(roles, key=lambda role: len(role.may))


def _shown(request: DeskRequest, made: PhoneCode) -> HttpResponse:
    address = f"{request.build_absolute_uri(reverse('field'))}#/enrol?code={made.code}"
    groups = " ".join(made.code[start : start + 4] for start in range(0, len(made.code), 4))
    shown = {"made": made, "groups": groups, "enrol": address, "address": address.split("#")[0]}
    return render(request, "devices/card.html" if made.on_a_card else "devices/code.html", shown)
