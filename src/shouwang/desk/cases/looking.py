"""Looking into a case: only who was given it, only its days, and every look is written down."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from shouwang.access.audit import record
from shouwang.catalogue import TRACERS
from shouwang.desk.cases.forms import SaidForm
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.wording import in_language
from shouwang.lib.clock import ZONE
from shouwang.lib.traces import Trace
from shouwang.plans.actions import plan_of, read
from shouwang.screening.cases.chain import Met, draw
from shouwang.screening.cases.days import contacts_of, day_by_day, first_day
from shouwang.screening.cases.handing_on import is_waiting
from shouwang.screening.cases.models import NOT_A_CONTACT, SOURCES, Case, CaseAccess, Contact
from shouwang.screening.cases.opening import case_for

CONTACT_KINDS = ("close_contact", "secondary_contact", "general_contact")
SOURCE_WORDS = dict(SOURCES)


@dataclass(frozen=True)
class Known:
    """A trace on the page: the key that is ticked, and whether its person is a contact already."""

    trace: Trace
    key: str
    words: str
    contact: Contact | None


@page("case.investigate")
def mine(request: DeskRequest) -> HttpResponse:
    """The cases that one was given."""
    given = CaseAccess.objects.filter(user=request.user, from_at__lte=request.now, until__gt=request.now)
    rows = given.select_related("case__person__household").order_by("-case__opened_at")
    return render(request, "cases/mine.html", {"accesses": list(rows)})


@page("case.investigate")
def case(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Day by day where and with whom; the contacts; what the person says is written down here."""
    one = looked(request, case_id, "days")
    return shown(request, one, SaidForm())


def shown(request: DeskRequest, one: Case, form: SaidForm) -> HttpResponse:
    """The page of a case, with the form as it stands."""
    contacts = contacts_of(one, struck=True)
    valid = [contact for contact in contacts if contact.void_at is None]
    by_person = {contact.person_id: contact for contact in valid if contact.person_id}
    by_name = {(contact.source, contact.name): contact for contact in valid if not contact.person_id}
    days = []
    for day in day_by_day(one, TRACERS):
        known = []
        for trace in day.traces:
            who = by_person.get(trace.person) if trace.person else by_name.get((trace.source, trace.name))
            known.append(Known(trace, key_of(trace), gettext(SOURCE_WORDS[trace.source]), who))
        days.append((day, known))
    found = {
        "one": one,
        "first_on": first_day(one),
        "days": days,
        "contacts": valid,
        "struck": [contact for contact in contacts if contact.void_at],
        "waiting_here": [contact for contact in valid if is_waiting(contact) and contact.person_id],
        "waiting_elsewhere": [contact for contact in valid if is_waiting(contact) and not contact.person_id],
        "categories": categories_of(one, request.now),
        "letters": one.letters.order_by("number"),
        "form": form,
    }
    return render(request, "cases/case.html", found)


@page("case.investigate")
def chain(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """Who was with whom, drawn, and the same as a table."""
    one = looked(request, case_id, "chain")
    words = dict(categories_of(one, request.now))
    contacts = [contact for contact in contacts_of(one) if contact.category != NOT_A_CONTACT]
    met = [
        Met(contact.pk, contact.name, _line(contact, words), contact.category, contact.through_id)
        for contact in contacts
    ]
    first = Met(one.pk, one.person.name, gettext("病例 {number}").format(number=one.number), "case")
    found = {"one": one, "drawing": draw(first, met), "contacts": contacts, "words": words}
    return render(request, "cases/chain.html", found)


def looked(request: DeskRequest, case_id: UUID, what: str, **about: Any) -> Case:
    """The case, and one line for the auditor that this person looked at it. Raises: NotInScope."""
    one = case_for(request.user, case_id, now=request.now)
    record("case.look", at=request.now, by=request.user, area=one.area_code, case=one.pk, what=what, **about)
    return one


def key_of(trace: Trace) -> str:
    """By what a trace that was ticked is found again."""
    return f"{trace.source}.{trace.on}.{trace.person or trace.name}"


def categories_of(one: Case, now: datetime) -> list[tuple[str, str]]:
    """What a contact can be, in the words of the plan under which the case began."""
    plan = read(one.plan) if one.plan else plan_of(one.area_code, now=now)
    kinds = [
        (key, in_language(plan.categories[key].words))
        for key in CONTACT_KINDS
        if plan and key in plan.categories
    ]
    return [*(kinds or [("close_contact", gettext("密接"))]), (NOT_A_CONTACT, gettext("不是接触者"))]


def _line(contact: Contact, words: dict[str, str]) -> str:
    at = contact.at.astimezone(ZONE)
    return f"{words.get(contact.category, gettext('待判定'))} {at.month}-{at.day} {at:%H:%M}"
