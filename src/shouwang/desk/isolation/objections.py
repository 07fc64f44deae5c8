"""异议: somebody says that the decision is wrong; somebody who did not make it answers in writing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.forms import BESIDE, AnswerForm
from shouwang.desk.isolation.named import category_of, door_of, name_of, order_of, refusals
from shouwang.desk.isolation.steps import stands_above
from shouwang.desk.living.acting import allowed, done
from shouwang.desk.wording import in_language
from shouwang.flows.at_home.reminders import tell_answer
from shouwang.flows.let_go import greet
from shouwang.isolation.asking import answer
from shouwang.isolation.home import path_of
from shouwang.isolation.models import CATEGORY, Objection, Order
from shouwang.plans.actions import read as read_plan


@page("isolation.work")
def answered(request: DeskRequest, objection: UUID) -> HttpResponse:
    """What was objected to, and the answer of somebody else."""
    row = one_in_scope(
        Objection.objects.select_related("answered_by", "order", "after__answered_by").filter(pk=objection)
    )
    order = order_of(row.order_id)
    form = AnswerForm(_others(order) if row.against == CATEGORY else (), request.POST or None)
    if request.method == "POST":
        allowed(request, "isolation.propose", row.area_code)
        if row.answered_by_id == request.user.pk or done(
            form, lambda typed: _write(request, row, typed), BESIDE
        ):
            return redirect("order", order.pk)
    mine = request.user.pk in (
        order.proposed_by_id,
        order.decided_by_id,
        row.after and row.after.answered_by_id,
    )
    shown = {
        "objection": row, "order": order, "name": name_of(request, order.person), "door": door_of(order),
        "category": category_of(order), "form": form, "refused": refusals({"form": form}), "mine": mine, "first": row.after,
        "may": "isolation.propose" in request.grants.may and (row.after is None or stands_above(request, order.area_code)),
    }  # fmt: skip
    return render(request, "isolation/objection.html", shown, status=422 if form.errors else 200)


def _others(order: Order) -> list[tuple[str, str]]:
    """Under what else somebody may be held, by the plan of this order."""
    rules = read_plan(order.plan)
    held = [(key, one) for key, one in rules.categories.items() if one.regime in rules.regimes]
    return [(key, in_language(one.words)) for key, one in held if key != order.category]


def _write(request: DeskRequest, row: Objection, typed: dict[str, Any]) -> None:
    upheld = typed["upheld"] == "yes"
    answer(
        row.pk, upheld=upheld, words=typed["words"], by=request.user, at=request.now,
        above=stands_above(request, row.area_code), category=typed.get("category", ""),
    )  # fmt: skip
    if upheld:
        greet([row.order_id], by=request.user, at=request.now)
    order = order_of(row.order_id)
    tell_answer(
        row.pk,
        order.person.phones_sealed,
        path=path_of(order),
        area=row.area_code,
        by=request.user,
        at=request.now,
    )
    messages.success(request, _("答复了，本人在自己的页面上看得到。"))
