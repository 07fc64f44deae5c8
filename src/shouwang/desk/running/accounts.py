"""The accounts of days: in words, closed ones with what they carried, and the list behind every number."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.asked.times import day_written
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.owed.lines import CARRIED_WORDS, Line, carried_cells, carried_lines, changed_lines
from shouwang.desk.running.communities import chosen_community, own_communities
from shouwang.duties.accounted import INCOMING, OUTGOING, accounts_of, behind_account
from shouwang.duties.models import Carried, DayClose, Duty
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area

SHOWN, LONGEST_PRINT, PAST_DAYS = 50, 5000, 60
COLUMN_WORDS = {
    "carried_in": _("上日转入"),
    "opened": _("今日新增"),
    "moved_in": _("移入"),
    "corrected": _("更正"),
    "done": _("已办"),
    "late": _("超时已办"),
    "waived": _("免办"),
    "missed": _("过期未办"),
    "void": _("已撤销"),
    "moved_out": _("移交"),
    "carried_out": _("转次日"),
}


@dataclass(frozen=True)
class Term:
    """One number of an account: its words, and the list that it opens."""

    name: str
    words: str
    number: int
    query: str


@dataclass(frozen=True)
class Equation:
    """The account of one kind: what came in equals where it went."""

    words: str
    subject: str
    incoming: list[Term]
    outgoing: list[Term]

    @property
    def total(self) -> int:
        """How many the account is about."""
        return sum(term.number for term in self.incoming)

    @property
    def gone(self) -> int:
        """How many of them went somewhere: the same number, or the account is wrong."""
        return sum(term.number for term in self.outgoing)


def equations(books: dict[str, dict[str, int]], community: str, day: date) -> list[Equation]:
    """The account of a day as people read it, one for each kind."""

    def terms(kind: str, names: tuple[str, ...]) -> list[Term]:
        asked = {"community": community, "day": f"{day}", "kind": kind}
        numbers = books[kind]
        return [
            Term(name, str(COLUMN_WORDS[name]), numbers[name], urlencode({**asked, "column": name}))
            for name in names
        ]

    return [
        Equation(gettext(kind.words), kind.subject, terms(name, INCOMING), terms(name, OUTGOING))
        for name, kind in DUTY_KINDS.items()
        if name in books and any(books[name].values())
    ]


def carried_taken(request: DeskRequest) -> Listing:
    """All that a closed day carried into the next, to take away."""
    community, closing = _closed(request)
    rows = map(carried_cells, carried_lines(list(_carried(closing)), here=community.label))
    title = gettext("{day} 转次日").format(day=f"{closing.day:%m-%d}")
    return Listing(title, CARRIED_WORDS, rows, community.code)


@page("board")
@exports(carried_taken)
def closed_day(request: DeskRequest) -> HttpResponse:
    """A closed day: its account, what it carried and why, and what was corrected of earlier days."""
    community, closing = _closed(request)
    day, whole, carried = closing.day, "all" in request.GET, _carried(closing)
    found = {
        "community": community,
        "closing": closing,
        "equations": equations(accounts_of(closing), community.code, day),
        "carried": carried_lines(list(carried[: LONGEST_PRINT if whole else SHOWN]), here=community.label),
        "carried_amount": closing.carried.count(),
        "corrected": _corrected(community, closing),
        "whole": whole,
        "query": urlencode({"community": community.code, "day": f"{day}"}),
    }
    return render(request, "running/closed_day.html", found)


def days_taken(request: DeskRequest) -> Listing:
    """All closed days, to take away."""
    community, closed = _days(request)
    words = (_("哪一天"), _("什么时候封账"), _("谁封账"), _("到期没办完的"))
    fields = ("day", "closed_at", "closed_by__name", "reasons")
    rows = (
        (day, closed_at, name or gettext("到点自动封账"), reasons)
        for day, closed_at, name, reasons in closed.values_list(*fields)
    )
    return Listing(_("以前的账"), words, rows, community.code)


@page("board")
@exports(days_taken)
def past_days(request: DeskRequest) -> HttpResponse:
    """The days that are closed, the newest first."""
    community, closed = _days(request)
    found = {
        "community": community,
        "communities": own_communities(request.grants),
        "closed": closed[:PAST_DAYS],
    }
    return render(request, "running/past_days.html", found)


def asked_day(request: DeskRequest) -> date:
    """The day in the address. Raises: NotInScope."""
    day = day_written(request.GET.get("day", ""))
    if day is None:
        raise NotInScope()
    return day


def _closed(request: DeskRequest) -> tuple[Area, DayClose]:
    """The closed day that was asked for. Raises: NotInScope."""
    community = chosen_community(request)
    days = DayClose.objects.filter(area_code=community.code, day=asked_day(request))
    closing = one_in_scope(days.select_related("closed_by"))
    return community, closing


def _carried(closing: DayClose) -> QuerySet[Carried]:
    rows = closing.carried.select_related("duty__household", "duty__place", "duty__person", "owner")
    return rows.order_by("area_code", "duty")


def _days(request: DeskRequest) -> tuple[Area, QuerySet[DayClose]]:
    community = chosen_community(request)
    closed = DayClose.objects.filter(area_code=community.code).select_related("closed_by")
    return community, closed.annotate(reasons=Count("carried")).order_by("-day")


def _corrected(community: Area, closing: DayClose) -> list[Line]:
    """What this day put right of days before it."""
    changes = behind_account(community.code, "corrected", since=closing.from_at, until=closing.until)
    duties = Duty.objects.filter(pk__in=list(changes)[:LONGEST_PRINT]).order_by("area_code", "id")
    rows = duties.select_related("household", "place", "person")
    return changed_lines(list(rows), changes, here=community.label)
