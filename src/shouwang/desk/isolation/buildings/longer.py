"""延长封控: asked for in writing before the end, approved by another, told on the public page and on the notice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.desk.isolation.buildings.forms import BESIDE, LongerForm
from shouwang.desk.isolation.buildings.seals import shown
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.isolation.buildings import longer
from shouwang.isolation.buildings.models import Longer
from shouwang.isolation.buildings.seals import seal_of
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import NotInScope, Refusal


@page("isolation.propose")
@sent("seals")
def asked(request: DeskRequest, seal: UUID) -> HttpResponse:
    """Somebody asks; nothing changes yet."""
    row, form = seal_of(seal), LongerForm(request.POST, prefix="longer")

    def write(typed: dict[str, Any]) -> None:
        longer.propose_longer(
            row.pk, until=typed["until"].astimezone(ZONE), reason=typed["reason"], document=typed["document"],
            by=request.user, at=request.now, id=typed["id"],
        )  # fmt: skip

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, longer_form=form)
    messages.success(request, _("提出了。要由另一个有权的人在到期以前批准，批准以前什么都不变。"))
    return redirect("seal", row.pk)


@page("isolation.decide")
@sent("seals")
def approved(request: DeskRequest, asking: UUID) -> HttpResponse:
    """Somebody else agrees; the new end stands on the public page at once."""
    row = one_in_scope(Longer.objects.filter(pk=asking))
    try:
        if row.approved_by_id != request.user.pk:
            longer.approve_longer(row.pk, by=request.user, at=request.now)
        messages.success(request, _("批准了。请在原来的时间之前把新告示贴到楼下。"))
    except NotInScope:
        raise
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    return redirect("seal", row.seal_id)
