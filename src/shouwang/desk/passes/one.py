"""One pass: whose, until when, what became of it, and the steps that whoever looks may take now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.grounds import grounds_known
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import allowed, done
from shouwang.desk.passes.forms import BESIDE, LongerForm, ReasonForm, WithdrawForm
from shouwang.desk.passes.where import Line, lines_of, pass_of, plan_here
from shouwang.desk.running.sent import sent
from shouwang.desk.wording import in_language
from shouwang.lib.clock import ZONE, day_of
from shouwang.lib.ids import uuid7
from shouwang.standing import bars, passes
from shouwang.standing.actions import Grounds
from shouwang.standing.cards import OVER, kinds_of, token_of
from shouwang.standing.models import Bar, Pass, Proposal
from shouwang.standing.own import path_of
from shouwang.standing.verdict import LOST, REPLACED, WITHDRAWN


@page("pass.issue")
def opened(request: DeskRequest, card: UUID) -> HttpResponse:
    """The page of a pass."""
    return shown(request, pass_of(card))


def shown(request: DeskRequest, row: Pass, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page as it stands, with the forms that were typed into."""
    plan = plan_here(request, row.area_code)
    line = lines_of(request, [row], plan)[0]
    kind = kinds_of(plan).get(row.kind)
    known = {"id": uuid7(request.now), **grounds_known(plan, on=day_of(request.now))}
    waits = (
        Proposal.objects.filter(card=row, decided_at=None, until__gt=request.now)
        .select_related("proposed_by")
        .first()
    )
    found = {
        "line": line, "card": row, "kind": kind, "kind_words": in_language(kind.words) if kind else row.kind,
        "days": plan.gates.withdrawn_pass_days if plan and plan.gates else None,
        "scanned": token_of(row), "link": request.build_absolute_uri(path_of(row)),
        "bars": Bar.objects.filter(card=row).select_related("proposed_by", "approved_by", "ended_by").order_by("approved_at"),
        "refused_asks": Proposal.objects.filter(card=row, bar=None).exclude(decided_at=None).select_related("decided_by"),
        "before": Pass.objects.filter(replaced_by=row).first(), "pending": waits, "mine": request.user.pk,
        "steps": _steps(request, line, waits), "withdraw_form": WithdrawForm(initial=known, prefix="withdraw"),
        "longer_form": LongerForm(prefix="longer"), "end_form": ReasonForm(prefix="end"),
        "refuse_form": ReasonForm(prefix="refuse"), "back_form": ReasonForm(prefix="back"), **more,
    }  # fmt: skip
    return render(request, "passes/one.html", found, status=status)


@page("pass.issue")
@sent("passes")
def lost(request: DeskRequest, card: UUID) -> HttpResponse:
    """It is lost."""
    row = pass_of(card)
    if not row.lost_at:
        passes.lose(row, by=request.user, at=request.now)
    messages.success(request, _("挂失了，拿这张证过不了门。找到了点“找到了”，找不到就补办。"))
    return redirect("pass", card)


@page("pass.issue")
@sent("passes")
def found(request: DeskRequest, card: UUID) -> HttpResponse:
    """It turned up."""
    passes.found_again(pass_of(card), by=request.user, at=request.now)
    messages.success(request, _("这张证又能用了。"))
    return redirect("pass", card)


@page("pass.issue")
@sent("passes")
def replaced(request: DeskRequest, card: UUID) -> HttpResponse:
    """A new card instead of it; sent twice, the same new one."""
    row = pass_of(card)
    if row.replaced_by_id:
        return redirect("pass", row.replaced_by_id)
    line = lines_of(request, [row], None)[0]
    fresh = passes.replace(row, withdrawn=line.state == WITHDRAWN, by=request.user, at=request.now)
    messages.success(request, _("补办好了，旧证作废。请打印新证。"))
    return redirect("pass", fresh.pk)


@page("pass.issue")
@sent("passes")
def longer(request: DeskRequest, card: UUID) -> HttpResponse:
    """It holds longer."""
    row, form = pass_of(card), LongerForm(request.POST, prefix="longer")

    def write(typed: dict[str, Any]) -> None:
        until = typed["until"].astimezone(ZONE)
        if not passes.prolong([row.pk], until=until, by=request.user, at=request.now) and row.until != until:
            raise passes.EndsBefore()

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, longer_form=form)
    messages.success(request, _("延长了。卡上印的日期是旧的，要用卡请重新打印。"))
    return redirect("pass", card)


@page("pass.issue")
@sent("passes")
def ended(request: DeskRequest, card: UUID) -> HttpResponse:
    """It is no longer needed."""
    row, form = pass_of(card), ReasonForm(request.POST, prefix="end")

    def write(typed: dict[str, Any]) -> None:
        passes.end(Pass.objects.filter(pk=row.pk), why=typed["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, end_form=form)
    messages.success(request, _("这张证用完了，记下了。"))
    return redirect("pass", card)


@page("pass.issue")
@sent("passes")
def asked(request: DeskRequest, card: UUID) -> HttpResponse:
    """Somebody asks that it be withdrawn."""
    row, form = pass_of(card), WithdrawForm(request.POST, prefix="withdraw")

    def write(typed: dict[str, Any]) -> None:
        what = bars.Barred(row.area_code, card=row, receipt=typed.pop("receipt"))
        once, until = typed.pop("id"), typed.pop("until").astimezone(ZONE)
        plan = plan_here(request, row.area_code)
        bars.propose(what, Grounds(**typed), until=until, plan=plan, by=request.user, at=request.now, id=once)

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, withdraw_form=form)
    messages.success(request, _("提出了。要有权的另一个人批准才算数，批准以前证照常能用。"))
    return redirect("pass", card)


@page("pass.decide")
@sent("passes")
def decided(request: DeskRequest, proposal: UUID) -> HttpResponse:
    """Somebody else says yes; sent twice, it is one decision."""
    row = _proposal(request, proposal)
    if row.decided_by_id != request.user.pk:
        bars.decide(row, by=request.user, at=request.now)
    messages.success(request, _("批准了，从现在起算数，到时自动恢复。请把收条和理由告诉本人。"))
    return _back(row)


@page("pass.decide")
@sent("passes")
def refused(request: DeskRequest, proposal: UUID) -> HttpResponse:
    """Somebody else says no, and why."""
    row, form = _proposal(request, proposal), ReasonForm(request.POST, prefix="refuse")

    def write(typed: dict[str, Any]) -> None:
        bars.refuse(row, reason=typed["reason"], by=request.user, at=request.now)

    if row.decided_by_id != request.user.pk and not done(form, write, BESIDE):
        return (
            shown(request, pass_of(row.card_id), status=422, refuse_form=form) if row.card_id else _back(row)
        )
    messages.success(request, _("没有批准，证照常能用。"))
    return _back(row)


@page("pass.decide")
@sent("passes")
def given_back(request: DeskRequest, bar: UUID) -> HttpResponse:
    """A bar ends before its time."""
    row, form = _bar(request, bar), ReasonForm(request.POST, prefix="back")

    def write(typed: dict[str, Any]) -> None:
        bars.end_early(row, reason=typed["reason"], by=request.user, at=request.now)

    if row.ended_by_id != request.user.pk and not done(form, write, BESIDE):
        return shown(request, pass_of(row.card_id), status=422, back_form=form) if row.card_id else _back(row)
    messages.success(request, _("提前恢复了，现在就能用。"))
    return _back(row)


def _steps(request: DeskRequest, line: Line, waits: Proposal | None) -> set[str]:
    """What may be done with this pass now, by this person."""
    alive = line.state not in (OVER, REPLACED)
    may = request.grants.may
    found = {
        "lose": alive and line.state != LOST, "found": line.state == LOST,
        "replace": alive and line.state != WITHDRAWN, "longer": alive, "end": alive,
        "withdraw": alive and not waits and line.bar is None,
        "decide": waits is not None and "pass.decide" in may and waits.proposed_by_id != request.user.pk,
        "give_back": line.bar is not None and "pass.decide" in may,
    }  # fmt: skip
    return {step for step, is_open in found.items() if is_open}


def _proposal(request: DeskRequest, pk: UUID) -> Proposal:
    row = one_in_scope(Proposal.objects.filter(pk=pk))
    allowed(request, "pass.decide", row.area_code)
    return row


def _bar(request: DeskRequest, pk: UUID) -> Bar:
    row = one_in_scope(Bar.objects.filter(pk=pk))
    allowed(request, "pass.decide", row.area_code)
    return row


def _back(row: Proposal | Bar) -> HttpResponse:
    return redirect("pass", row.card_id) if row.card_id else redirect("pass_bars")
