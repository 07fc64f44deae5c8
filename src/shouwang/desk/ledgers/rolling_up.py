"""Who has and who has not reported: one form, one day, from the compound to the district; chasing who has not."""

from dataclasses import replace
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.desk.asked.times import day_written
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.ledgers.forms import own_form
from shouwang.desk.ledgers.showing import CATALOGUE, sheet_of
from shouwang.desk.running.sent import sent
from shouwang.ledgers.blank.forms import current
from shouwang.ledgers.filled.filling import fill
from shouwang.ledgers.models import Form
from shouwang.ledgers.periods import day_at, period_of
from shouwang.ledgers.reports import chase, of_form, standings
from shouwang.lib.codes import COMMUNITY
from shouwang.register.models import Area

UNSENT = ("owed", "overdue", "waiting")


@page("ledger")
def roll_up(request: DeskRequest, form_id: int) -> HttpResponse:
    """All communities of one's areas for one day: what they sent added up, and who has not."""
    return _shown(request, own_form(request, form_id), "")


@page("ledger")
@sent("ledgers")
def chase_reports(request: DeskRequest, form_id: int) -> HttpResponse:
    """Notes that who has not reported was asked to, and gives the words for the group."""
    form = own_form(request, form_id)
    day, area = _day(request, form), _area(request, form)
    waiting = [
        one.report
        for one in standings(of_form(form, day, area), now=request.now)
        if one.state in ("owed", "overdue")
    ]
    return _shown(request, form, chase(waiting, by=request.user, at=request.now))


def _shown(request: DeskRequest, form: Form, words: str) -> HttpResponse:
    version, day, area = current(form), _day(request, form), _area(request, form)
    found = standings(of_form(form, day, area), now=request.now)
    if len(area) >= COMMUNITY and len(found) == 1:
        return redirect("ledger_report", found[0].report.pk)
    labels = dict(
        Area.objects.filter(code__in=[one.report.area_code for one in found]).values_list("code", "label")
    )
    sheet = None
    if form.shape == "number" and len(area) < COMMUNITY:
        grants = replace(request.grants, codes=(area,))
        period = period_of(day, version.cut_off)
        sheet = sheet_of(version, fill(version, area, period, day=day, catalogue=CATALOGUE, grants=grants))
    shown = {
        "form": form,
        "day": day,
        "today": day_at(request.now, version.cut_off),
        "area": Area.objects.filter(code=area).first(),
        "lines": [(one, labels.get(one.report.area_code, "")) for one in found],
        "unsent": sum(one.state in UNSENT for one in found),
        "sheet": sheet,
        "words": words,
    }
    return render(request, "ledgers/roll_up.html", shown)


def _day(request: DeskRequest, form: Form) -> date:
    asked = day_written(request.POST.get("day") or request.GET.get("day", ""))
    return asked or day_at(request.now, current(form).cut_off)


def _area(request: DeskRequest, form: Form) -> str:
    """The area of the form, or the widest of one's own in it."""
    inside = [code for code in request.grants.codes if code.startswith(form.area_code)]
    own = any(form.area_code.startswith(code) for code in request.grants.codes)
    return form.area_code if own else min(inside, default=form.area_code, key=len)
