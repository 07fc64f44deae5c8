"""核查: a worker's queue, one card per person, what is due first in front; the same page on the desk and on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shouwang.desk.asked.numbers import place_number, row_number
from shouwang.desk.asked.written import written
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.running.sent import sent
from shouwang.flows.personal_cards import areas_of
from shouwang.lib.clock import ZONE
from shouwang.lib.codes import community_of
from shouwang.lib.errors import NotInScope
from shouwang.plans.actions import hours_to_try, most_tries, plan_of
from shouwang.register.models import Helper
from shouwang.screening.actions import OUTCOMES
from shouwang.screening.lists.asking import forget_try, record_try
from shouwang.screening.lists.deciding import hand_to
from shouwang.screening.working.card import Card, card_of, cards
from shouwang.screening.working.queue import AGREED, DUE, ILL, LATER, Mine, Waiting, mine, queue

PAGE = 20
QUICK = ("no_reply", "no_answer")
WORDS = {ILL: "ill", AGREED: "agreed", DUE: "due", LATER: "later"}
FULL_NAMES = "register.read"


@dataclass(frozen=True)
class Line:
    """One card of the queue with where it stands."""

    waiting: Waiting
    card: Card
    place: str
    last: str
    in_vain: bool


@page("list.work")
def work(request: DeskRequest) -> HttpResponse:
    """The queue: mine first, everybody's on request; twenty cards at a time."""
    whole, own = queue(now=request.now), who_am_i(request)
    my_part = [one for one in whole if own.holds(one)]
    all_of_them = request.GET.get("all") == "1" or not (own.helpers and (own.areas or my_part))
    chosen = whole if all_of_them else my_part
    start = place_number(request.GET.get("from", ""))
    shown = {
        "lines": _lines(chosen[start : start + PAGE], request.now),
        "left": len(chosen),
        "mine": len(my_part),
        "everybody": len(whole),
        "all": all_of_them,
        "start": start,
        "next": start + PAGE if len(chosen) > start + PAGE else 0,
        "quick": [(name, OUTCOMES[name]) for name in QUICK],
        "full_names": FULL_NAMES in request.grants.may,
        "back": request.GET.urlencode(),
    }
    return render(request, "screening/work.html", shown)


@page("list.work")
@sent("work")
def tried(request: DeskRequest, inquiry: UUID) -> HttpResponse:
    """Nobody could be reached: one tap, and back to where it was tapped."""
    outcome, again = request.POST.get("outcome", ""), request.POST.get("again", "")
    if outcome not in OUTCOMES:
        raise NotInScope()
    card = card_of(inquiry, now=request.now)
    next_at = record_try(
        inquiry, outcome=outcome, tried_at=request.now, next_try_at=agreed_at(again, request.now),
        hours=hours_to_try(plan_of(card.inquiry.area_code, now=request.now)), by=request.user, at=request.now,
        note=written(request, "note", 200),
    )  # fmt: skip
    said = _("{name}：{outcome}，记下了。").format(
        name=shown_name(request, card), outcome=_(OUTCOMES[outcome])
    )
    if next_at:
        said += _("{hour} 再试。").format(hour=f"{next_at.astimezone(ZONE):%H:%M}")
    messages.success(request, said)
    return redirect(back_to(request))


@page("list.work")
@sent("work")
def forgotten(request: DeskRequest, inquiry: UUID) -> HttpResponse:
    """The last try that was noted by mistake."""
    forget_try(inquiry, by=request.user, at=request.now)
    messages.success(request, _("撤销了，那一次没算。"))
    return redirect("inquiry", inquiry)


@page("list.work")
@sent("work")
def handed_on(request: DeskRequest, inquiry: UUID) -> HttpResponse:
    """To another worker, or back to whoever answers for the door."""
    card_of(inquiry, now=request.now)
    chosen = request.POST.get("helper", "")
    helper = Helper.objects.filter(pk=row_number(chosen) or 0, left_at=None).first()
    if chosen and helper is None:
        raise NotInScope()
    hand_to([inquiry], helper.pk if helper else None, by=request.user, at=request.now)
    messages.success(request, _("交给{name}了。").format(name=helper.name if helper else _("管这一户的人")))
    return redirect("work")


def who_am_i(request: DeskRequest) -> Mine:
    """The helpers behind this account, and the areas that they answer for."""
    helpers = list(Helper.objects.filter(user=request.user, left_at=None))
    areas = areas_of(request.user, within=request.grants.codes, now=request.now) if helpers else []
    return mine(helpers, areas)


def take_in_hand(request: DeskRequest, card: Card) -> None:
    """Whoever begins to call has the person in hand, so that two do not call at once."""
    helper = Helper.objects.filter(user=request.user, left_at=None).first()
    if helper and not card.inquiry.helper_id:
        hand_to([card.inquiry.pk], helper.pk, by=request.user, at=request.now)


def shown_name(request: DeskRequest, card: Card) -> str:
    """The whole name for those who read the register, else the surname alone: a lost phone tells little."""
    name = card.name or _("没写姓名")
    return name if FULL_NAMES in request.grants.may else f"{name[:1]}**"


def back_to(request: DeskRequest) -> str:
    """The queue as it stood, or the card where the tap was on a card."""
    query = request.POST.get("back", "")[:100]
    return f"{reverse('work')}?{query}" if query else reverse("work")


def agreed_at(hour: str, now: datetime) -> datetime | None:
    """An hour that somebody named: today, or tomorrow where it is over."""
    try:
        asked = time.fromisoformat(hour)
    except ValueError:
        return None
    there = datetime.combine(now.astimezone(ZONE).date(), asked, tzinfo=ZONE)
    return there if there > now else there + timedelta(days=1)


def _lines(chosen: Sequence[Waiting], now: datetime) -> list[Line]:
    made = cards([one.inquiry for one in chosen])
    most = {
        area: most_tries(plan_of(area, now=now)) for area in {community_of(one.area_code) for one in chosen}
    }
    return [
        Line(
            one,
            made[one.inquiry],
            WORDS[one.place],
            OUTCOMES.get(one.last, ""),
            in_vain=one.tries >= (most[community_of(one.area_code)] or one.tries + 1),
        )
        for one in chosen
        if one.inquiry in made
    ]
