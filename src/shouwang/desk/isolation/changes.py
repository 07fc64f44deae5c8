"""更改: somebody asks that an order last longer, count again or be of another kind; somebody else approves, or says why not."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.change_forms import REQUIRED_OF, ChangeForm, categories_of, forms_of
from shouwang.desk.isolation.forms import BESIDE, ReasonForm
from shouwang.desk.isolation.named import order_of
from shouwang.desk.isolation.order import shown
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.isolation import changing
from shouwang.isolation.models import Change, Order
from shouwang.isolation.schedule import Moment
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import NotInScope
from shouwang.plans.models import PlanVersion


@page("isolation.propose")
@sent("isolation")
def asked(request: DeskRequest, order: UUID, what: str) -> HttpResponse:
    """Somebody asks for a change; nothing moves yet."""
    row = order_of(order)
    if what not in REQUIRED_OF:
        raise NotInScope()
    form = ChangeForm(what, categories_of(request, row) if what == "category" else [], request.POST)
    if changing.open_changes().filter(order=row, proposed_by=request.user).exists():
        return redirect("order", row.pk)  # sent twice

    if not done(form, lambda typed: _propose(request, row, what, typed), BESIDE):
        typed: dict[str, Any] = forms_of(request, row) | {f"{what}_form": form}
        return shown(request, row, status=422, **typed)
    messages.success(request, _("提出了。要由另一个有权的人批准，批准以前什么都不变。"))
    return redirect("order", row.pk)


@page("isolation.decide")
@sent("isolation")
def approved(request: DeskRequest, change: UUID) -> HttpResponse:
    """Somebody else agrees, and the order changes."""
    row = _change(change)
    if row.approved_by_id != request.user.pk:
        changing.approve_change(row.pk, by=request.user, at=request.now)
        messages.success(request, _("批准了。请在原来的时间之前把书面通知送到。"))
    return redirect("order", row.order_id)


@page("isolation.decide")
@sent("isolation")
def refused(request: DeskRequest, change: UUID) -> HttpResponse:
    """It stays as it is."""
    row, form = _change(change), ReasonForm(request.POST, prefix="refuse")
    if row.refused_by_id == request.user.pk:
        return redirect("order", row.order_id)

    def write(typed: dict[str, Any]) -> None:
        changing.refuse_change(row.pk, reason=typed["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return shown(request, order_of(row.order_id), status=422, refuse_form=form)
    messages.success(request, _("退回了，照原来的办。"))
    return redirect("order", row.order_id)


def _propose(request: DeskRequest, row: Order, what: str, typed: dict[str, Any]) -> None:
    words = {"reason": typed["reason"], "document": typed["document"], "by": request.user, "at": request.now}
    if what == "longer":
        changing.propose_extension(row.pk, until=typed["until"].astimezone(ZONE), **words)
    elif what == "again":
        changing.propose_count_again(row.pk, Moment(typed["exposed_on"]), **words)
    else:
        key, _sign, version = typed["category"].partition("@")
        changing.propose_category(row.pk, key, version=_version(version), **words)


def _version(pk: str) -> PlanVersion | None:
    return PlanVersion.objects.get(pk=pk) if pk else None


def _change(pk: UUID) -> Change:
    return one_in_scope(Change.objects.filter(pk=pk))
