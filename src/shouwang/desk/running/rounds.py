"""排查: rounds with their progress; opening one with a look at who will owe how many; extending and ending."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.catalogue import ANSWERS, DUTY_KINDS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.round_form import RoundForm, words_of_filter
from shouwang.desk.running.sent import sent
from shouwang.duties.windows import Window
from shouwang.plans.actions import in_force
from shouwang.register.models import Area
from shouwang.screening.actions import extend, open_round
from shouwang.screening.models import Round
from shouwang.screening.rounds import (
    Progress,
    end_round,
    progress_of,
    rounds_here,
    same_round,
    who_would_owe,
)

MOST = 60


@dataclass(frozen=True)
class Shown:
    """A round as it stands in the list."""

    round: Round
    area: str
    kind: str
    subject: str
    filter: str
    progress: Progress
    over: bool
    own: bool


def taken(request: DeskRequest) -> Listing:
    """The rounds, to take away."""
    words = (
        _("叫什么"),
        _("做什么"),
        _("哪里"),
        _("哪些户（处）"),
        _("最晚办完"),
        _("应办"),
        _("已办"),
        _("未办"),
    )
    return Listing(_("入户排查"), words, map(_cells, _lines(request)))


@page("round.open")
@exports(taken)
def rounds(request: DeskRequest) -> HttpResponse:
    """The rounds of one's areas: how far each is."""
    return render(request, "running/rounds.html", {"rounds": _lines(request)})


@page("round.open")
def new_round(request: DeskRequest) -> HttpResponse:
    """Looked at first (预览), opened then: what is seen from now on counts."""
    form = RoundForm(request.grants, request.now, request.POST or None)
    shares = None
    if form.is_bound and form.is_valid():
        if "open" in request.POST:
            return _opened(request, form.cleaned_data)
        told = form.cleaned_data
        shares = who_would_owe(
            told["area"], told["kind"], told["only"], roles=ANSWERS[told["kind"]], now=request.now
        )
    found = {
        "form": form,
        "shares": shares,
        "total": sum(share.amount for share in shares or []),
        "subject": DUTY_KINDS[form.cleaned_data["kind"]].subject if shares is not None else "",
    }
    return render(request, "running/new_round.html", found)


@page("round.open")
@sent("rounds")
def extend_round(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """Doors that are new since the round was opened owe too."""
    added = extend(_own(request, round_id), at=request.now)
    messages.success(request, gettext("补进了 {added} 户（处）。").format(added=added))
    return redirect("rounds")


@page("round.open")
@sent("rounds")
def stop_round(request: DeskRequest, round_id: UUID) -> HttpResponse:
    """What is still owed in it is struck out."""
    struck = end_round(_own(request, round_id).pk, by=request.user, at=request.now)
    messages.success(
        request, gettext("已结束。还没办的 {struck} 户（处）已撤销，办过的不变。").format(struck=struck)
    )
    return redirect("rounds")


def _lines(request: DeskRequest) -> list[Shown]:
    found = rounds_here(most=MOST)
    labels = dict(Area.objects.filter(code__in={one.area_code for one in found}).values_list("code", "label"))
    progress = progress_of(found)
    return [_shown(request, one, labels, progress.get(one.pk, Progress())) for one in found]


def _cells(one: Shown) -> list[object]:
    done = one.progress
    due = gettext("已结束") if one.over else one.round.due_at
    return [one.round.title, gettext(one.kind), one.area, one.filter, due, done.total, done.done, done.owed]


def _own(request: DeskRequest, round_id: UUID) -> Round:
    """The round, if all of its area is one's own. Raises: NotInScope."""
    found = one_in_scope(Round.objects.filter(pk=round_id))
    request.grants.require_area(found.area_code)
    return found


def _opened(request: DeskRequest, told: dict) -> HttpResponse:
    area, now = request.grants.require_area(told["area"]), request.now
    if same_round(area, kind=told["kind"], title=told["title"], due_at=told["due_at"]):
        messages.info(request, gettext("这一轮已经开过了，没有再开一次。"))
        return redirect("rounds")
    held = in_force(area, now=now)
    _round, owed = open_round(
        area,
        kind=told["kind"],
        title=told["title"],
        window=Window(now, told["due_at"]),
        only=told["only"],
        plan_version=held.plan if held else None,
        by=request.user,
        at=now,
    )
    messages.success(request, gettext("已开“{title}”：应办 {owed}。").format(title=told["title"], owed=owed))
    return redirect("rounds")


def _shown(request: DeskRequest, one: Round, labels: dict[str, str], progress: Progress) -> Shown:
    kind = DUTY_KINDS[one.kind]
    own = any(one.area_code.startswith(code) for code in request.grants.codes)
    return Shown(
        one,
        labels.get(one.area_code, one.area_code),
        kind.words,
        kind.subject,
        words_of_filter(one.only),
        progress,
        _over(one, request.now),
        own,
    )


def _over(one: Round, now: datetime) -> bool:
    return one.ended_at is not None or bool(one.lapses_at and one.lapses_at <= now)
