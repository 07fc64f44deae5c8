"""问答: what was answered for everybody, looked up while somebody is on the telephone; and the next answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.scope import NoGrant
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.inbox.forms import QuestionForm
from shouwang.desk.running.communities import chosen_community, own_communities
from shouwang.inbox.answering import publish, take_down
from shouwang.inbox.queries import questions as known

PUBLISH = "message.send"


def _listing(request: DeskRequest) -> Listing:
    area = chosen_community(request).code
    found = known(area, now=request.now, about=request.GET.get("about", ""))
    rows = ((one.asked, one.answer, one.source, one.source_on) for one in found)
    return Listing(_("问答"), (_("问什么"), _("怎么答"), _("依据"), _("哪一天的")), rows, area)


@page("inbox.work")
@exports(_listing)
def questions(request: DeskRequest) -> HttpResponse:
    """What is known, found by words; and the form for what is asked again and again."""
    community, own = chosen_community(request), own_communities(request.grants)
    form = QuestionForm(
        request.POST or None, initial={"area": community.code, "asked": request.GET.get("asked", "")}
    )
    form.fields["area"].choices = [(one.code, one.label) for one in own]  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        request.grants.require(PUBLISH)
        publish(**form.cleaned_data, by=request.user, at=request.now)
        messages.success(request, gettext("发布了，居民的页面上也看得到。"))
        return redirect("questions")
    about = request.GET.get("about", "")
    found = {
        "community": community, "communities": own, "rows": known(community.code, now=request.now, about=about),
        "about": about, "form": form, "may": PUBLISH in request.grants.may,
    }  # fmt: skip
    return render(request, "inbox/questions.html", found, status=422 if form.errors else 200)


@page("inbox.work")
def end(request: DeskRequest, question: UUID) -> HttpResponse:
    """It is said no longer."""
    if PUBLISH not in request.grants.may:
        raise NoGrant()
    if request.method == "POST":
        take_down(question, by=request.user, at=request.now)
        messages.success(request, gettext("撤下了。"))
    return redirect("questions")
