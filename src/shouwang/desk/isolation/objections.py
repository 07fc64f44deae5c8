"""异议: somebody says that the decision is wrong; somebody who did not make it answers in writing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.forms import BESIDE, AnswerForm
from shouwang.desk.isolation.named import door_of, name_of, order_of
from shouwang.desk.living.acting import allowed, done
from shouwang.isolation.asking import answer
from shouwang.isolation.models import Objection
from shouwang.lib.errors import NotInScope


@page("isolation.work")
def answered(request: DeskRequest, objection: UUID) -> HttpResponse:
    """What was objected to, and the answer of somebody else."""
    row = Objection.objects.select_related("answered_by").filter(pk=objection).first()
    if row is None:
        raise NotInScope()
    order, form = order_of(row.order_id), AnswerForm(request.POST or None)
    if request.method == "POST":
        allowed(request, "isolation.propose", row.area_code)
        if row.answered_by_id == request.user.pk or done(
            form, lambda typed: _write(request, row, typed), BESIDE
        ):
            return redirect("order", order.pk)
    mine = request.user.pk in (order.proposed_by_id, order.decided_by_id)
    shown = {
        "objection": row, "order": order, "name": name_of(request, order.person), "door": door_of(order),
        "form": form, "mine": mine, "may": "isolation.propose" in request.grants.may,
    }  # fmt: skip
    return render(request, "isolation/objection.html", shown, status=422 if form.errors else 200)


def _write(request: DeskRequest, row: Objection, typed: dict[str, Any]) -> None:
    upheld = typed["upheld"] == "yes"
    answer(row.pk, upheld=upheld, words=typed["words"], by=request.user, at=request.now)
    messages.success(request, _("答复了，本人在自己的页面上看得到。"))
