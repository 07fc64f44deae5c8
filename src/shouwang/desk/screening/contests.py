"""异议: somebody says that a category, a refused code or being asked to wait at home is wrong; somebody else answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.objected import AnswerForm
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.steps import stands_above
from shouwang.desk.living.acting import allowed, done
from shouwang.desk.screening.forms import categories_of
from shouwang.desk.wording import in_language
from shouwang.flows.at_home.reminders import tell_answer
from shouwang.plans.actions import plan_of
from shouwang.plans.schema import Plan
from shouwang.register.models import Person
from shouwang.screening.codes.models import CodeRequest
from shouwang.screening.contests.contesting import answer, contest_of, decided
from shouwang.screening.contests.models import CATEGORY, CODE, HOLD, Contest
from shouwang.screening.contests.own import path_of
from shouwang.screening.lists.models import Check, Inquiry
from shouwang.standing.models import Hold
from shouwang.testing.results.seeing import path_to

FULL_NAMES, ANSWERS = "register.read", "list.receive"
BESIDE = {"screening.contest_without_words": "words"}


@page("list.work")
def contest(request: DeskRequest, contest: UUID) -> HttpResponse:
    """What was contested, and the answer of somebody whose word it was not."""
    row = contest_of(contest)
    decision, rules = decided(row.against, row.decision), plan_of(row.area_code, now=request.now)
    form = AnswerForm(_others(row, rules), request.POST or None)
    if request.method == "POST":
        allowed(request, ANSWERS, row.area_code)
        if row.answered_by_id == request.user.pk or done(
            form, lambda typed: _write(request, row, typed), BESIDE
        ):
            messages.success(request, _("答复了，本人在自己的页面上看得到。"))
            return redirect("contest", row.pk)
    name, what = _about(row, rules)
    above = row.after is None or stands_above(request, row.area_code)
    shown = {
        "contest": row, "form": form, "what": what, "first": row.after,
        "name": name if FULL_NAMES in request.grants.may else f"{name[:1]}**",
        "mine": request.user.pk in {*decision.whose, row.after and row.after.answered_by_id},
        "may": ANSWERS in request.grants.may and above,
    }  # fmt: skip
    return render(request, "screening/contest.html", shown, status=422 if form.errors else 200)


def _write(request: DeskRequest, row: Contest, typed: dict[str, Any]) -> None:
    answer(
        row.pk, upheld=typed["upheld"] == "yes", words=typed["words"], by=request.user, at=request.now,
        above=stands_above(request, row.area_code), category=typed.get("category", ""),
    )  # fmt: skip
    path, phones = _page_of(row)
    tell_answer(row.pk, phones, path=path, area=row.area_code, by=request.user, at=request.now)


def _page_of(row: Contest) -> tuple[str, list[bytes | memoryview]]:
    """The page on which somebody reads the answer, and the phones that may be told of it."""
    if row.against == HOLD:
        person = Hold.objects.select_related("person").get(pk=row.decision).person
        return path_to(person.household_id, row.area_code), person.phones_sealed
    of = Q(checks=row.decision) if row.against == CATEGORY else Q(rows__code=row.decision)
    inquiry = Inquiry.objects.select_related("person").filter(of).distinct().get()
    listed = [phone for one in inquiry.rows.all() for phone in one.phones_sealed]
    return path_of(inquiry), [*(inquiry.person.phones_sealed if inquiry.person else ()), *listed]


def _others(row: Contest, rules: Plan | None) -> list[tuple[str, str]]:
    """The categories that somebody may belong to instead."""
    if row.against != CATEGORY:
        return []
    given = Check.objects.filter(pk=row.decision).values_list("category", flat=True).first()
    return [(key, words) for key, words in categories_of(rules) if key != given]


def _about(row: Contest, rules: Plan | None) -> tuple[str, str]:
    """Whose decision it is, and what was decided."""
    if row.against == CATEGORY:
        check = Check.objects.select_related("inquiry__person").get(pk=row.decision)
        known = rules.categories.get(check.category) if rules else None
        words = in_language(known.words) if known else check.category
        return _named(check.inquiry.person, check.inquiry.rows.values_list("name", flat=True).first()), words
    if row.against == CODE:
        code = CodeRequest.objects.select_related("row__inquiry__person").get(pk=row.decision)
        return _named(code.row.inquiry.person, code.row.name), f"{_(code.words)} {code.reason}"
    hold = Hold.objects.select_related("person").get(pk=row.decision)
    return hold.person.name, hold.reason


def _named(person: Person | None, written: str | None) -> str:
    return person.name if person else written or ""
