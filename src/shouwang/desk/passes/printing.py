"""打印: cards of a building on A4 with lines to cut along, from the top floor down, as somebody carries them from door to door."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Left
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.passes.where import Line, areas_of, community_of_page, lines_of, passes, plan_here
from shouwang.desk.wording import in_language
from shouwang.lib.codes import BUILDING, COMPOUND, subtree
from shouwang.outreach.channels import community_ways
from shouwang.plans.form.fieldwork import Pass as Kind
from shouwang.plans.schema import Plan
from shouwang.register.floors import blocks
from shouwang.register.models import Household
from shouwang.standing.cards import kinds_of, open_at, token_of
from shouwang.standing.models import Pass
from shouwang.standing.passes import printed

A_RUN = 400
"""So many cards are made ready at once: forty sheets of paper."""
# Said as well as seen: a copy is grey, and some people see no colours.
COLOURS = {
    "red": gettext_lazy("红色"), "yellow": gettext_lazy("黄色"), "green": gettext_lazy("绿色"), "blue": gettext_lazy("蓝色"),
    "white": gettext_lazy("白色"), "orange": gettext_lazy("橙色"),
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A card as it is printed."""

    line: Line
    words: str
    colour: str
    often: str
    scanned: str


@page("pass.issue")
def choose(request: DeskRequest) -> HttpResponse:
    """The buildings, each with how many cards are not on paper yet."""
    codes = dict(areas_of(request))
    rows = (
        open_at(request.now)
        .filter(printed_at=None, lost_at=None)
        .annotate(building=Left("area_code", BUILDING))
    )
    counts = dict(rows.values_list("building").annotate(many=Count("id")).order_by("building"))
    waiting = [
        (code, codes.get(code) or codes.get(code[:COMPOUND], code), many) for code, many in counts.items()
    ]
    asked = request.GET.get("area", "")
    waiting.sort(key=lambda one: not (asked and one[0].startswith(asked)))
    return render(request, "passes/print.html", {"waiting": waiting, "asked": asked, "here": "print"})


@page("pass.issue")
def sheet(request: DeskRequest) -> HttpResponse:
    """The cards of an area or one card; whoever says that they are on paper takes them off the list."""
    rows = _wanted(request)
    if request.method == "POST":
        printed([row.pk for row in rows], by=request.user, at=request.now)
        messages.success(request, _("记下了，{many} 张打印好了。").format(many=len(rows)))
        return redirect("pass_print")
    area = community_of_page(request)
    plan = plan_here(request, area)
    cards = [_card(line, plan) for line in lines_of(request, rows, plan)]
    shown = {
        "cards": cards, "office": community_ways(area).office, "address": request.build_absolute_uri(f"/p/find/{area}/"),
        "full": len(rows) == A_RUN,
    }  # fmt: skip
    return render(request, "passes/sheet.html", shown)


def _wanted(request: DeskRequest) -> list[Pass]:
    """One card, or what is not on paper of a building, from the top floor down."""
    rows = passes().filter(until__gt=request.now, replaced_by=None, lost_at=None)
    if "card" in request.GET:
        one = uuid_of(request.GET["card"])
        return list(rows.filter(pk=one)) if one else []
    low, high = subtree(request.GET.get("area", "") or community_of_page(request))
    rows = rows.filter(area_code__gte=low, area_code__lt=high, printed_at=None)
    return _top_down(list(rows.order_by("area_code", "id")[:A_RUN]))


def _top_down(rows: list[Pass]) -> list[Pass]:
    homes = {home.pk: home for home in map(_home, rows) if home}
    order: dict[int, int] = {}
    for block in blocks(homes.values()):
        for floor in block.drawing.floors:
            for door in (door for unit in floor.units for door in unit if door):
                order[door.pk] = len(order)
        for door in block.drawing.loose:
            order[door.pk] = len(order)
    return sorted(rows, key=lambda row: (row.area_code[:BUILDING], order.get(_home_pk(row), -1)))


def _home_pk(row: Pass) -> int:
    home = _home(row)
    return home.pk if home else 0


def _home(row: Pass) -> Household | None:
    return row.household or (row.person.household if row.person else row.host)


def _card(line: Line, plan: Plan | None) -> Card:
    kind = kinds_of(plan).get(line.card.kind)
    words = in_language(kind.words) if kind else line.card.kind
    colour = str(COLOURS[kind.colour]) if kind and kind.colour else ""
    return Card(line, words, colour, how_often(kind), token_of(line.card))


def how_often(kind: Kind | None) -> str:
    """How often a pass opens the gate, in words; what the plan leaves open is for the place to say."""
    if kind is None:
        return ""
    if kind.exits is None or kind.every_days is None:
        open_words = "exits" in kind.to_be_set or "every_days" in kind.to_be_set
        parts = [_("次数由本地定")] if open_words else []
    else:
        parts = [_("每 {days} 天 {times} 次").format(days=kind.every_days, times=kind.exits)]
    if kind.persons:
        parts.append(_("每次 {persons} 人").format(persons=kind.persons))
    if kind.max_stay_hours:
        parts.append(_("{hours} 小时内回来").format(hours=f"{kind.max_stay_hours:g}"))
    if kind.from_hour and kind.until_hour:
        parts.append(f"{kind.from_hour:%H:%M}–{kind.until_hour:%H:%M}")
    return "，".join(parts)


def uuid_of(text: str) -> UUID | None:
    """An identity as an address names it; nothing where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
