"""借出: who has what until when; it comes back, or somebody says why not."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.times import in_zone, moment_field, once, once_field
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.supplies.where import BESIDE, site_field, stores
from shouwang.supplies.lending import give_up, lend, loans, still_out, take_back
from shouwang.supplies.models import Loan
from shouwang.supplies.stock import lot_by_code

PAGE = 100


class LendForm(forms.Form):
    """What is lent to whom until when."""

    id = once_field()
    code = forms.CharField(label=gettext_lazy("编码（扫标签或者输入）"), max_length=200)
    quantity = forms.IntegerField(label=gettext_lazy("几件"), min_value=1, max_value=100_000, initial=1)
    borrower = forms.CharField(label=gettext_lazy("借给谁（姓名或门牌）"), max_length=64)
    due_at = moment_field(gettext_lazy("什么时候前还"))

    def __init__(self, area: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["store"] = site_field(_("从哪个库房借"), stores(area))


class BackForm(forms.Form):
    """How many came back."""

    quantity = forms.IntegerField(label=gettext_lazy("还了几件"), min_value=1, max_value=100_000)

    def __init__(self, area: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["store"] = site_field(_("放回哪个库房"), stores(area))


class LostForm(forms.Form):
    """Why it will not come back."""

    reason = forms.CharField(label=gettext_lazy("为什么还不了"), max_length=100)


def taken(request: DeskRequest) -> Listing:
    """What is out, to take away."""
    rows = (
        [one.lot.item.name, one.quantity, one.borrower, one.due_at]
        for one in loans(chosen_community(request).code)
    )
    return Listing(
        _("借出"),
        (_("物资"), _("几件"), _("借给谁"), _("什么时候前还")),
        rows,
        chosen_community(request).code,
    )


@page("supply.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """What is out, the next due first; something more is lent here."""
    area = chosen_community(request).code
    form = LendForm(area, request.POST or None, initial=once(request.now))

    def write(told: dict[str, Any]) -> None:
        lot = lot_by_code(area, told["code"])
        lend(
            lot.pk, store=UUID(told["store"]), quantity=told["quantity"], borrower=told["borrower"],
            due_at=in_zone(told["due_at"]), by=request.user, at=request.now, id=told["id"],
        )  # fmt: skip

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("借出了，到时候会提醒。"))
        return redirect("goods_loans")
    shown = {"rows": loans(area)[:PAGE], "form": form}
    return render(request, "supplies/loans.html", shown, status=422 if form.errors else 200)


@page("supply.work")
def opened(request: DeskRequest, loan: UUID) -> HttpResponse:
    """One loan: it is back, in part or whole, or it is lost."""
    row = _loan(loan)
    back = BackForm(
        row.area_code, request.POST if "back" in request.POST else None, initial={"quantity": still_out(row)}
    )
    lost = LostForm(request.POST if "lost" in request.POST else None)

    def bring(told: dict[str, Any]) -> None:
        take_back(
            row.pk, store=UUID(told["store"]), quantity=told["quantity"], by=request.user, at=request.now
        )

    def lose(told: dict[str, Any]) -> None:
        give_up(row.pk, reason=told["reason"], by=request.user, at=request.now)

    if (back.is_bound and done(back, bring, BESIDE)) or (lost.is_bound and done(lost, lose, BESIDE)):
        messages.success(request, _("记下了。"))
        return redirect("goods_loans")
    shown = {"loan": row, "out": still_out(row), "back_form": back, "lost_form": lost}
    return render(request, "supplies/loan.html", shown, status=422 if back.errors or lost.errors else 200)


def _loan(pk: UUID) -> Loan:
    return one_in_scope(Loan.objects.select_related("lot__item", "lent_by", "taken_back_by").filter(pk=pk))
