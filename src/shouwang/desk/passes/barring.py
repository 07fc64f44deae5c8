"""收回和不让进: what waits for a second person, what holds now, and a car or somebody that is to be kept out."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.desk.asked.grounds import grounds_known
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import allowed, done
from shouwang.desk.passes.forms import BESIDE, BarForm, ReasonForm
from shouwang.desk.passes.where import FULL_NAMES, areas_of, name_on, plan_here
from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.register.finding.search import search
from shouwang.standing.actions import Grounds
from shouwang.standing.bars import Barred, propose, waiting
from shouwang.standing.cards import bars_in_force
from shouwang.standing.models import Bar, Proposal

PAGE = 200


class NotOnePerson(Refusal):
    code = "desk.not_one_person"
    sentence = "找到 {count} 个人。请写手机号或者身份证号，只对上一个人。"


def taken(request: DeskRequest) -> Listing:
    """What holds now, to take away."""
    rows = (
        (_what(request, one), one.reason, one.approved_by.name, one.document, one.until)
        for one in _in_force(request)
    )
    words = (_("收回什么、不让谁进"), _("原因"), _("谁批准的"), _("文号"), _("到什么时候"))
    return Listing(_("收回和不让进"), words, rows)


@page("pass.issue")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """What waits and what holds; a car or somebody is asked to be kept out here."""
    areas = areas_of(request, ("community", "compound"))
    known = {"id": uuid7(request.now), **grounds_known(plan_here(request), on=day_of(request.now))}
    form = BarForm(areas, request.POST or None, initial=known)

    def write(typed: dict[str, Any]) -> None:
        allowed(request, "pass.issue", typed["area"])
        _propose(request, typed)

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("提出了。要有权的另一个人批准才算数。"))
        return redirect("pass_bars")
    asked = (
        waiting(request.now).select_related("card__person", "person", "proposed_by").order_by("proposed_at")
    )
    shown = {
        "asked": [(one, _what(request, one)) for one in asked[:PAGE]], "rows": [(one, _what(request, one)) for one in _in_force(request)],
        "form": form, "refuse_form": ReasonForm(prefix="refuse"), "back_form": ReasonForm(prefix="back"),
        "may": request.grants.may, "mine": request.user.pk, "here": "bars",
    }  # fmt: skip
    return render(request, "passes/bars.html", shown, status=422 if form.errors else 200)


def _in_force(request: DeskRequest) -> list[Bar]:
    rows = bars_in_force(request.now).select_related("card__person", "person", "proposed_by", "approved_by")
    return list(rows.order_by("until")[:PAGE])


def _propose(request: DeskRequest, typed: dict[str, Any]) -> None:
    once, until, area = typed.pop("id"), typed.pop("until").astimezone(ZONE), typed.pop("area")
    plate, who, receipt = typed.pop("plate"), typed.pop("who"), typed.pop("receipt")
    what = Barred(area, person=_person(request, who) if who else None, plate=plate, receipt=receipt)
    plan = plan_here(request, area)
    propose(what, Grounds(**typed), until=until, plan=plan, by=request.user, at=request.now, id=once)


def _person(request: DeskRequest, typed: str) -> int:
    """The one person whom these words mean. Raises: NotOnePerson."""
    hits = [hit for hit in search(typed, codes=request.grants.codes) if hit.kind == "person"]
    exact = [hit for hit in hits if hit.exact] or hits
    if len(exact) != 1:
        raise NotOnePerson(count=len(exact))
    return exact[0].id


def _what(request: DeskRequest, row: Bar | Proposal) -> str:
    """What is barred, in words."""
    if row.card:
        return _("收回 {name} 的证").format(name=name_on(request, row.card))
    if row.person:
        name = row.person.name if FULL_NAMES in request.grants.may else f"{row.person.name[:1]}**"
        return _("不让 {name} 进（本人的家除外）").format(name=name)
    return _("不让 {plate} 进").format(plate=row.plate)
