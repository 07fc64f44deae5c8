"""Contacts leave the case: to the lists of the communities where they live, or by letter to everywhere else."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.written import written
from shouwang.desk.cases.looking import categories_of, looked
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.running.sent import sent
from shouwang.register.models import Area
from shouwang.screening.cases.days import contacts_of
from shouwang.screening.cases.handing_on import in_clear, to_lists, write_letter
from shouwang.screening.cases.models import Letter
from shouwang.screening.cases.opening import case_for


@page("case.investigate")
@sent("my_cases")
def hand_on(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Everybody judged and living here: a row on a list for their community."""
    one = looked(request, case_id, "hand on")
    words = dict(categories_of(one, request.now))
    many = to_lists(one, contacts_of(one), words=words, by=request.user, at=request.now)
    messages.success(request, gettext("{many} 人已转给所在社区，进了他们的名单。").format(many=many))
    return redirect("case", one.pk)


@page("case.investigate")
@sent("my_cases")
def letters(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """A letter about those who were ticked."""
    one = looked(request, case_id, "letters")
    ticked = set(request.POST.getlist("contact"))
    chosen = [contact for contact in contacts_of(one) if str(contact.pk) in ticked]
    made = write_letter(one, chosen, to_whom=written(request, "to_whom", 80), by=request.user, at=request.now)
    return redirect("case_letter", made.pk)


@page("case.investigate")
def letter(request: DeskRequest, letter_id: UUID) -> HttpResponse:
    """The letter to be printed, with phones in clear: that they were read is written down first."""
    made = one_in_scope(Letter.objects.filter(pk=letter_id).select_related("by"))
    one = case_for(request.user, made.case_id, now=request.now)
    looked(request, one.pk, "letter", letter=made.pk)
    contacts = in_clear(list(made.contacts.filter(void_at=None).order_by("at")))
    found = {
        "one": one,
        "letter": made,
        "contacts": contacts,
        "words": dict(categories_of(one, request.now)),
        "community": Area.objects.filter(code=one.area_code).values_list("label", flat=True).first() or "",
    }
    return render(request, "cases/letter.html", found)
