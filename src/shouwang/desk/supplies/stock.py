"""物资: what there is, for how many days; one item with its lots; every movement."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.times import once, once_field
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.supplies.where import BESIDE
from shouwang.desk.wording import in_language
from shouwang.lib.errors import NotInScope
from shouwang.supplies.alarms import ask_for
from shouwang.supplies.keeping import add_item, set_minimum
from shouwang.supplies.lending import loans
from shouwang.supplies.models import Asked, DrawList, Item, Movement
from shouwang.supplies.stock import Stock, lots_of, movements, norms_of, stock
from shouwang.supplies.units import counted

PAGE, RECENT = 50, 20
LABELS = {
    "name": gettext_lazy("叫什么"),
    "unit": gettext_lazy("按什么数（个、瓶、支）"),
    "kind": gettext_lazy("预案里的哪一种"),
    "pack": gettext_lazy("大包装叫什么（箱，没有就空着）"),
    "in_pack": gettext_lazy("一个大包装里有几个"),
    "minimum": gettext_lazy("少于多少要申请"),
    "expires": gettext_lazy("有保质期"),
    "comes_back": gettext_lazy("借出去要还"),
}


class ItemForm(forms.Form):
    """A kind of thing and how it is counted."""

    name = forms.CharField(label=LABELS["name"], max_length=40)
    unit = forms.CharField(label=LABELS["unit"], max_length=8)
    kind = forms.ChoiceField(label=LABELS["kind"], required=False)
    pack = forms.CharField(label=LABELS["pack"], max_length=8, required=False)
    in_pack = forms.IntegerField(label=LABELS["in_pack"], min_value=2, max_value=100000, required=False)
    minimum = forms.IntegerField(label=LABELS["minimum"], min_value=0, max_value=10_000_000, required=False)
    expires = forms.BooleanField(label=LABELS["expires"], required=False)
    comes_back = forms.BooleanField(label=LABELS["comes_back"], required=False)

    def __init__(self, kinds: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("预案里没有")), *kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A pack and how many it holds are told together."""
        told = super().clean() or {}
        if bool(told.get("pack")) != bool(told.get("in_pack")):
            self.add_error("in_pack", _("大包装和里面有几个，要么都写，要么都空着。"))
        return told


class MinimumForm(forms.Form):
    """From how few on somebody asks for more."""

    minimum = forms.IntegerField(label=LABELS["minimum"], min_value=0, max_value=10_000_000, required=False)


class AskForm(forms.Form):
    """How many more, of whom."""

    id = once_field()
    quantity = forms.IntegerField(label=gettext_lazy("申请多少"), min_value=1, max_value=10_000_000)
    of_whom = forms.CharField(label=gettext_lazy("向谁申请"), max_length=60)


def taken(request: DeskRequest) -> Listing:
    """What there is, to take away."""
    rows = ([one.item.name, one.good, counted(one.item.unit), one.used, one.days, one.bad, one.item.minimum] for one in
            stock(chosen_community(request).code, now=request.now))  # fmt: skip
    headings = (
        _("物资"),
        _("能用的"),
        _("单位"),
        _("24 小时用了"),
        _("还够几天"),
        _("过期的"),
        _("少于多少要申请"),
    )
    return Listing(_("物资"), headings, rows, chosen_community(request).code)


@page("supply.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """Every item: how many, for how many days, what runs short."""
    area = chosen_community(request).code
    rows = stock(area, now=request.now)
    lists = DrawList.objects.filter(area_code=area, at=None, void_at=None)
    shown = {
        "rows": sorted(rows, key=lambda one: (not one.short, not one.bad, one.item.name)),
        "short": sum(one.short for one in rows), "bad": sum(bool(one.bad) for one in rows),
        "lists": lists.count(), "loans": loans(area).count(),
    }  # fmt: skip
    return render(request, "supplies/stock.html", shown)


@page("supply.work")
def new(request: DeskRequest) -> HttpResponse:
    """A kind of thing that is not kept yet."""
    area = chosen_community(request).code
    kinds = [(key, in_language(norm.words)) for key, norm in norms_of(area, now=request.now).items()]
    form = ItemForm(kinds, request.POST or None)
    made: list[Item] = []

    def write(typed: dict[str, Any]) -> None:
        made.append(add_item(area, by=request.user, at=request.now, **typed))

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("{name}建好了。").format(name=made[0].name))
        return redirect("goods_item", made[0].pk)
    status = 422 if form.errors else 200
    return render(request, "supplies/form.html", {"form": form, "title": _("新的一种物资")}, status=status)


@page("supply.work")
def opened(request: DeskRequest, item: UUID) -> HttpResponse:
    """One item: where it lies, what is asked for, what moved; its minimum."""
    row = item_of(item)
    minimum, ask = _minimum(request, row), _ask(request, row)
    if request.method == "POST" and (minimum is None or ask is None):
        return redirect("goods_item", row.pk)
    one: Stock = next(iter(stock(row.area_code, now=request.now, items=[row.pk])))
    moved = list(movements(row.area_code, item=row.pk)[:RECENT])
    shown = {
        "one": one, "item": row, "moved": moved, "minimum_form": minimum, "ask_form": ask,
        "asked": Asked.objects.filter(item=row, void_at=None).select_related("by").order_by("-at")[:5],
        "today": request.now.date(),
        "balances": list(lots_of(row.pk)),
    }  # fmt: skip
    return render(request, "supplies/item.html", shown, status=200 if request.method == "GET" else 422)


def moved(request: DeskRequest) -> Listing:
    """The ledger, to take away."""
    headings = (_("时间"), _("什么"), _("物资"), _("编码"), _("数量"), _("从"), _("到"), _("谁"), _("原因"))
    return Listing(
        _("物资流水"),
        headings,
        map(_cells, movements(chosen_community(request).code).iterator()),
        chosen_community(request).code,
    )


@page("supply.work")
@exports(moved)
def ledger(request: DeskRequest) -> HttpResponse:
    """Every movement, newest first, page by page."""
    after = request.GET.get("after", "")
    rows = movements(chosen_community(request).code)
    if after:
        last = Movement.objects.filter(pk=_uuid(after)).first()
        rows = rows.filter(at__lte=last.at).exclude(at=last.at, id__gte=last.pk) if last else rows
    found = list(rows[: PAGE + 1])
    more = f"after={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    shown = {"moved": found[:PAGE], "more": more, "from_start": "from=start" if after else ""}
    return render(request, "supplies/ledger.html", shown)


def item_of(pk: UUID) -> Item:
    """One item. Raises: NotInScope."""
    return one_in_scope(Item.objects.filter(pk=pk))


def _minimum(request: DeskRequest, row: Item) -> MinimumForm | None:
    """The form; nothing once it was done."""
    if "set" not in request.POST:
        return MinimumForm(initial={"minimum": row.minimum})
    form = MinimumForm(request.POST)

    def write(typed: dict[str, Any]) -> None:
        set_minimum(row.pk, typed["minimum"], by=request.user, at=request.now)

    return None if done(form, write, BESIDE) else form


def _ask(request: DeskRequest, row: Item) -> AskForm | None:
    """The form; nothing once it was done."""
    if "ask" not in request.POST:
        return AskForm(initial=once(request.now))
    form = AskForm(request.POST)

    def write(typed: dict[str, Any]) -> None:
        ask_for(row.pk, by=request.user, at=request.now, **typed)

    if not done(form, write, BESIDE):
        return form
    messages.success(request, _("申请记下了。"))
    return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as wrong:
        raise NotInScope() from wrong


def _cells(row: Movement) -> list[object]:
    return [
        row.at, _(row.get_kind_display()), row.lot.item.name, row.lot.code, row.quantity,
        row.from_site.name if row.from_site else "", row.to_site.name if row.to_site else "",
        row.by.name if row.by else "", row.reason,
    ]  # fmt: skip
