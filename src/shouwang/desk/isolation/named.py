"""What the pages of isolation share: one order in scope, how people are called, and who else lives behind the door."""

from collections.abc import Mapping
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest
from shouwang.desk.wording import in_language
from shouwang.isolation.models import Order
from shouwang.plans.actions import read as read_plan
from shouwang.register.models import Person

FULL_NAMES = "register.read"


def order_of(pk: UUID) -> Order:
    """The order with its person, door and plan. Raises: NotInScope."""
    rows = Order.objects.select_related("person__household", "household", "plan", "proposed_by", "decided_by")
    return one_in_scope(rows.select_related("address_confirmed_by").filter(pk=pk))


def name_of(request: DeskRequest, person: Person | None) -> str:
    """The whole name for those who read the register, else the surname alone: a lost phone tells little."""
    name = person.name if person else ""
    return name if FULL_NAMES in request.grants.may or not name else f"{name[:1]}**"


def door_of(order: Order) -> str:
    """The door as people write it."""
    return f"{order.household.compound} {order.household.door}"


def category_of(order: Order) -> str:
    """The category in the words of the plan under which it began."""
    known = read_plan(order.plan).categories.get(order.category)
    return in_language(known.words) if known else order.outside or order.category


def refusals(typed: Mapping[str, object]) -> list[str]:
    """Why what was just sent was not done, in sentences; of a field left out or typed wrongly with its name."""
    forms = [one for one in typed.values() if isinstance(one, BaseForm)]
    wrong = [
        (form, name, str(words)) for form in forms for name, found in form.errors.items() for words in found
    ]
    return [f"{form[name].label}：{words}" if name in form.fields else words for form, name, words in wrong]


def back_to(request: DeskRequest, order: Order) -> HttpResponse:
    """To where the tap was: the list of temperatures, or the order."""
    if request.POST.get("back") == "temperatures":
        return redirect("isolation_temperatures")
    return redirect("order", order.pk)
