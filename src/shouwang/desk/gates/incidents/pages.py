"""卡口事件: those that nobody else has looked at first; each reviewed by somebody who was not there; objections answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.pictures import seen
from shouwang.desk.asked.times import MOMENT
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.gates.incidents.forms import BESIDE, YES, AnswerForm, IncidentForm, ReviewForm
from shouwang.desk.living.acting import allowed, done
from shouwang.devices.photos import photos_of
from shouwang.gates.incidents import contesting, reporting
from shouwang.gates.incidents.models import WITHDRAWN, Incident
from shouwang.gates.models import Gate
from shouwang.lib.clock import ZONE
from shouwang.lib.errors import Refusal
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import plan_of
from shouwang.register.models import Person
from shouwang.standing.actions import Grounds
from shouwang.standing.models import Pass

PAGE = 100
FULL_NAMES, SEES, DECIDES = "register.read", "gate.read", "pass.decide"


class NoSuchPass(Refusal):
    code = "desk.no_such_pass"
    sentence = "没有 {number} 号证，请再核对一次证号。"


def taken(request: DeskRequest) -> Listing:
    """The incidents, to take away."""
    rows = (
        (one.at, one.gate.name if one.gate else "", _(one.get_kind_display()), one.note, _said(one))
        for one in _rows()
    )
    words = (_("什么时候"), _("哪个卡口"), _("什么事"), _("经过"), _("复核的结果"))
    return Listing(_("卡口事件"), words, rows)


@page(SEES)
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """The incidents, those that wait first, and the objections that wait."""
    waiting = reporting.waiting().select_related("gate", "by").order_by("review_due_at")
    asked = contesting.unanswered().select_related("card__person").order_by("due_at")
    shown = {
        "waiting": waiting[:PAGE], "rows": [(one, _said(one)) for one in _rows()[:PAGE]], "contests": asked[:PAGE],
        "may": request.grants.may,
    }  # fmt: skip
    return render(request, "gates/incidents/list.html", shown)


@page(SEES)
def new(request: DeskRequest) -> HttpResponse:
    """Somebody writes down what happened; sent twice it is one."""
    gates = Gate.objects.filter(closed_at=None).order_by("area_code", "name")
    initial = {"id": uuid7(request.now), "happened_at": request.now.astimezone(ZONE).strftime(MOMENT)}
    form = IncidentForm([(str(one.pk), one.name) for one in gates], request.POST or None, initial=initial)

    def write(typed: dict[str, Any]) -> None:
        reporting.report([_happened(request, typed)], by=request.user, at=request.now)

    if request.method == "POST" and done(form, write, BESIDE):
        messages.success(request, _("记下了。要由没有在场的另一个人复核。"))
        return redirect("incident", form.cleaned_data["id"])
    shown = {"form": form, "gates": gates}
    return render(request, "gates/incidents/new.html", shown, status=422 if form.errors else 200)


@page(SEES)
def opened(request: DeskRequest, incident: UUID) -> HttpResponse:
    """One incident, and the look of somebody else."""
    row = reporting.incident_of(incident)
    review = getattr(row, "review", None)
    form = ReviewForm(row.taken, request.POST or None, initial=_grounds(request, row))
    if request.method == "POST":
        allowed(request, DECIDES, row.area_code)
        again = review is not None and review.by_id == request.user.pk
        if again or done(form, lambda typed: _review(request, row, typed), BESIDE):
            messages.success(request, _("复核好了。请把结果和理由告诉本人。"))
            return redirect("incident", row.pk)
    shown = {
        "incident": row, "review": review, "form": form, "who": _name(request, row.person, row.who), "mine": row.by_id == request.user.pk,
        "holder": _name(request, row.card.person, row.card.holder) if row.card else "", "may": request.grants.may,
        "photos": photos_of([row.pk]),
    }  # fmt: skip
    return render(request, "gates/incidents/one.html", shown, status=422 if form.errors else 200)


@page(SEES)
def photo(request: DeskRequest, incident: UUID, photo: UUID) -> HttpResponseBase:
    """What a guard photographed."""
    row, one = reporting.incident_of(incident), photos_of([incident]).filter(pk=photo).first()
    picture = one.upload if one else None
    return seen(request, picture, action="gates.look_at_photo", area=row.area_code, of=row.pk)


@page(SEES)
def contest(request: DeskRequest, contest: UUID) -> HttpResponse:
    """What was objected to, and the answer of somebody who did not decide."""
    row = contesting.contest_of(contest)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        allowed(request, DECIDES, row.area_code)
        again = row.answered_by_id == request.user.pk
        if again or done(form, lambda typed: _answer(request, row.pk, typed), BESIDE):
            messages.success(request, _("答复了，本人在自己的页面上看得到。"))
            return redirect("pass_contest", row.pk)
    shown = {
        "contest": row, "form": form, "holder": _name(request, row.card.person, row.card.holder), "may": request.grants.may,
    }  # fmt: skip
    return render(request, "gates/incidents/contest.html", shown, status=422 if form.errors else 200)


def _rows() -> Any:
    return Incident.objects.filter(void_at=None).select_related("gate", "by", "review").order_by("-at")


def _said(row: Incident) -> str:
    """What became of it."""
    review = getattr(row, "review", None)
    return str(_(review.get_outcome_display())) if review else _("等人复核")


def _happened(request: DeskRequest, typed: dict[str, Any]) -> reporting.Happened:
    gate = one_in_scope(Gate.objects.filter(pk=typed["gate"]))
    allowed(request, SEES, gate.area_code)
    digits = "".join(typed["number"].split())
    card = Pass.objects.filter(number=digits).first() if digits else None
    if digits and card is None:
        raise NoSuchPass(number=typed["number"])
    at = min(typed["happened_at"].astimezone(ZONE), request.now)
    return reporting.Happened(
        gate.area_code, typed["kind"], typed["words"], at, gate=gate, who=typed["who"], card=card, plate=typed["plate"],
        taken=typed["taken"], receipt=typed["receipt"], id=typed["id"],
    )  # fmt: skip


def _review(request: DeskRequest, row: Incident, typed: dict[str, Any]) -> None:
    grounds, until = None, None
    if typed["outcome"] == WITHDRAWN:
        named = {key: typed[key] for key in ("authority", "document", "legal_basis")}
        grounds = Grounds(row.kind, typed["words"], **named)
        until = typed["until"].astimezone(ZONE)
    reporting.review(
        row.pk, outcome=typed["outcome"], words=typed["words"], by=request.user, at=request.now, grounds=grounds,
        until=until,
    )  # fmt: skip


def _answer(request: DeskRequest, pk: UUID, typed: dict[str, Any]) -> None:
    contesting.answer(
        pk, upheld=typed["upheld"] == YES, words=typed["words"], by=request.user, at=request.now
    )


def _grounds(request: DeskRequest, row: Incident) -> dict[str, str]:
    """What the plan already says about who decides."""
    plan = plan_of(row.area_code, now=request.now)
    legal = plan.legal if plan else None
    return (
        {"authority": legal.deciding_authority or "", "document": legal.document_number or ""}
        if legal
        else {}
    )


def _name(request: DeskRequest, person: Person | None, written: str) -> str:
    name = person.name if person else written
    return name if FULL_NAMES in request.grants.may or not name else f"{name[:1]}**"
