"""The other end of a car: whoever receives people signs for them by a link, without an account. No name stands on it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from shouwang.access.links import read, token
from shouwang.access.scope import scope
from shouwang.desk.asked.written import written
from shouwang.desk.doors import OpenRequest, open_page
from shouwang.isolation.models import Transfer
from shouwang.isolation.moving import hand_over, transfer_of
from shouwang.lib.errors import NotInScope
from shouwang.outreach.channels import community_ways

HAND = "hand"
MOST_SIGNS = 80


def hand_link(row: Transfer) -> str:
    """The address on which whoever receives these people signs for them."""
    return f"/t/{token(HAND, row.pk, row.area_code)}/"


@open_page(tries=60, code_tries=120)
def signed(request: OpenRequest, code: str) -> HttpResponse:
    """How many come in which car; and the name of whoever has them now. Signed twice, the first counts."""
    known = read(HAND, code)
    if known is None:
        raise NotInScope()
    transfer, community = known
    with scope([community]):
        row = transfer_of(transfer)
        name = written(request, "received_by", MOST_SIGNS)
        if request.method == "POST" and name and row.left_at:
            hand_over(
                row.pk, received_by=name, arrived_at=request.now, disinfected_at=None, by=None, at=request.now
            )
            return redirect("hand", code)
        shown = {
            "code": code, "transfer": row, "people": row.seats.count(), "office": community_ways(community).office,
            "wrong": request.method == "POST",
        }  # fmt: skip
        return render(request, "open/hand.html", shown, status=422 if shown["wrong"] else 200)
