"""扫码出入库: a code scanned or typed, how many are there, where they go; what came in gets a code and a label."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.times import day_field, once, once_field
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.supplies.where import BESIDE, choices, lot_of, quantity_field, site_field, stores
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.supplies.models import ISSUED, MOVED, RETURNED, SPOILED, Item, Lot
from shouwang.supplies.moving import Delivery, Move, receive, record
from shouwang.supplies.rules import Units, expired, read_quantity
from shouwang.supplies.stock import lot_by_code, posts
from shouwang.supplies.units import ways_to_say

WAYS = (
    (ISSUED, gettext_lazy("发给岗位")),
    (RETURNED, gettext_lazy("岗位退回")),
    (MOVED, gettext_lazy("调到另一个库房")),
    (SPOILED, gettext_lazy("报废")),
)


class NoSuchCode(Refusal):
    code = "desk.no_such_code"
    sentence = "没有编码 {typed}。请看标签再输一次。"


class MoveForm(forms.Form):
    """What becomes of so many of a lot."""

    id = once_field()
    kind = forms.ChoiceField(label=gettext_lazy("怎么动"), choices=WAYS, widget=forms.RadioSelect)
    quantity = quantity_field()
    reason = forms.CharField(label=gettext_lazy("原因（报废要写）"), max_length=200, required=False)

    def __init__(self, area: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        shelves, used = stores(area), list(posts(area))
        self.fields["store"] = site_field(_("哪个库房"), shelves)
        self.fields["post"] = site_field(_("哪个岗位"), used, empty=_("不涉及岗位"))
        self.fields["to_store"] = site_field(_("调到哪个库房"), shelves, empty=_("不调库房"))

    def ends(self) -> tuple[UUID | None, UUID | None]:
        """From where and to where."""
        told = self.cleaned_data
        store, post, other = (
            UUID(told[name]) if told[name] else None for name in ("store", "post", "to_store")
        )
        return {
            ISSUED: (store, post), RETURNED: (post, store), MOVED: (store, other), SPOILED: (store, None)
        }[told["kind"]]  # fmt: skip


class ReceiveForm(forms.Form):
    """What came: which item, how many, until when it is good."""

    id = once_field()
    quantity = quantity_field()
    expires_on = day_field(gettext_lazy("到期日（能用到哪天）"))
    number = forms.CharField(label=gettext_lazy("批号（没有就空着）"), max_length=40, required=False)
    code = forms.CharField(
        label=gettext_lazy("箱上的条码（没有就空着，自动编）"), max_length=40, required=False
    )

    def __init__(self, area: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        items = Item.objects.filter(area_code=area).order_by("name")
        self.fields["item"] = forms.ChoiceField(label=_("什么物资"), choices=choices(items))
        self.fields["store"] = site_field(_("放进哪个库房"), stores(area))
        self.order_fields(["item", "quantity", "expires_on", "store"])


@page("supply.work")
def scanned(request: DeskRequest) -> HttpResponse:
    """A lot by its code, and what can be done with it."""
    area, typed = chosen_community(request).code, request.GET.get("code", "").strip()
    if not typed:
        return render(request, "supplies/scan.html", {})
    try:
        lot = lot_by_code(area, typed)
    except NotInScope:
        wrong = sentence(NoSuchCode(typed=typed[:40]))
        return render(request, "supplies/scan.html", {"wrong": wrong, "typed": typed[:40]}, status=404)
    form = MoveForm(area, request.POST or None, initial={**once(request.now), "kind": ISSUED})
    if request.method == "POST" and done(form, lambda typed: _moved(request, lot, form), BESIDE):
        messages.success(request, _("记下了。"))
        return redirect("goods_lot", lot.pk)
    return _lot_page(request, lot, form)


@page("supply.work")
def lot(request: DeskRequest, lot: UUID) -> HttpResponse:
    """The page of a lot is the page of its code."""
    return redirect(f"{reverse('goods_scan')}?code={lot_of(lot).code}")


@page("supply.work")
def came(request: DeskRequest) -> HttpResponse:
    """Goods came in: a lot with a code of its own."""
    area = chosen_community(request).code
    wanted = {**once(request.now), "item": request.GET.get("item", "")}
    form = ReceiveForm(area, request.POST or None, initial=wanted)
    made: list[Lot] = []

    def write(told: dict[str, Any]) -> None:
        made.extend(_received(request, told))

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("入库了，编码 {code}。").format(code=made[0].code))
        return redirect("goods_lot", made[0].pk)
    shown = {"form": form, "title": _("入库"), "nothing": not form.fields["store"].choices}  # type: ignore[attr-defined]
    return render(request, "supplies/form.html", shown, status=422 if form.errors else 200)


@page("supply.work")
def label(request: DeskRequest, lot: UUID) -> HttpResponse:
    """The label of a lot, to print and stick on the box."""
    row = lot_of(lot)
    address = request.build_absolute_uri(f"{reverse('goods_scan')}?code={row.code}")
    return render(request, "supplies/label.html", {"lot": row, "address": address})


def units_of(item: Item) -> Units:
    """In which units an item may be told."""
    pack = ways_to_say(item.pack) if item.pack else ()
    return Units(item.name, ways_to_say(item.unit), pack, item.in_pack or 0)


def _moved(request: DeskRequest, lot: Lot, form: MoveForm) -> None:
    told = form.cleaned_data
    source, target = form.ends()
    many = read_quantity(told["quantity"], units_of(lot.item))
    one = Move(lot.pk, told["kind"], many, source, target, reason=told["reason"], id=told["id"])
    record([one], by=request.user, at=request.now)


def _received(request: DeskRequest, told: dict[str, Any]) -> list[Lot]:
    item = one_in_scope(Item.objects.filter(pk=told["item"]))
    many = read_quantity(told["quantity"], units_of(item))
    one = Delivery(item.pk, many, told["expires_on"], told["number"], told["code"])
    return receive([one], store=UUID(told["store"]), by=request.user, at=request.now, id=told["id"])


def _lot_page(request: DeskRequest, row: Lot, form: MoveForm) -> HttpResponse:
    shown = {
        "lot": row, "form": form, "balances": row.balances.filter(quantity__gt=0).select_related("site"),
        "over": expired(row.expires_on, request.now.date()),
    }  # fmt: skip
    return render(request, "supplies/lot.html", shown, status=422 if form.errors else 200)
