"""特殊行业: the employers with their rule, who is on duty, who is on leave, who missed twice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.asked.times import once
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.desk.testing.rounds.forms import BESIDE, LeaveForm, TradeForm
from shouwang.lib.clock import day_of
from shouwang.lib.errors import NotInScope
from shouwang.lib.identity import mask_name
from shouwang.register.finding.search import Hit, search
from shouwang.testing.models import Trade, Worker
from shouwang.testing.rounds.trades import (
    Rule,
    add_trade,
    end_trade,
    on_leave,
    put_on,
    standing_of,
    take_off,
    who_missed_twice,
)

MOST, FOUND = 60, 8


def taken(request: DeskRequest) -> Listing:
    """The employers, to take away."""
    words = (
        _("单位"),
        _("行业或岗位"),
        _("几天"),
        _("检几次"),
        _("总人数"),
        _("在岗"),
        _("放假"),
        _("两次以上未检"),
    )
    rows = (
        [
            row.employer,
            row.trade,
            row.every_days,
            row.times,
            one.people,
            one.on_duty,
            one.away,
            one.missed_twice,
        ]
        for row, one in _lines(request)
    )
    return Listing(_("特殊行业"), words, rows)


@page("round.open")
@exports(taken)
def trades(request: DeskRequest) -> HttpResponse:
    """The employers."""
    return render(request, "testing/rounds/trades.html", {"lines": _lines(request)})


@page("round.open")
def new(request: DeskRequest) -> HttpResponse:
    """One more employer and its rule."""
    form = TradeForm(
        request.grants, request.POST or None, initial={**once(request.now), "from_on": day_of(request.now)}
    )
    made: list[Trade] = []

    def write(told: dict[str, Any]) -> None:
        area, rule = request.grants.require_area(told["area"]), Rule(told["every_days"], told["times"])
        made.append(
            add_trade(
                area, employer=told["employer"], trade=told["trade"], rule=rule, document=told["document"], from_on=told["from_on"],
                by=request.user, at=request.now, id=told["id"],
            )
        )  # fmt: skip

    if request.method == "POST" and done(form, write, BESIDE):
        return redirect("testing_trade", made[0].pk)
    return render(
        request, "testing/rounds/trade_new.html", {"form": form}, status=422 if form.errors else 200
    )


def people_taken(request: DeskRequest, trade: UUID) -> Listing:
    """An employer's people, to take away."""
    row = _trade(trade)
    missed = who_missed_twice([row], now=request.now).get(row.pk, {})
    lines = (
        [mask_name(one.person.name), str(one.person.household), one.away_from, one.away_until, missed.get(one.person_id, 0)]
        for one in _people(row)
    )  # fmt: skip
    return Listing(
        str(row), (_("姓名"), _("门牌"), _("休假从"), _("回来上班"), _("未检几次")), lines, row.area_code
    )


@page("round.open")
@exports(people_taken)
def opened(request: DeskRequest, trade: UUID) -> HttpResponse:
    """An employer's people: on duty or on leave, who missed twice; somebody is looked up and put on."""
    row = _trade(trade)
    missed = who_missed_twice([row], now=request.now).get(row.pk, {})
    asked = request.GET.get("q", "").strip()[:40]
    shown = {
        "trade": row, "q": asked, "found": _found(asked, request), "form": LeaveForm(),
        "people": [(one, missed.get(one.person_id, 0), _away(one, day_of(request.now))) for one in _people(row)],
    }  # fmt: skip
    return render(request, "testing/rounds/trade.html", shown)


@page("round.open")
@sent("testing_trades")
def put(request: DeskRequest, trade: UUID) -> HttpResponse:
    """Somebody works there."""
    row, person = _trade(trade), row_number(request.POST.get("person", ""))
    if person is None:
        raise NotInScope()
    put_on(row, [person], by=request.user, at=request.now)
    return redirect("testing_trade", row.pk)


@page("round.open")
@sent("testing_trades")
def changed(request: DeskRequest, worker: int) -> HttpResponse:
    """On leave, back on duty, or gone."""
    row = one_in_scope(Worker.objects.filter(pk=worker, left_at=None))
    form = LeaveForm(request.POST)
    if "left" in request.POST:
        take_off(worker, by=request.user, at=request.now)
    elif not done(
        form,
        lambda told: on_leave(
            worker, from_on=told["from_on"], until=told["until"], by=request.user, at=request.now
        ),
        BESIDE,
    ):
        messages.error(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
    return redirect("testing_trade", row.trade_id)


@page("round.open")
@sent("testing_trades")
def ended(request: DeskRequest, trade: UUID) -> HttpResponse:
    """The rule holds no longer."""
    end_trade(trade, by=request.user, at=request.now)
    messages.success(request, _("停用了。"))
    return redirect("testing_trades")


def _found(asked: str, request: DeskRequest) -> list[Hit]:
    hits = search(asked, codes=request.grants.codes, limit=FOUND) if asked else []
    return [hit for hit in hits if hit.kind == "person"]


def _lines(request: DeskRequest) -> list[tuple[Trade, Any]]:
    rows = list(Trade.objects.filter(ended_at=None).order_by("area_code", "employer")[:MOST])
    found = standing_of(rows, now=request.now)
    return [(row, found[row.pk]) for row in rows]


def _trade(pk: UUID) -> Trade:
    return one_in_scope(Trade.objects.filter(pk=pk))


def _people(row: Trade) -> list[Worker]:
    return list(
        row.workers.filter(left_at=None).select_related("person__household").order_by("area_code", "pk")
    )


def _away(one: Worker, today: Any) -> bool:
    return bool(one.away_from and one.away_until and one.away_from <= today < one.away_until)
