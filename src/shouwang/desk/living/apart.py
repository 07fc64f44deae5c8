"""说过不是同一个人: what somebody decided about two people of like names, who said so, and how it is taken back."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import back
from shouwang.desk.living.aside import two_named
from shouwang.desk.living.lists import PAGE, SIDE, side
from shouwang.lib.clock import ZONE
from shouwang.register.joining.duplicates import told_apart
from shouwang.register.joining.merging import take_back_not_the_same
from shouwang.register.models import NotTheSame

TITLE = _("说过不是同一个人")


def taken(request: DeskRequest) -> Listing:
    """Every pair with who said so, to take away."""
    return Listing(TITLE, (*SIDE, *SIDE, _("谁说的"), _("什么时候")), _cells())


@page("register.read")
@exports(taken)
def apart(request: DeskRequest) -> HttpResponse:
    """The pairs that nobody is asked about again, the latest first."""
    rows = told_apart()
    found = {
        "title": TITLE,
        "pairs": [{"said": one, "rows": (one.one, one.other)} for one in rows[:PAGE]],
        "count": rows.count(),
        "may": request.grants.may,
    }
    return render(request, "living/apart.html", found)


@page("register.read")
def asked_again(request: DeskRequest) -> HttpResponse:
    """It was said too early: the two are shown again to whoever knows."""
    if request.method != "POST":
        return redirect("told_apart")
    _kind, one, other = two_named(request, "one", "other")
    take_back_not_the_same(one, other, by=request.user, at=request.now)
    return back(request, _("撤回了。像同一个人的，会再问一次。"), "person", one)


def _cells() -> Iterator[list[object]]:
    for said in told_apart().iterator(chunk_size=PAGE):
        yield [*side(said.one), *side(said.other), *_who(said)]


def _who(said: NotTheSame) -> tuple[str, str]:
    return said.by.name if said.by else "", f"{said.at.astimezone(ZONE):%Y-%m-%d %H:%M}"
