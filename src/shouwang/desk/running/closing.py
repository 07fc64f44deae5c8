"""今日结账: the day as an account, the doors that need a word, and one button that closes it whatever is left."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from shouwang.catalogue import ANSWERS
from shouwang.desk.asked.times import day_written
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.accounts import equations
from shouwang.desk.running.communities import chosen_community, own_communities
from shouwang.desk.running.words import WordsForm
from shouwang.duties.close import AlreadyClosed
from shouwang.flows.before_close import Evening, evening_of, words_for
from shouwang.flows.end_of_day import REASON_WORDS, close_day
from shouwang.lib.errors import NotInScope
from shouwang.register.models import Area


@page("day.close")
def evening(request: DeskRequest) -> HttpResponse:
    """The account as it would be closed now (预结); sent back, the day is closed (正式结账)."""
    own = own_communities(request.grants)
    community = chosen_community(request, own)
    try:
        found = evening_of(community.code, _day(request), now=request.now, answers=ANSWERS)
    except AlreadyClosed as refusal:
        if request.method == "POST":
            messages.info(request, sentence(refusal))
        return _to_account(community, refusal.params["day"])
    form = WordsForm(found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return _closed(request, community, found, form)
    return render(request, "running/evening.html", {"communities": own, **_shown(community, found, form)})


def _day(request: DeskRequest) -> date | None:
    """The day on the page that was sent. Raises: NotInScope where somebody closes without saying which."""
    day = day_written(request.POST.get("day", ""))
    if request.method == "POST" and day is None:
        raise NotInScope()
    return day


def _closed(request: DeskRequest, community: Area, found: Evening, form: WordsForm) -> HttpResponse:
    words = words_for(found, form.by_area(), doors=form.by_door(), word=form.cleaned_data["word"])
    close_day(community.code, found.day, now=request.now, by=request.user, answers=ANSWERS, words=words)
    messages.success(request, gettext("账已平，已封账。后来的变化记在更正里，不改这本账。"))
    return _to_account(community, found.day)


def _to_account(community: Area, day: object) -> HttpResponseRedirect:
    query = urlencode({"community": community.code, "day": f"{day}"})
    return redirect(f"{reverse('closed_day')}?{query}")


def _shown(community: Area, found: Evening, form: WordsForm) -> dict[str, object]:
    reasons: dict[str, int] = {}
    for _duty, proposal in found.lines:
        reasons[proposal.reason] = reasons.get(proposal.reason, 0) + 1
    return {
        "community": community,
        "evening": found,
        "equations": equations(found.books, community.code, found.day),
        "reasons": [(REASON_WORDS[name], amount) for name, amount in sorted(reasons.items())],
        "carried": urlencode({"community": community.code, "day": f"{found.day}", "column": "carried_out"}),
        "form": form,
    }
