"""居家隔离: seven numbers, each opening its list on the same page."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.isolation.named import category_of, name_of
from shouwang.isolation.models import Order
from shouwang.isolation.overview import LISTS, in_order, open_needs
from shouwang.lib.errors import NotInScope

PAGE, TAKEN_AT_ONCE = 50, 1000
WORDS = {
    "held": _("正在隔离"),
    "waiting": _("等决定"),
    "telling": _("今天要上门告知"),
    "missing": _("还没报体温"),
    "today": _("今天到期"),
    "tomorrow": _("明天到期"),
    "objected": _("有异议没答复"),
}
EMPTY = {
    "held": _("现在没有人在隔离。"),
    "waiting": _("没有等决定的请求。"),
    "telling": _("都上门告知过了。"),
    "missing": _("这一次的体温都报了。"),
    "today": _("今天没有人到期。"),
    "tomorrow": _("明天没有人到期。"),
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
    counts = {key: rows(request.now).count() for key, rows in LISTS.items()}
    rows = in_order(LISTS[which](request.now)).select_related("household")[
        number * PAGE : (number + 1) * PAGE
    ]
    found = {
        "tiles": [_tile(key, counts[key], which) for key in LISTS] + [_needs_tile()],
        "which": which, "words": WORDS[which], "empty": EMPTY[which], "count": counts[which],
        "rows": [(row, name_of(request, row.person), category_of(row)) for row in rows],
        "may": request.grants.may,
        "more": f"which={which}&page={number + 1}" if counts[which] > (number + 1) * PAGE else "",
        "from_start": f"which={which}" if number else "",
    }  # fmt: skip
    return render(request, "isolation/overview.html", found)


def _tile(key: str, number: int, chosen: str) -> Tile:
    tone = "overdue" if number and key in ("missing", "waiting", "objected", "telling") else "left"
    return Tile(WORDS[key], number, f"{reverse('isolation')}?which={key}", key == chosen, tone)


def _needs_tile() -> Tile:
    return Tile(_("代办没办完"), open_needs().count(), reverse("needs"), False, "left")


def _which(request: DeskRequest) -> str:
    """Raises: NotInScope for a list that is none."""
    which = request.GET.get("which", "held")
    if which not in LISTS:
        raise NotInScope()
    return which


def _page_number(request: DeskRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0


def _cells(request: DeskRequest, rows: Iterator[Order]) -> Iterator[list[object]]:
    for row in rows:
        name, home = name_of(request, row.person), row.household
        yield [name, f"{home.compound} {home.door}", category_of(row), row.until, row.decided_at]
