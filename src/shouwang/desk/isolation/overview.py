"""居家隔离: a dozen numbers, each opening its list on the same page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwang.desk.asked.numbers import place_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.isolation.named import category_of, name_of
from shouwang.isolation.models import Order
from shouwang.isolation.needs.reaching import worst
from shouwang.isolation.overview import LISTS, counts, in_order, open_needs
from shouwang.lib.errors import NotInScope
from shouwang.plans.actions import plan_of

PAGE, TAKEN_AT_ONCE = 50, 1000
WORDS = {
    "held": _("正在隔离"),
    "waiting": _("等决定"),
    "telling": _("今天要上门告知"),
    "homes": _("家里没核实"),
    "missing": _("还没报体温"),
    "today": _("今天到期"),
    "late": _("到期没告知解除"),
    "tomorrow": _("明天到期"),
    "soon": _("七天内到期"),
    "approve": _("更改等批准"),
    "welcome": _("解除后没问候"),
    "objected": _("有异议没答复"),
}
EMPTY = {
    "held": _("现在没有人在隔离。"),
    "waiting": _("没有等决定的请求。"),
    "telling": _("都上门告知过了。"),
    "homes": _("隔离的人家里都核实过了。"),
    "missing": _("这一次的体温都报了。"),
    "today": _("今天没有人到期。"),
    "late": _("到期的都告知解除了。"),
    "tomorrow": _("明天没有人到期。"),
    "soon": _("七天内没有人到期。"),
    "approve": _("没有等批准的更改。"),
    "welcome": _("解除的人都问候过了。"),
    "objected": _("没有等答复的异议。"),
}
HEADINGS = (_("姓名"), _("门牌"), _("类别"), _("到什么时候"), _("决定的时间"))


@dataclass(frozen=True)
class Tile:
    """One number, its words, and the list that it opens."""

    words: Promise | str
    number: int
    address: str
    chosen: bool
    tone: str


def taken(request: DeskRequest) -> Listing:
    """The whole of one list, to take away."""
    which = _which(request)
    rows = in_order(LISTS[which](request.now)).select_related("household")
    return Listing(WORDS[which], HEADINGS, _cells(request, rows.iterator(chunk_size=TAKEN_AT_ONCE)))


@page("isolation.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """The numbers, and the people behind the one that was opened."""
    which, number = _which(request), _page_number(request)
    numbers = counts(request.now)
    rows = in_order(LISTS[which](request.now)).select_related("household")[
        number * PAGE : (number + 1) * PAGE
    ]
    found = {
        "tiles": [_tile(key, numbers[key], which) for key in LISTS] + [_needs_tile(), _reached_tile(request.now)],
        "which": which, "words": WORDS[which], "empty": EMPTY[which], "count": numbers[which],
        "rows": [(row, name_of(request, row.person), category_of(row)) for row in rows],
        "may": request.grants.may,
        "more": f"which={which}&page={number + 1}" if numbers[which] > (number + 1) * PAGE else "",
        "from_start": f"which={which}" if number else "",
    }  # fmt: skip
    return render(request, "isolation/overview.html", found)


def _tile(key: str, number: int, chosen: str) -> Tile:
    tone = (
        "overdue"
        if number and key in ("missing", "waiting", "objected", "telling", "homes", "late", "approve")
        else "left"
    )
    return Tile(WORDS[key], number, f"{reverse('isolation')}?which={key}", key == chosen, tone)


def _needs_tile() -> Tile:
    return Tile(_("代办没办完"), open_needs().count(), reverse("needs"), False, "left")


def _reached_tile(now: datetime) -> Tile:
    """The longest that nothing has reached a door: red beyond the plan's days."""
    days, area = worst(now=now) or (0, "")
    plan = plan_of(area, now=now) if area else None
    alarm = plan.isolation.no_delivery_alarm_days if plan and plan.isolation else None
    tone = "overdue" if alarm and days >= alarm else "left"
    return Tile(_("最久几天没送到东西"), days, reverse("doors_reached"), False, tone)


def _which(request: DeskRequest) -> str:
    """Raises: NotInScope for a list that is none."""
    which = request.GET.get("which", "held")
    if which not in LISTS:
        raise NotInScope()
    return which


def _page_number(request: DeskRequest) -> int:
    return place_number(request.GET.get("page", ""))


def _cells(request: DeskRequest, rows: Iterator[Order]) -> Iterator[list[object]]:
    for row in rows:
        name, home = name_of(request, row.person), row.household
        yield [name, f"{home.compound} {home.door}", category_of(row), row.until, row.decided_at]
