"""消防通道检查: one tap by whoever stands at the exit; and the car of whoever had to leave."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shouwang.desk.asked.written import written
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.running.sent import sent
from shouwang.isolation.buildings.exits import arrange, check_exit
from shouwang.isolation.buildings.seals import seal_of
from shouwang.lib.ids import uuid7


@page("visit.record")
@sent("seals")
def checked(request: DeskRequest, seal: UUID) -> HttpResponse:
    """One can get through, or not: a blocked exit stays owed until somebody clears it."""
    row = seal_of(seal)
    passable = request.POST.get("passable") == "yes"
    check_exit(
        row.pk, passable=passable, checked_at=request.now, by=request.user, at=request.now,
        note=written(request, "note", 200), id=_uuid(request),
    )  # fmt: skip
    if passable:
        messages.success(request, _("记下了：通道能走。"))
    else:
        messages.error(request, _("走不通，马上清开，清开以后再记一次。清不开的，打 119 问怎么办。"))
    return redirect("seals") if request.POST.get("back") == "seals" else redirect("seal", row.pk)


@page("visit.record")
@sent("seals")
def transported(request: DeskRequest, left: UUID) -> HttpResponse:
    """By which car somebody goes who left."""
    row = arrange(left, transport=written(request, "transport", 80), by=request.user, at=request.now)
    messages.success(request, _("记下了：{transport}").format(transport=row.transport))
    return redirect("seals")


def _uuid(request: DeskRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid7(request.now)
