"""The lists that the register opens: who needs help, empty doors, doors of which nobody knows, rows that may be one."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from shouwang.desk.board import chosen_area, trail
from shouwang.desk.doors import DeskRequest, page
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope
from shouwang.register.joining.duplicates import suspected_duplicates
from shouwang.register.models import HELPS, Person
from shouwang.register.queries import empty_doors, people_with_help, unknown_doors

PAGE = 50
WORDS = {"empty": _("空户"), "unknown": _("没登记人的户"), **{name: _(words) for name, words in HELPS}}


@page("register.read")
def listed(request: DeskRequest) -> HttpResponse:
    """One list, in the order of the buildings."""
    which, area = request.GET.get("which", ""), chosen_area(request)
    if which not in WORDS:
        raise NotInScope()
    rows, number = _rows(which, area), _page_number(request)
    shown = list(rows[number * PAGE : (number + 1) * PAGE + 1])
    found = {
        "which": which,
        "words": WORDS[which],
        "people": which in dict(HELPS),
        "rows": shown[:PAGE],
        "count": rows.count(),
        "trail": trail(area, request.grants),
        "more": _query(request, number + 1) if len(shown) > PAGE else "",
        "from_start": _query(request, 0) if number else "",
    }
    return render(request, "living/list.html", found)


@page("register.read")
def doubled(request: DeskRequest) -> HttpResponse:
    """疑似重复: pairs that may be one person, for somebody who knows."""
    communities = sorted({community_of(code) for code in request.grants.codes if len(code) >= 12})
    pairs = [pair for community in communities[:1] for pair in suspected_duplicates(community)]
    number = _page_number(request)
    shown = pairs[number * PAGE : (number + 1) * PAGE]
    rows = Person.objects.select_related("household").in_bulk(
        {one for pair in shown for one in (pair.one, pair.other)}
    )
    found = {
        "pairs": [{"why": pair.why, "rows": (rows[pair.one], rows[pair.other])} for pair in shown],
        "count": len(pairs),
        "may": request.grants.may,
        "more": _query(request, number + 1) if len(pairs) > (number + 1) * PAGE else "",
        "from_start": _query(request, 0) if number else "",
    }
    return render(request, "living/duplicates.html", found)


def _rows(which: str, area: str) -> QuerySet:
    if which == "empty":
        return empty_doors(area)
    return unknown_doors(area) if which == "unknown" else people_with_help(area, which)


def _page_number(request: DeskRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0


def _query(request: DeskRequest, number: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(number)
    return asked.urlencode()
