"""One person's order: why, until when, the days, what is owed, and the steps that whoever looks may take now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwang.catalogue import DUTY_KINDS
from shouwang.desk.asked.grounds import grounds_known
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.isolation.change_forms import forms_of
from shouwang.desk.isolation.forms import DecideForm, ReadingForm, ReasonForm, ReleaseForm
from shouwang.desk.isolation.home_form import home_form
from shouwang.desk.isolation.named import category_of, name_of, order_of, refusals
from shouwang.desk.isolation.proposing.following import may_be_followed
from shouwang.desk.isolation.watching.drawing import temperatures
from shouwang.desk.living.acting import allowed
from shouwang.desk.running.sent import sent
from shouwang.desk.wording import in_language, regime_in_language, swab_in_language
from shouwang.isolation.asking import tells_of_illness
from shouwang.isolation.caring import not_reached
from shouwang.isolation.changing import move_of, why_move
from shouwang.isolation.home import parts_of, path_of, relatives
from shouwang.isolation.homes.fit import is_open
from shouwang.isolation.models import CARE, Care, Change, Order, Reading
from shouwang.isolation.ordering import regime_of, schedule
from shouwang.isolation.overview import of_one_door, owed_to
from shouwang.isolation.releasing.conditions import failed
from shouwang.isolation.releasing.looking import conditions_of
from shouwang.lib.clock import day_of, midnight
from shouwang.lib.ids import uuid7
from shouwang.outreach.codes import for_calls
from shouwang.plans.actions import plan_of
from shouwang.plans.actions import read as read_plan
from shouwang.register.models import Person
from shouwang.register.queries import reveal
from shouwang.screening.actions import OUTCOMES
from shouwang.testing.results.known import outcomes_of
from shouwang.testing.results.models import PoolPerson

NOT_ONE_TAP = ("home", "release", "welcome")
ONE_TAP = tuple((key, words) for key, words in CARE if key not in NOT_ONE_TAP)
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
    readings = [(one, tells_of_illness(one, row)) for day in part.days for one in day.readings]
    near, steps = list(_near(row, request.now)), steps_of(request, row)
    together = [one for one in near if one.is_here]
    cares = list(Care.objects.filter(order=row).select_related("by").order_by("at"))
    found = {
        "order": row, "part": part, "name": name_of(request, row.person), "category": category_of(row),
        "regime": regime_in_language(regime_of(row)), "home": row.household, "full_names": "register.read" in request.grants.may,
        "together": [(one, name_of(request, one.person)) for one in together if one.pk != row.pk],
        "waiting": [(one, name_of(request, one.person)) for one in together if one.decided_at is None],
        "owed": [(duty, DUTY_KINDS[duty.kind].words) for duty in owed_to(row, request.now)],
        "cares": cares,
        "readings": readings[-14:],
        "chart": temperatures(
            readings, since=row.decided_at or row.proposed_at, until=max(row.until, request.now),
            fever_c=rules.temperature.fever_c if rules.temperature else None,
        ),
        "steps": steps, "one_tap": ONE_TAP, "care_id": uuid7(request.now),
        "outcomes": [(key, OUTCOMES[key]) for key in BY_PHONE], "numbers": numbers, "link": path_of(row),
        "withdraw_form": ReasonForm(prefix="withdraw"), "release_form": ReleaseForm(prefix="release"),
        "decide_form": DecideForm(initial=grounds_of(request, row)) if "decide" in steps else None,
        "home_form": home_form(row, request.now) if "look" in steps else None, "home_open": is_open(row, cares),
        "reading_form": ReadingForm(symptoms_of(row), request.now), "rules": rules,
        "tests": [(test.on, swab_in_language(test)) for test in schedule(row).tests],
        **_ending(row, cares, [one for one, _ill in readings], request.now),
        "evidence": _evidence(request, row), "relatives": relatives(row.household), **_changes(row, cares),
        "mine": request.user.pk, "refuse_form": ReasonForm(prefix="refuse"),
        "followed": may_be_followed(row, rules),
        "followers": [(one, name_of(request, one.person)) for one in near if one.primary_id == row.pk],
        **(forms_of(request, row) if "change" in steps else {}), "refused": refusals(more), **more,
    }  # fmt: skip
    return render(request, "isolation/order.html", found, status=status)


def _near(row: Order, now: datetime) -> QuerySet[Any]:
    """Everybody behind the same door whose order is not over (`is_here`), and whoever's order hangs on this one."""
    here = Q(pk__in=of_one_door(row, now).order_by().values("pk"))
    both = Order.objects.filter(here | Q(primary=row)).annotate(
        is_here=ExpressionWrapper(here, BooleanField())
    )
    return both.select_related("person").order_by("person_id")


def _ending(
    row: Order, cares: Sequence[Care], readings: Sequence[Reading], now: datetime
) -> dict[str, object]:
    """What the plan asks for before the end; nothing of it keeps anybody by itself."""
    if not row.decided_at or row.withdrawn_at:
        return {"endings": [], "failing": False}
    own = row.person.kept_id or row.person_id
    contact = row.primary.person.kept_id or row.primary.person_id if row.primary else None
    people = [one for one in (own, contact) if one]
    tests = outcomes_of(people, since=midnight(row.origin_on), now=now)
    found = conditions_of(
        row, cares, readings, now=now, results=tests[own], primary_results=tests[contact] if contact else ()
    )
    return {"endings": [(_(one.words), one.holds) for one in found], "failing": bool(failed(found))}


def _evidence(request: DeskRequest, row: Order) -> UUID | None:
    """The tube from which a request came that a result led to, for whoever works with results."""
    if row.source != "test" or not row.origin_row or "result.work" not in request.grants.may:
        return None
    return PoolPerson.objects.filter(single=row.origin_row).values_list("pool", flat=True).first()


def _changes(row: Order, cares: Sequence[Care]) -> dict[str, object]:
    """What was asked to change, and what still waits for a second person; in the reader's language where a look at the home asks."""
    rows = Change.objects.filter(order=row).select_related("proposed_by", "approved_by", "refused_by", "plan")
    asked, looks = list(rows.order_by("proposed_at")), {move_of(one): one for one in cares}
    for one in asked:
        if one.pk in looks:
            one.reason = why_move(looks[one.pk], _)
    pending = next((one for one in asked if not one.approved_at and not one.refused_at), None)
    kind = read_plan(pending.plan or row.plan).categories.get(pending.category) if pending else None
    return {"changes": asked, "pending": pending, "pending_words": in_language(kind.words) if kind else ""}


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
        "look": asked or (runs and row.until > request.now),
        "care": runs and row.until > request.now,
        "change": runs and row.until > request.now and "isolation.propose" in may,
        "approve": runs and row.until > request.now and "isolation.decide" in may,
        "early": runs and row.until > request.now and "isolation.decide" in may,
        "due": runs and row.until <= request.now and "isolation.propose" in may,
        "notice": alive and "register.read" in may,
        "certificate": bool(row.released_at) and "register.read" in may,
        "welcome": bool(row.released_at),
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


def grounds_of(request: DeskRequest, row: Order) -> dict[str, str]:
    """What the plan already says about who decides, and on which law."""
    plan = plan_of(row.area_code, now=request.now)
    return grounds_known(plan, on=day_of(request.now)) | {"reason": category_of(row)}
