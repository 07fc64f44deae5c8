"""要复采的管: each with its clock; who of it waits, who was swabbed alone, what came of it, who was told."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.grounds import GroundsForm, grounds_known
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.communities import chosen_community
from shouwang.desk.running.sent import sent
from shouwang.desk.wording import in_language
from shouwang.flows.swabbing.positives import investigated, orders_from
from shouwang.isolation.models import Order
from shouwang.lib.clock import day_of
from shouwang.lib.identity import mask_name
from shouwang.plans.actions import plan_of
from shouwang.plans.actions import read as read_plan
from shouwang.standing.actions import Grounds
from shouwang.testing.results.models import Pool
from shouwang.testing.results.pools import REASON, hold, tell
from shouwang.testing.results.queries import Member, PoolLine, line_of, pools_of

SHOWN = 50
BESIDE = {"standing.second_person": "document"}


class WaitForm(GroundsForm):
    """On what it stands that these people wait at home."""

    reason = forms.CharField(label=gettext_lazy("原因（会写给本人看）"), max_length=200)


def taken(request: DeskRequest) -> Listing:
    """The tubes that had to be taken again, with their clocks."""
    area = chosen_community(request).code
    lines = [line_of(pool) for pool in pools_of(area)]
    rows = (
        [
            line.pool.tube.code, line.pool.found_at, line.pool.due_at, len(line.members), line.swabbed, line.known,
            line.positive, line.pool.closed_at,
        ]
        for line in lines
    )  # fmt: skip
    heads = (_("条码号"), _("发现"), _("最晚复采"), _("人数"), _("已复采"), _("有结果"), _("确认"), _("办完"))
    return Listing(_("要复采的管"), heads, rows, area)


@page("result.work")
@exports(taken)
def listed(request: DeskRequest) -> HttpResponse:
    """Every tube that has to be taken again, those still open first."""
    lines = [line_of(pool) for pool in pools_of(chosen_community(request).code)[:SHOWN]]
    return render(request, "testing/results/pools.html", {"lines": lines})


@page("result.work")
def opened(request: DeskRequest, pool: UUID) -> HttpResponse:
    """One of them: its steps and its people."""
    row = pool_of(pool)
    return _shown(request, row, WaitForm(initial=_proposed(request, row)))


@page("isolation.decide")
@sent("pools")
def approved(request: DeskRequest, pool: UUID) -> HttpResponse:
    """A second person decides that they wait at home for their own result."""
    row, form = pool_of(pool), WaitForm(request.POST)

    def write(typed: dict[str, Any]) -> None:
        hold(row.pk, Grounds(REASON, **typed), by=request.user, at=request.now)

    if not row.held_at and not done(form, write, BESIDE):
        return _shown(request, row, form, status=422)
    messages.success(request, _("批准了。到时候自动解除，单人结果阴性的当时解除。"))
    return redirect("pool", row.pk)


@page("result.work")
@sent("pools")
def told(request: DeskRequest, pool: UUID, told: int) -> HttpResponse:
    """One of those who must know was told."""
    row = pool_of(pool)
    tell(told, by=request.user, at=request.now)
    return redirect("pool", row.pk)


def pool_of(pool: UUID) -> Pool:
    """A tube that had to be taken again. Raises: NotInScope."""
    return one_in_scope(Pool.objects.filter(pk=pool).select_related("tube", "result", "found_by", "held_by"))


def _shown(request: DeskRequest, row: Pool, form: WaitForm, status: int = 200) -> HttpResponse:
    line: PoolLine = line_of(row)
    may = "isolation.decide" in request.grants.held and request.user != row.found_by
    shown = {
        "line": line, "members": _members(line), "pool": row, "form": form, "may_decide": may, "late": row.due_at <= request.now,
        "may_look": "isolation.work" in request.grants.may,
    }  # fmt: skip
    return render(request, "testing/results/pool.html", shown, status=status)


def _members(line: PoolLine) -> list[tuple[Member, bool, list[tuple[Order, str]]]]:
    """Everybody of the tube: whether their case is looked into, and the requests that their own result led to, each in words."""
    people = {
        one.row.pk: one.row.person.kept_id or one.row.person_id for one in line.members if one.row.person
    }
    orders = orders_from([one.row.single_id for one in line.members if one.row.single_id])
    cases = investigated([one for one in people.values() if one]) if line.positive else set()
    return [
        (one, people.get(one.row.pk) in cases, [(order, _words(order)) for order in orders.get(one.row.single_id, [])])
        for one in line.members
    ]  # fmt: skip


def _words(order: Order) -> str:
    known = read_plan(order.plan).categories.get(order.category)
    return f"{mask_name(order.person.name)} {in_language(known.words) if known else order.category}"


def _proposed(request: DeskRequest, row: Pool) -> dict[str, str]:
    """What the plan of the place says already."""
    why = _("同一支采样管要单人复采，您自己的结果出来以前请在家等一等")
    plan = plan_of(row.area_code, now=request.now)
    return grounds_known(plan, on=day_of(request.now)) | {"reason": why}
