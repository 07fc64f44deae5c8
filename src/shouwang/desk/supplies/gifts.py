"""捐赠: a receipt with a number, a letter of thanks, and what became of what was given."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.times import day_field, once, once_field
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.desk.supplies.scanning import units_of
from shouwang.desk.supplies.where import BESIDE, choices, site_field, stores
from shouwang.outreach.channels import community_ways
from shouwang.supplies.giving import became_of, gifts, give, thank
from shouwang.supplies.models import Donation, Item
from shouwang.supplies.moving import Delivery
from shouwang.supplies.rules import read_quantity

PAGE, LINES = 100, 3


class GiftForm(forms.Form):
    """Who gave what. Shape: up to three kinds of goods; what cannot be counted stands in words."""

    id = once_field()
    donor = forms.CharField(label=gettext_lazy("谁捐的"), max_length=64)
    in_private = forms.BooleanField(label=gettext_lazy("不愿意公开名字"), required=False)
    words = forms.CharField(
        label=gettext_lazy("别的（数不清的、借用的房子、水电）"), max_length=200, required=False
    )

    def __init__(self, area: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = {str(item.pk): item for item in Item.objects.filter(area_code=area).order_by("name")}
        self.rows = []
        for turn in range(LINES):
            self.fields[f"item-{turn}"] = forms.ChoiceField(
                label=_("物资"), required=False, choices=choices(self.items.values(), _("没有"))
            )
            self.fields[f"quantity-{turn}"] = forms.CharField(label=_("数量"), max_length=16, required=False)
            self.fields[f"expires-{turn}"] = day_field(_("到期日"))
            self.rows.append([self[f"{name}-{turn}"] for name in ("item", "quantity", "expires")])
        self.fields["store"] = site_field(_("放进哪个库房"), stores(area), empty=_("没有实物"))

    def deliveries(self) -> list[Delivery]:
        """The goods in their own units. Raises: UnknownUnit."""
        told = self.cleaned_data
        found = []
        for turn in range(LINES):
            item = self.items.get(told[f"item-{turn}"])
            if item:
                expires: date | None = told[f"expires-{turn}"]
                many = read_quantity(told[f"quantity-{turn}"], units_of(item))
                found.append(Delivery(item.pk, many, expires))
        return found


def taken(request: DeskRequest) -> Listing:
    """What was given, to take away."""
    rows = (
        [one.number, one.at, _shown_as(one), _goods(one), one.words]
        for one in gifts(chosen_community(request).code)
    )
    return Listing(
        _("捐赠"),
        (_("收据号"), _("时间"), _("谁捐的"), _("物资"), _("别的")),
        rows,
        chosen_community(request).code,
    )


@page("supply.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """Everything that was given, newest first."""
    rows = [(one, _goods(one)) for one in gifts(chosen_community(request).code)[:PAGE]]
    return render(request, "supplies/gifts.html", {"rows": rows})


@page("supply.work")
def new(request: DeskRequest) -> HttpResponse:
    """Somebody brought something."""
    area = chosen_community(request).code
    shelves = stores(area)
    first = {**once(request.now), "store": str(shelves[0].pk) if shelves else ""}
    form = GiftForm(area, request.POST or None, initial=first)
    made: list[Donation] = []

    def write(told: dict[str, Any]) -> None:
        store = UUID(told["store"]) if told["store"] else None
        made.append(
            give(
                area, donor=told["donor"], deliveries=form.deliveries(), store=store, words=told["words"],
                in_private=told["in_private"], by=request.user, at=request.now, id=told["id"],
            )
        )  # fmt: skip

    if request.method == "POST" and done(form, write, BESIDE):
        return redirect("gift", made[0].pk)
    return render(request, "supplies/gift_new.html", {"form": form}, status=422 if form.errors else 200)


@page("supply.work")
def opened(request: DeskRequest, gift: UUID) -> HttpResponse:
    """One gift: its receipt, the thanks, what became of it."""
    row = _gift(gift)
    shown = {"gift": row, "fates": became_of(row), "office": community_ways(row.area_code).office}
    return render(request, "supplies/gift.html", shown)


@page("supply.work")
def receipt(request: DeskRequest, gift: UUID) -> HttpResponse:
    """The receipt and the thanks, one page to print."""
    row = _gift(gift)
    shown = {"gift": row, "fates": became_of(row), "office": community_ways(row.area_code).office}
    return render(request, "supplies/receipt.html", shown)


@page("supply.work")
@sent("gifts")
def thanked(request: DeskRequest, gift: UUID) -> HttpResponse:
    """The letter was handed over, or the message was sent."""
    row = _gift(gift)
    thank(row.pk, by=request.user, at=request.now)
    messages.success(request, _("记下了，已经谢过。"))
    return redirect("gift", row.pk)


def _gift(pk: UUID) -> Donation:
    return one_in_scope(Donation.objects.select_related("by", "thanked_by").filter(pk=pk))


def _shown_as(one: Donation) -> str:
    return _("爱心人士") if one.in_private else one.donor


def _goods(one: Donation) -> str:
    return "、".join(lot.item.name for lot in one.lots.all())
