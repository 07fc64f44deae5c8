"""The steps of an order, each a button: confirmed, decided, taken back, looked after, longer, let out."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.forms import BESIDE, DecideForm, ReadingForm, ReasonForm, ReleaseForm
from shouwang.desk.isolation.home_form import home_form
from shouwang.desk.isolation.named import back_to, door_of, name_of, order_of
from shouwang.desk.isolation.order import ONE_TAP, shown, step, steps_of, symptoms_of
from shouwang.desk.living.acting import done
from shouwang.desk.running.sent import sent
from shouwang.flows.at_home.ill import refer_ill
from shouwang.flows.isolation_day import begin_isolation
from shouwang.flows.let_go import let_go
from shouwang.isolation import caring, ordering
from shouwang.isolation.asking import ask
from shouwang.isolation.buildings.exits import let_out
from shouwang.isolation.homes.looking import look
from shouwang.isolation.models import Change, Order
from shouwang.isolation.overview import held, of_one_door
from shouwang.lib.codes import COMMUNITY
from shouwang.lib.errors import NotInScope
from shouwang.lib.ids import uuid7
from shouwang.standing.actions import Grounds

A_CAR = timedelta(minutes=30)
OUTSIDE = "outside"  # a reason that is none of the plan's categories


@page("isolation.work")
@sent("isolation")
def confirmed(request: DeskRequest, order: UUID) -> HttpResponse:
    """A second person saw that they live behind this door."""
    row = step(request, order, "register.read")
    if asked := _asked(request, row):
        ordering.confirm_address(asked, by=request.user, at=request.now)
    messages.success(request, _("住址核对好了。"))
    return back_to(request, row)


@page("isolation.decide")
@sent("isolation")
def decided(request: DeskRequest, order: UUID) -> HttpResponse:
    """The deciding authority's word is there."""
    row, form = order_of(order), DecideForm(request.POST)
    asked = _asked(request, row)
    if not asked and row.decided_by_id == request.user.pk:
        return back_to(request, row)  # sent twice

    def write(typed: dict[str, Any]) -> None:
        above = typed.pop("above") and stands_above(request, row.area_code)
        begin_isolation(
            asked or [row.pk],
            Grounds(row.category or OUTSIDE, **typed),
            by=request.user,
            at=request.now,
            above=above,
        )

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, decide_form=form)
    messages.success(request, _("决定了，从现在起算数。请今天上门告知。"))
    return back_to(request, row)


@page("isolation.propose")
@sent("isolation")
def withdrawn(request: DeskRequest, order: UUID) -> HttpResponse:
    """The request is taken back."""
    row = order_of(order)
    form = ReasonForm(request.POST, prefix="withdraw")
    if row.withdrawn_by_id == request.user.pk:
        return back_to(request, row)

    def write(typed: dict[str, Any]) -> None:
        ordering.withdraw(row.pk, reason=typed["reason"], by=request.user, at=request.now)

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, withdraw_form=form)
    messages.success(request, _("撤回了。"))
    return back_to(request, row)


@page("isolation.work")
@sent("isolation")
def cared(request: DeskRequest, order: UUID) -> HttpResponse:
    """Told at the door, called, seen, rubbish fetched: one tap, for everybody behind the door where that was asked."""
    row, what = order_of(order), request.POST.get("what", "")
    if what not in dict(ONE_TAP) and not (what == "welcome" and row.released_at):
        raise NotInScope()
    rows = [row]
    if request.POST.get("everybody"):
        rows = list(held(request.now).filter(household=row.household_id)) or rows
    tap = _uuid(request)
    told = [
        caring.Done(order=one.pk, at=request.now, what=what, id=uuid5(tap, f"{one.pk} {what}"))
        for one in rows
    ]
    caring.record_cares(told, by=request.user, at=request.now)
    messages.success(request, _("记下了 {many} 人。").format(many=len(rows)))
    return back_to(request, row)


@page("isolation.work")
@sent("isolation")
def looked(request: DeskRequest, order: UUID) -> HttpResponse:
    """Somebody looked, or asked by phone, whether the home is fit; it counts for everybody behind the door."""
    row, found = order_of(order), list[Change]()
    form = home_form(row, request.now, request.POST)
    if form is None or "look" not in steps_of(request, row):
        raise NotInScope()

    def write(typed: dict[str, Any]) -> None:
        now, here = request.now, of_one_door(row, request.now).filter(outside="")
        found.extend(
            look(
                list(here.values_list("pk", flat=True)), lacks=typed["lacks"], looked_at=now, by=request.user,
                at=now, id=typed["id"],
            )
        )  # fmt: skip

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, home_form=form)
    proposed = _("已经提出改隔离的地方，要由另一个有权的人批准，批准以前什么都不变。")
    messages.success(request, _("家里的情况记下了。{then}").format(then=proposed if found else ""))
    return back_to(request, row)


@page("isolation.work")
@sent("isolation")
def read(request: DeskRequest, order: UUID) -> HttpResponse:
    """A temperature that a worker took or asked for; with a fever somebody is called for at once."""
    row = order_of(order)
    form = ReadingForm(symptoms_of(row), request.now, request.POST)
    ill: list[object] = []

    def write(typed: dict[str, Any]) -> None:
        taken = caring.Taken(
            person=row.person_id, at=request.now, how=typed["how"], temperature_c=typed["degrees"],
            symptoms=tuple(typed["symptoms"]), id=typed["id"],
        )  # fmt: skip
        made = caring.record_readings([taken], by=request.user, at=request.now)
        ill.extend(refer_ill(made, by=request.user, at=request.now))

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, reading_form=form)
    name = name_of(request, row.person)
    if ill:
        messages.error(request, _("{name}发热或不舒服，已经记下要送医，请马上联系。").format(name=name))
    else:
        messages.success(request, _("{name}的体温记下了。").format(name=name))
    return back_to(request, row)


@page("isolation.work")
@sent("isolation")
def left(request: DeskRequest, order: UUID) -> HttpResponse:
    """They go to a doctor now: written down, a car is owed at once, and nobody is asked. Never refused."""
    row, tap = order_of(order), _uuid(request)
    let_out(
        row.area_code,
        why="doctor",
        who=door_of(row),
        left_at=request.now,
        by=request.user,
        at=request.now,
        id=tap,
    )
    ask(
        row.household_id, what="doctor", words=_("要去看病，请马上落实车。"), how="door", by=request.user, at=request.now,
        person=row.person_id, due_at=request.now + A_CAR, id=uuid5(tap, "car"),
    )  # fmt: skip
    messages.success(request, _("记下了，马上放行。车没有安排好的，现在就打 120。"))
    return back_to(request, row)


@page("isolation.propose")
@sent("isolation")
def released(request: DeskRequest, order: UUID) -> HttpResponse:
    """Let out: at the hour, or before it with a reason by those who decide."""
    row = order_of(order)
    if row.until > request.now:
        step(request, order, "isolation.decide")
    form = ReleaseForm(request.POST, prefix="release")
    if row.released_at:
        return back_to(request, row)  # sent twice

    def write(typed: dict[str, Any]) -> None:
        let_go([row.pk], by=request.user, at=request.now, reason=typed["reason"])

    if not done(form, write, BESIDE):
        return shown(request, row, status=422, release_form=form)
    messages.success(request, _("解除了，可以正常出入。"))
    return back_to(request, row)


def stands_above(request: DeskRequest, area: str) -> bool:
    """Whether this person answers for more than the community of this area: only they can speak for the level above."""
    codes = request.grants.codes
    return any(len(code) < COMMUNITY and area.startswith(code) for code in codes)


def _asked(request: DeskRequest, row: Order) -> list[UUID]:
    """The requests behind this door that were ticked; this one where none was."""
    chosen = set(request.POST.getlist("orders")) or {str(row.pk)}
    waiting = of_one_door(row, request.now).filter(decided_at=None, withdrawn_at=None)
    return [one.pk for one in waiting if str(one.pk) in chosen]


def _uuid(request: DeskRequest) -> UUID:
    try:
        return UUID(request.POST.get("id", ""))
    except ValueError:
        return uuid7(request.now)
