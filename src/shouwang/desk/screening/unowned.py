"""没人认领的行: rows of a street's list that no community owns yet, handed out by whoever the list came to."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.running.communities import own_communities
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.screening.sharing.handing_out import give_to, unowned

SHOWN = 100


@page("list.receive")
def unowned_rows(request: DeskRequest) -> HttpResponse:
    """The rows, ticked and given to a community in one go."""
    wrong = ""
    if request.method == "POST":
        try:
            given = _give(request)
            messages.success(request, _("交出去了：{rows} 行。").format(rows=given))
            return redirect("unowned")
        except NotInScope:
            raise
        except Refusal as refusal:
            wrong = sentence(refusal)
    rows = unowned()
    shown = {
        "rows": rows[:SHOWN],
        "count": rows.order_by().count(),
        "communities": own_communities(request.grants),
        "wrong": wrong,
    }
    return render(request, "screening/unowned.html", shown, status=422 if wrong else 200)


def _give(request: DeskRequest) -> int:
    """Raises: NotInScope, WhichRows."""
    community = request.POST.get("community", "")
    if community:
        request.grants.require_area(community)
    try:
        rows = [UUID(one) for one in request.POST.getlist("row")]
    except ValueError as wrong:
        raise NotInScope() from wrong
    return give_to(rows, community, by=request.user, at=request.now)
