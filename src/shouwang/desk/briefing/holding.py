"""The meeting is over: what was said and decided is written down, and everything is kept as it stood."""

from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.board import chosen_area
from shouwang.desk.briefing.forms import Choices, DecisionForms, NotesForm
from shouwang.desk.briefing.sheet import NUMBERS, next_number, title_of
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.directives.meetings import hold_meeting
from shouwang.directives.models import Minutes
from shouwang.ledgers.briefing.figures import as_kept, day_numbers, meetings_of, sheet_of
from shouwang.lib.errors import Refusal


@page("directive.receive")
def held(request: DeskRequest) -> HttpResponse:
    """Notes, and decisions each with an owner and an hour; sent twice, one meeting is kept."""
    area = request.grants.require_area(chosen_area(request))
    number = next_number(meetings_of(area, most=20), request)
    notes = NotesForm(request.POST or None, initial={"number": number})
    asked = DecisionForms(request.POST or None, form_kwargs={"choices": Choices(area, request.now)})
    if notes.is_bound and notes.is_valid() and asked.is_valid():
        try:
            return redirect("briefing_minutes", _kept(request, area, notes, asked).directive_id)
        except Refusal as refusal:
            notes.add_error(None, sentence(refusal))
    found = {"area": area, "notes": notes, "decisions": asked, "title": title_of(request, number)}
    return render(request, "briefing/held.html", found)


def _kept(request: DeskRequest, area: str, notes: NotesForm, asked: BaseFormSet) -> Minutes:
    sheet = sheet_of(area, kinds=DUTY_KINDS, last=None, now=request.now)
    numbers = day_numbers(area, NUMBERS, last=None, now=request.now)
    number = notes.cleaned_data["number"]
    return hold_meeting(
        area=area, number=number, title=title_of(request, number), figures=as_kept(sheet, numbers),
        notes=notes.cleaned_data["notes"], decisions=list(filter(None, (one.told() for one in asked))),
        by=request.user, at=request.now,
    )  # fmt: skip
