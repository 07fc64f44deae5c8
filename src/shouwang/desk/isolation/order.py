"""One person's order: why, until when, the days, what is owed, and the steps that whoever looks may take now."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwang.access.models import Grant, User
from shouwang.access.roles import permissions_of
from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.forms import DecideForm, ExtendForm, ReadingForm, ReasonForm, ReleaseForm
from shouwang.desk.isolation.named import category_of, name_of, order_of
from shouwang.desk.living.acting import allowed
from shouwang.desk.open.home import home_link
from shouwang.desk.running.sent import sent
from shouwang.isolation.asking import tells_of_illness
from shouwang.isolation.caring import not_reached
from shouwang.isolation.home import parts_of
from shouwang.isolation.models import CARE, Care, Order
from shouwang.isolation.ordering import regime_of
from shouwang.isolation.overview import of_one_door, owed_to
from shouwang.lib.ids import uuid7
from shouwang.outreach.codes import for_calls
from shouwang.plans.actions import plan_of
from shouwang.plans.actions import read as read_plan
from shouwang.plans.form.people import in_words
from shouwang.register.models import Person
from shouwang.register.queries import reveal
from shouwang.screening.actions import OUTCOMES

ONE_TAP = tuple((key, words) for key, words in CARE if key != "release")
BY_PHONE = ("no_reply", "wrong_number", "hung_up", "refused")


@page("isolation.work")
def opened(request: DeskRequest, order: UUID) -> HttpResponse:
    """The order's page."""
    return shown(request, order_of(order))


@page("isolation.work")
@sent("isolation")
def called(request: DeskRequest, order: UUID) -> HttpResponse:
    """The phones of the household, written down before they are shown; or that nobody answered."""
    row = order_of(order)
    outcome = request.POST.get("outcome", "")
    if outcome in BY_PHONE:
        not_reached(row, outcome=outcome, by=request.user, at=request.now)
        return shown(request, row, said=_("记下了，还要再联系。"))
    people = Person.objects.filter(household__kept_id=row.household.kept_id, left_at=None)
    numbers = {
        phone: name_of(request, one)
        for one in sorted(people, key=lambda one: one.pk != row.person_id)
        for phone in reveal(one, "phones", by=request.user, at=request.now, reason=_("居家隔离，打电话"))
    }
    codes = for_calls([*numbers], by=request.user, area=row.area_code, at=request.now)
    told = [(whose, phone, codes[phone]) for phone, whose in numbers.items()]
    answer = shown(request, row, numbers=told, called=True)
    answer["Cache-Control"] = "no-store"
    return answer


def shown(
    request: DeskRequest, row: Order, *, status: int = 200, numbers: Sequence[tuple[str, str, str]] = (),
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page as it stands, with the forms that were typed into."""
    part, rules = parts_of([row], now=request.now)[0], read_plan(row.plan)
    together = list(of_one_door(row, request.now))
    found = {
        "order": row, "part": part, "name": name_of(request, row.person), "category": category_of(row),
        "regime": in_words(regime_of(row)), "home": row.household, "full_names": "register.read" in request.grants.may,
        "together": [(one, name_of(request, one.person)) for one in together if one.pk != row.pk],
        "waiting": [(one, name_of(request, one.person)) for one in together if one.decided_at is None],
        "owed": [(duty, DUTY_KINDS[duty.kind].words) for duty in owed_to(row, request.now)],
        "cares": Care.objects.filter(order=row).select_related("by").order_by("at"),
        "readings": [(one, tells_of_illness(one, row)) for day in part.days for one in day.readings][-14:],
        "steps": steps_of(request, row), "one_tap": ONE_TAP, "care_id": uuid7(request.now),
        "outcomes": [(key, OUTCOMES[key]) for key in BY_PHONE], "numbers": numbers, "link": home_link(row),
        "withdraw_form": ReasonForm(prefix="withdraw"), "release_form": ReleaseForm(prefix="release"),
        "decide_form": DecideForm(initial=_grounds(request, row)),
        "extend_form": ExtendForm(proposers(request, row), prefix="extend"),
        "reading_form": ReadingForm(symptoms_of(row), request.now), "rules": rules,
        **more,
    }  # fmt: skip
    return render(request, "isolation/order.html", found, status=status)


def steps_of(request: DeskRequest, row: Order) -> set[str]:
    """What may be done with this order now, by this person."""
    may, alive = request.grants.may, not row.withdrawn_at and not row.released_at
    asked = alive and not row.decided_at and row.lapses_at > request.now
    runs = alive and bool(row.decided_at)
    another = row.proposed_by_id != request.user.pk
    found = {
        "confirm": asked and another and not row.address_confirmed_at and "register.read" in may,
        "decide": asked and another and bool(row.address_confirmed_at) and "isolation.decide" in may,
        "withdraw": asked and "isolation.propose" in may,
        "care": runs and row.until > request.now,
        "extend": runs and row.until > request.now and "isolation.decide" in may,
        "early": runs and row.until > request.now and "isolation.decide" in may,
        "due": runs and row.until <= request.now and "isolation.propose" in may,
        "notice": alive and "register.read" in may,
    }
    return {step for step, is_open in found.items() if is_open}


def step(request: DeskRequest, order: UUID, permission: str) -> Order:
    """The order, where this person may also do this here. Raises: NoGrant, NotInScope."""
    row = order_of(order)
    allowed(request, permission, row.area_code)
    return row


def symptoms_of(row: Order) -> list[str]:
    """What the plan asks about."""
    asked = read_plan(row.plan).isolation
    return list(asked.symptoms) if asked else []


def proposers(request: DeskRequest, row: Order) -> list[tuple[str, str]]:
    """Who else may ask that an order lasts longer here."""
    held = Grant.objects.in_force(request.now).exclude(user=request.user).select_related("user")
    asking = [one for one in held if "isolation.propose" in permissions_of([one.role])]
    here = {one.user for one in asking if row.area_code.startswith(tuple(one.area_codes))}
    return [(str(one.pk), str(one.name)) for one in sorted(here, key=lambda user: user.pk)]


def user_of(pk: str) -> User:
    """Somebody who was chosen from `proposers`."""
    return User.objects.get(pk=int(pk))


def _grounds(request: DeskRequest, row: Order) -> dict[str, str]:
    """What the plan already says about who decides, and on which law."""
    plan = plan_of(row.area_code, now=request.now)
    legal = plan.legal if plan else None
    if legal is None:
        return {"reason": category_of(row)}
    laws = [f"{one.title}{'、'.join(one.articles)}" for one in legal.statutes.values()]
    return {
        "authority": legal.deciding_authority or "", "document": legal.document_number or "",
        "legal_basis": laws[0][:200] if laws else "", "reason": category_of(row),
    }  # fmt: skip
