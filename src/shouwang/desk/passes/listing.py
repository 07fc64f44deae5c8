"""通行证: found by a scan, a number, a name, a door or a plate; else all, or those that ask for something."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.desk.asked.numbers import place_number
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.passes.where import lines_of, passes, plan_here
from shouwang.register.finding.search import search
from shouwang.standing.bars import waiting
from shouwang.standing.bearers import plate_as_kept
from shouwang.standing.cards import bars_in_force
from shouwang.standing.models import Pass
from shouwang.standing.tokens import MARK, read

PAGE = 100
SOON = timedelta(days=3)


@dataclass(frozen=True)
class Which:
    """Some of the passes, under a word."""

    words: Promise
    tone: str
    rows: Callable[[QuerySet[Pass], datetime], QuerySet[Pass]]


WHICH = {
    "open": Which(gettext_lazy("有效的"), "done", lambda rows, now: rows.filter(until__gt=now, replaced_by=None)),
    "unprinted": Which(
        gettext_lazy("还没打印的"), "left", lambda rows, now: rows.filter(until__gt=now, replaced_by=None, printed_at=None)
    ),
    "ending": Which(
        gettext_lazy("三天内到期的"), "left", lambda rows, now: rows.filter(until__gt=now, until__lte=now + SOON, replaced_by=None)
    ),
    "lost": Which(
        gettext_lazy("挂失没补办的"), "left", lambda rows, now: rows.filter(until__gt=now, replaced_by=None, lost_at__isnull=False)
    ),
    "withdrawn": Which(
        gettext_lazy("收回的"), "overdue",
        lambda rows, now: rows.filter(Q(bars__in=bars_in_force(now)) | Q(taken_until__gt=now)).distinct(),
    ),
    "asked": Which(
        gettext_lazy("等人批的"), "overdue", lambda rows, now: rows.filter(proposals__in=waiting(now)).distinct()
    ),
    "over": Which(gettext_lazy("到期的"), "void", lambda rows, now: rows.filter(until__lte=now)),
}  # fmt: skip


def taken(request: DeskRequest) -> Listing:
    """The passes that were asked for, to take away."""
    which, rows = _asked_for(request)
    found = lines_of(request, list(rows), plan_here(request))
    cells = ((one.number, one.kind, one.name, one.door, one.words, one.card.until) for one in found)
    words = (_("证号"), _("哪种证"), _("姓名"), _("门牌"), _("情况"), _("到什么时候"))
    return Listing(_("通行证：{which}").format(which=WHICH[which].words), words, cells)


@page("pass.issue")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """The passes; a scan or a whole number opens its pass at once."""
    typed = request.GET.get("q", "").strip()
    if typed and (one := _straight(typed)):
        return redirect("pass", one.pk)
    which, rows = _asked_for(request)
    count, start = rows.count(), _start(request)
    shown = {
        "typed": typed, "which": which, "words": WHICH[which].words, "count": count,
        "rows": lines_of(request, list(rows[start : start + PAGE]), plan_here(request)),
        "tiles": [] if typed else _tiles(request), "may": request.grants.may,
        "more": _page(request, start + PAGE) if count > start + PAGE else "", "from_start": _page(request, 0) if start else "",
    }  # fmt: skip
    return render(request, "passes/list.html", shown)


def _asked_for(request: DeskRequest) -> tuple[str, QuerySet[Pass]]:
    which, typed = request.GET.get("which", "open"), request.GET.get("q", "").strip()
    which = which if which in WHICH else "open"
    rows = _found(request, typed) if typed else WHICH[which].rows(passes(), request.now)
    return which, rows.order_by("-until" if which == "over" or typed else "until", "area_code", "id")


def _straight(typed: str) -> Pass | None:
    """The one pass that a scan or a whole number means."""
    if typed.startswith(MARK):
        token = read(typed)
        return Pass.objects.filter(pk=token.id).first() if token else None
    digits = "".join(typed.split())
    return Pass.objects.filter(number=digits).first() if digits.isdecimal() else None


def _found(request: DeskRequest, typed: str) -> QuerySet[Pass]:
    """By the end of a number, a plate, a name on the card, and whoever the register finds."""
    hits = search(typed, codes=request.grants.codes)
    people = [hit.id for hit in hits if hit.kind == "person"]
    homes = [hit.id for hit in hits if hit.kind == "household"]
    mine = Q(person__kept__in=people) | Q(household__kept__in=homes) | Q(person__household__kept__in=homes)
    return passes().filter(mine | Q(plate=plate_as_kept(typed)) | Q(holder=typed))


def _tiles(request: DeskRequest) -> list[dict[str, object]]:
    return [
        {"words": one.words, "number": one.rows(Pass.objects.all(), request.now).count(), "address": f"?which={key}", "tone": one.tone}
        for key, one in WHICH.items()
        if key != "over"
    ]  # fmt: skip


def _start(request: DeskRequest) -> int:
    return place_number(request.GET.get("from", ""))


def _page(request: DeskRequest, start: int) -> str:
    kept = request.GET.copy()
    kept["from"] = str(start)
    return kept.urlencode()
