"""盘点: the shelf beside the book, lot by lot; a difference needs a reason."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.asked.times import once, once_field
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.supplies.where import BESIDE, stores, uuid_of
from shouwang.lib.errors import NotInScope
from shouwang.supplies.counting import count
from shouwang.supplies.models import Balance, Site, StockCount
from shouwang.supplies.stock import lying_in

MOST = 300


class CountForm(forms.Form):
    """How many of each lot were found. Shape: one number for each lot, named `lot-…`, as the book says until changed."""

    id = once_field()
    reason = forms.CharField(
        label=gettext_lazy("对不上的原因（全对上就不用写）"), max_length=200, required=False
    )

    def __init__(self, balances: list[Balance], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = []
        for row in balances:
            self.fields[f"lot-{row.lot_id}"] = forms.IntegerField(
                label=row.lot.item.name, min_value=0, max_value=9_999_999, initial=row.quantity
            )
            self.lines.append((row, self[f"lot-{row.lot_id}"]))

    def found(self) -> dict[UUID, int]:
        """What was counted, by lot."""
        return {row.lot_id: self.cleaned_data[field.name] for row, field in self.lines}


@page("supply.work")
def counted(request: DeskRequest) -> HttpResponse:
    """A store as the book knows it; what was found is typed beside it."""
    shelves = stores(chosen_community(request).code)
    store = _chosen(request, shelves)
    if store is None:
        return render(request, "supplies/count.html", {"stores": [], "store": None})
    form = CountForm(list(lying_in(store.pk)[:MOST]), request.POST or None, initial=once(request.now))
    made: list[StockCount] = []

    def write(told: dict[str, Any]) -> None:
        made.append(
            count(
                store.pk, form.found(), reason=told["reason"], by=request.user, at=request.now, id=told["id"]
            )
        )

    if request.method == "POST" and done(form, write, BESIDE):
        said = _("盘好了：{lots} 批，{differing} 批对不上。")
        messages.success(request, said.format(lots=made[0].lots, differing=made[0].differing))
        return redirect("goods")
    last = StockCount.objects.filter(site=store).select_related("by").order_by("-at").first()
    shown = {"form": form, "store": store, "stores": shelves, "last": last}
    return render(request, "supplies/count.html", shown, status=422 if form.errors else 200)


def _chosen(request: DeskRequest, shelves: list[Site]) -> Site | None:
    asked = request.POST.get("store") or request.GET.get("store", "")
    if not asked:
        return shelves[0] if shelves else None
    found = next((one for one in shelves if one.pk == uuid_of(asked)), None)
    if found is None:  # never the shelf beside it: a count changes what the book says
        raise NotInScope()
    return found
