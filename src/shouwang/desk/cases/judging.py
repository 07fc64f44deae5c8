"""What the person says, whom the records name, what somebody is: written down by an investigator."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.access.audit import record
from shouwang.catalogue import TRACERS
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.cases.forms import SaidForm
from shouwang.desk.cases.looking import categories_of, key_of, looked, shown
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.sent import sent
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.finding.search import search
from shouwang.screening.cases.contacts import add_traced, is_person, judge, met_through, read_named, say
from shouwang.screening.cases.days import day_by_day
from shouwang.screening.cases.models import Case, Contact


@page("case.investigate")
@sent("my_cases")
def said(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Where the person was and with whom; a correction strikes what was said before."""
    one = looked(request, case_id, "say")
    form = SaidForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            say(
                one, from_at=told["from_at"], until=told["until"], place=told["place"], transport=told["transport"],
                named=read_named(told["named"]), by=request.user, at=request.now, replaces=told["replaces"], reason=told["reason"],
            )  # fmt: skip
            return redirect("case", one.pk)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
    return shown(request, one, form)


@page("case.investigate")
@sent("my_cases")
def added(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Those of the page who were ticked become contacts; what the records say of them is looked up again."""
    one = looked(request, case_id, "add")
    category = _category(request, one)
    wanted = set(request.POST.getlist("trace"))
    traces = [trace for day in day_by_day(one, TRACERS) for trace in day.traces if trace.name]
    chosen = [trace for trace in traces if key_of(trace) in wanted]
    for trace in chosen:
        add_traced(one, trace, category=category, by=request.user, at=request.now)
    messages.success(request, gettext("记下了 {many} 人。").format(many=len(chosen)))
    return redirect("case", one.pk)


@page("case.investigate")
@sent("my_cases")
def judged(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """What one contact is, and whom they met."""
    one = looked(request, case_id, "judge")
    contact = _contact(one, request.POST.get("contact", ""))
    if "through" in request.POST and request.POST["through"] != str(contact.through_id or ""):
        through = _contact(one, request.POST["through"]) if request.POST["through"] else None
        contact = met_through(contact, through, by=request.user, at=request.now)
    if (category := _category(request, one)) and category != contact.category:
        judge(contact, category=category, by=request.user, at=request.now)
    return redirect("case", one.pk)


@page("case.investigate")
def who(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Somebody who was named is looked for in the register; what was typed is not kept, that it was asked is."""
    one = looked(request, case_id, "who", contact=request.GET.get("contact", ""))
    contact = _contact(one, request.GET.get("contact", ""))
    asked = request.GET.get("q", contact.name)[:40]
    record(
        "case.search", at=request.now, by=request.user, area=one.area_code, case=one.pk, contact=contact.pk
    )
    hits = [hit for hit in search(asked, codes=request.grants.codes) if hit.kind == "person"]
    return render(request, "cases/who.html", {"one": one, "contact": contact, "asked": asked, "hits": hits})


@page("case.investigate")
@sent("my_cases")
def found(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """This is the person."""
    one = looked(request, case_id, "found")
    contact = _contact(one, request.POST.get("contact", ""))
    person = row_number(request.POST.get("person", ""))
    if person is None:
        raise NotInScope()
    is_person(contact, person, by=request.user, at=request.now)
    return redirect("case", one.pk)


def _contact(one: Case, pk: str) -> Contact:
    """A contact of this case that still counts. Raises: NotInScope."""
    try:
        contact = Contact.objects.filter(pk=UUID(pk), case=one, void_at=None).first()
    except ValueError:
        contact = None
    if contact is None:
        raise NotInScope()
    return contact


def _category(request: DeskRequest, one: Case) -> str:
    """What was chosen, if it is something that a contact can be. Raises: NotInScope."""
    chosen = request.POST.get("category", "")
    if chosen and chosen not in dict(categories_of(one, request.now)):
        raise NotInScope()
    return chosen
