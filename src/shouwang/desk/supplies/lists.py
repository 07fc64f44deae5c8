"""领用单: what each post gets, by when; made from the plan's norms, handed out in one tap, printed."""

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
from shouwang.desk.running.sent import sent
from shouwang.desk.supplies.where import BESIDE, site_field, stores
from shouwang.desk.wording import in_language
from shouwang.lib.clock import day_end
from shouwang.plans.actions import plan_of
from shouwang.supplies.drawing import Need, by_norms, draw, given_of, hand_out, strike, unset_norms
from shouwang.supplies.models import DrawLine, DrawList, Item, Site
from shouwang.supplies.stock import posts
from shouwang.supplies.units import counted

PAGE = 50
MOST = 9_999_999


class DrawForm(forms.Form):
    """Who gets how many of what, by when. Shape: one number for each post and item, named `need-post-item`."""

    id = once_field()
    title = forms.CharField(label=gettext_lazy("这张单叫什么"), max_length=60)
    due_at = moment_field(gettext_lazy("什么时候前发齐"))

    def __init__(
        self, area: str, table: list[tuple[Site, list[tuple[Item, int]]]], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["store"] = site_field(_("从哪个库房发"), stores(area))
        self.table = []
        for site, items in table:
            cells = []
            for item, many in items:
                name = f"need-{site.pk}-{item.pk}"
                field = forms.IntegerField(
                    label=f"{item.name}（{counted(item.unit)}）",
                    min_value=0,
                    max_value=MOST,
                    required=False,
                    initial=many or None,
                )
                self.fields[name] = field
                cells.append((item, self[name]))
            self.table.append((site, cells))

    def needs(self) -> list[Need]:
        """What was typed, post by post."""
        told = self.cleaned_data
        return [
            Need(site.name, item.name, told.get(field.name) or 0, site.area_code, site.heads)
            for site, cells in self.table
            for item, field in cells
        ]


class StrikeForm(forms.Form):
    """Why it is not wanted."""

    reason = forms.CharField(label=gettext_lazy("为什么作废"), max_length=100)


@page("supply.work")
def listed(request: DeskRequest) -> HttpResponse:
    """The lists, what is still to be handed out first."""
    rows = DrawList.objects.filter(area_code=chosen_community(request).code).select_related("store")
    shown = {
        "waiting": rows.filter(at=None, void_at=None).order_by("due_at"),
        "over": rows.exclude(at=None, void_at=None).order_by("-due_at")[:PAGE],
    }
    return render(request, "supplies/lists.html", shown)


@page("supply.work")
def new(request: DeskRequest) -> HttpResponse:
    """A list, filled in as the plan's norms and the heads of the posts say; every number can be changed."""
    area = chosen_community(request).code
    begins = {**once(request.now), "title": _("明天早上"), "due_at": _tomorrow(request, area)}
    form = DrawForm(area, _table(request, area), request.POST or None, initial=begins)
    made: list[DrawList] = []

    def write(told: dict[str, Any]) -> None:
        due = in_zone(told["due_at"])
        made.append(
            draw(
                area, form.needs(), title=told["title"], due_at=due, store=UUID(told["store"]), by=request.user,
                at=request.now, id=told["id"],
            )
        )  # fmt: skip

    if request.method == "POST" and done(form, write, BESIDE):
        return redirect("goods_list", made[0].pk)
    head = [form[name] for name in ("title", "due_at", "store")]
    shown = {
        "form": form,
        "head": head,
        "unset": [in_language(norm.words) for norm in unset_norms(area, now=request.now)],
    }
    return render(request, "supplies/list_new.html", shown, status=422 if form.errors else 200)


def taken(request: DeskRequest, draw_list: UUID) -> Listing:
    """The lines of a list, to take away."""
    row = list_of(draw_list)
    lines = (
        [line.site.name, line.item.name, line.needed, given, counted(line.item.unit)]
        for line, given in _lines(row)
    )
    headings = (_("岗位"), _("物资"), _("要领"), _("已发"), _("单位"))
    return Listing(row.title, headings, lines, row.area_code)


@page("supply.work")
@exports(taken)
def opened(request: DeskRequest, draw_list: UUID) -> HttpResponse:
    """A list: what each post gets and got; one tap hands out the rest."""
    return _shown(request, list_of(draw_list), StrikeForm())


@page("supply.work")
def printed(request: DeskRequest, draw_list: UUID) -> HttpResponse:
    """The list on paper, post by post, with room for a name."""
    row = list_of(draw_list)
    return render(request, "supplies/list_sheet.html", {"list": row, "posts": _by_post(_lines(row))})


@page("supply.work")
@sent("goods_lists")
def handed_out(request: DeskRequest, draw_list: UUID) -> HttpResponse:
    """按单发齐."""
    row = list_of(draw_list)
    if row.at:
        return redirect("goods_list", row.pk)  # tapped twice
    short = hand_out(row.pk, by=request.user, at=request.now)
    if short:
        words = "、".join(
            f"{one.line.site.name} {one.line.item.name} {one.missing} {counted(one.line.item.unit, one.missing)}"
            for one in short
        )
        messages.error(request, _("库房不够，还缺：{words}").format(words=words))
    else:
        messages.success(request, _("全部发齐了。"))
    return redirect("goods_list", row.pk)


@page("supply.work")
@sent("goods_lists")
def struck(request: DeskRequest, draw_list: UUID) -> HttpResponse:
    """Not wanted any more."""
    row, form = list_of(draw_list), StrikeForm(request.POST)
    if row.void_at:
        return redirect("goods_lists")  # sent twice

    def write(told: dict[str, Any]) -> None:
        strike(row.pk, reason=told["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return _shown(request, row, form, status=422)
    messages.success(request, _("作废了。"))
    return redirect("goods_lists")


def list_of(pk: UUID) -> DrawList:
    """One list. Raises: NotInScope."""
    return one_in_scope(DrawList.objects.select_related("store", "made_by", "issued_by").filter(pk=pk))


def _shown(request: DeskRequest, row: DrawList, form: StrikeForm, *, status: int = 200) -> HttpResponse:
    shown = {
        "list": row,
        "posts": _by_post(_lines(row)),
        "form": form,
        "open": not row.at and not row.void_at,
    }
    return render(request, "supplies/list.html", shown, status=status)


def _lines(row: DrawList) -> list[tuple[DrawLine, int]]:
    given = given_of(row)
    lines = row.lines.select_related("site", "item").order_by("site__name", "item__name")
    return [(line, given.get(line.pk, 0)) for line in lines]


def _by_post(lines: list[tuple[DrawLine, int]]) -> list[tuple[Site, list[tuple[DrawLine, int]]]]:
    found: dict[UUID, tuple[Site, list[tuple[DrawLine, int]]]] = {}
    for line, given in lines:
        found.setdefault(line.site_id, (line.site, []))[1].append((line, given))
    return list(found.values())


def _table(request: DeskRequest, area: str) -> list[tuple[Site, list[tuple[Item, int]]]]:
    """Every post with every item, filled in as the norms say."""
    items = list(Item.objects.filter(area_code=area, comes_back=False).order_by("name"))
    norm = {(need.post, need.kind): need.quantity for need in by_norms(area, now=request.now)}
    return [(site, [(item, norm.get((site.name, item.kind), 0)) for item in items]) for site in posts(area)]


def _tomorrow(request: DeskRequest, area: str) -> object:
    """The plan's hour of tomorrow morning."""
    plan = plan_of(area, now=request.now)
    hour = plan.testing.supplies_drawn_by if plan and plan.testing else None
    begins = day_end(request.now)
    return begins.replace(hour=hour.hour, minute=hour.minute) if hour else begins.replace(hour=7)
