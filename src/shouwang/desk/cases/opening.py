"""Cases of one's communities: opening one, and giving it to investigators. What they find is not shown here."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.cases.forms import CaseForm, GiveForm, investigators
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.running.sent import sent
from shouwang.lib.clock import midnight
from shouwang.lib.errors import Refusal
from shouwang.register.finding.search import Hit, known, search
from shouwang.screening.cases.models import NOT_A_CONTACT, Case, CaseAccess
from shouwang.screening.cases.opening import end_access, give_access, open_case, proposed_days

MOST = 60


def taken(request: DeskRequest) -> Listing:
    """The cases with their numbers, to take away."""
    headings = (_("病例"), _("从哪天算"), _("往前查几天"), _("接触者"), _("已转"))
    rows = (
        [_label(one), one.counts_on, one.lookback_days, one.contacts_many, one.handed_on] for one in _cases()
    )
    return Listing(_("流调"), headings, rows)


@page("case.open")
@exports(taken)
def cases(request: DeskRequest) -> HttpResponse:
    """The cases: how many contacts, how many handed on, and who may look."""
    found = _cases()
    given: dict[UUID, list[CaseAccess]] = {}
    for access in CaseAccess.objects.filter(case__in=found, until__gt=request.now).select_related("user"):
        given.setdefault(access.case_id, []).append(access)
    return render(
        request, "cases/list.html", {"cases": [(one, _label(one), given.get(one.pk, [])) for one in found]}
    )


@page("case.open")
def new(request: DeskRequest) -> HttpResponse:
    """The person is looked up first, chosen, and the case opened."""
    back, neighbours = proposed_days(min(request.grants.codes), now=request.now)
    said, hits = _meant(request)
    days = {"lookback_days": back, "neighbour_days": neighbours}
    form = CaseForm(request.POST or None, initial=days | said)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        if told["person"]:
            try:
                made = open_case(
                    told["person"], counts_on=told["counts_on"], by_sample=told["by_sample"], by=request.user, at=request.now,
                    lookback_days=told["lookback_days"], neighbour_days=told["neighbour_days"], last_on=told["last_on"],
                )  # fmt: skip
                return redirect("case_give", made.pk)
            except Refusal as refusal:
                form.add_error(None, sentence(refusal))
        hits = [hit for hit in search(told["q"], codes=request.grants.codes) if hit.kind == "person"]
        if not hits:
            form.add_error("q", _("底册里没有找到，请换个写法，或者先在住户档案里登记。"))
    return render(request, "cases/new.html", {"form": form, "hits": hits})


def _meant(request: DeskRequest) -> tuple[dict[str, Any], list[Hit]]:
    """Somebody whose test was positive: who they are and the day of their swab are there already; who it is has still to be said."""
    person = row_number(request.GET.get("person", ""))
    hits = known(person) if person else []
    said = {"q": hits[0].title, "counts_on": request.GET.get("on", ""), "by_sample": True} if hits else {}
    return said, hits


@page("case.open")
def give(request: DeskRequest, case_id: UUID) -> HttpResponse:
    """An investigator may look into the case until a day."""
    one = one_in_scope(Case.objects.filter(pk=case_id))
    request.grants.require_area(one.area_code)
    people = investigators(one.area_code, now=request.now)
    form = GiveForm(people, request.now, request.POST or None)
    if form.is_bound and form.is_valid():
        user = next(user for user in people if str(user.pk) == form.cleaned_data["user"])
        until = midnight(form.cleaned_data["until_on"] + timedelta(days=1))
        give_access(one, user, until=until, by=request.user, at=request.now)
        messages.success(
            request, gettext("{name}可以看这个病例了，看了什么审计员都看得到。").format(name=user.name)
        )
        return redirect("cases")
    return render(request, "cases/give.html", {"form": form, "label": _label(one), "people": people})


@page("case.open")
@sent("cases")
def end(request: DeskRequest, access_id: int) -> HttpResponse:
    """From now on not any more."""
    access = one_in_scope(CaseAccess.objects.filter(pk=access_id))
    request.grants.require_area(access.area_code)
    end_access(access_id, by=request.user, at=request.now)
    return redirect("cases")


def _cases() -> list[Any]:
    judged = Q(contacts__void_at=None) & ~Q(contacts__category__in=("", NOT_A_CONTACT))
    handed_on = judged & (Q(contacts__row__isnull=False) | Q(contacts__letter__isnull=False))
    rows = Case.objects.annotate(
        contacts_many=Count("contacts", filter=judged), handed_on=Count("contacts", filter=handed_on)
    )
    return list(rows.order_by("-opened_at")[:MOST])


def _label(one: Case) -> str:
    return gettext("病例 {number}").format(number=one.number)
