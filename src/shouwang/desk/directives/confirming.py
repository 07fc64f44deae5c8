"""The points of a document: read by machine or typed by a person, looked at, corrected, confirmed."""

from uuid import UUID

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.desk.directives.documents import may_change, seen
from shouwang.desk.directives.forms import EXTRA, ONCE, Places, PointForm, proposed
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.sent import sent
from shouwang.directives.actions import add_point, confirm_points, type_text
from shouwang.directives.models import Directive
from shouwang.directives.recognising import MOST_POINTS, recognise
from shouwang.lib.errors import NotInScope, Refusal

PointForms = formset_factory(
    PointForm, extra=EXTRA, max_num=MOST_POINTS + EXTRA, absolute_max=MOST_POINTS + EXTRA
)


@page("directive.receive")
def points(request: DeskRequest, directive_id: UUID) -> HttpResponse:
    """What the document seems to ask; from what a person confirms, duties are made."""
    one, places = own(request, directive_id), Places(request.grants)
    found = recognise(one.text, arrived_at=one.arrived_at)
    first = [proposed(point, places) for point in found.points]
    asked = PointForms(request.POST or None, initial=first, form_kwargs={"places": places})
    if asked.is_bound and asked.is_valid():
        try:
            owed = confirm_points(
                one, list(filter(None, (form.told() for form in asked))), by=request.user, at=request.now
            )
        except Refusal as refusal:
            asked.non_form_errors().append(sentence(refusal))
        else:
            messages.success(request, gettext("已确认。派出任务 {owed} 件。").format(owed=owed))
            return redirect("directive", one.pk)
    return render(request, "directives/points.html", {"one": one, "forms": asked, "found": found})


@page("directive.receive")
@sent("directives")
def typed(request: DeskRequest, directive_id: UUID) -> HttpResponse:
    """What somebody read off a picture; its points are proposed from it."""
    type_text(own(request, directive_id), request.POST.get("text", ""), by=request.user, at=request.now)
    return redirect("directive_points", directive_id)


@page("directive.receive")
def more(request: DeskRequest, directive_id: UUID) -> HttpResponse:
    """One more point of a document whose points were confirmed."""
    one, places = own(request, directive_id), Places(request.grants)
    form = PointForm(
        request.POST or None, places=places, initial={"how": ONCE, "where": places.first_for("")}
    )
    if form.is_bound and form.is_valid() and (told := form.told()):
        try:
            add_point(one, told, by=request.user, at=request.now)
            return redirect("directive", one.pk)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
    return render(request, "directives/more.html", {"one": one, "form": form})


def own(request: DeskRequest, directive_id: UUID) -> Directive:
    """The document, where it was received for one's own areas. Raises: NotInScope."""
    one = seen(directive_id)
    if not may_change(request, one):
        raise NotInScope()
    return one
