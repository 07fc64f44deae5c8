"""One person: what is known, the call with its check code, the answers, the doctor, and a mistake taken back."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shouwang.access.scope import one_in_scope
from shouwang.access.tries import one_more
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.living.acting import done
from shouwang.desk.living.forms import ReasonForm
from shouwang.desk.living.questions import add_questions, replies_in
from shouwang.desk.running.sent import sent
from shouwang.desk.screening.forms import CheckForm, DoctorForm, ElsewhereForm
from shouwang.desk.screening.working import FULL_NAMES, shown_name, take_in_hand
from shouwang.flows.hand_over_rows import hand_over_rows
from shouwang.ledgers.asked.replying import asked_here, reply
from shouwang.ledgers.asked.rules import ON_LISTS
from shouwang.lib.clock import ZONE, day_end
from shouwang.lib.errors import NotInScope
from shouwang.outreach.codes import for_calls
from shouwang.plans.actions import plan_of
from shouwang.plans.schema import Plan
from shouwang.register.models import Helper
from shouwang.screening.actions import OUTCOMES
from shouwang.screening.contests.own import path_of
from shouwang.screening.lists.asking import Told, record_checks, take_back
from shouwang.screening.lists.deciding import not_these
from shouwang.screening.lists.models import Check, ListRow
from shouwang.screening.lists.rules import ENTAILS
from shouwang.screening.working.card import Card, card_of, known_of, numbers_of

BY_PHONE = ("no_reply", "wrong_number", "hung_up", "refused", "moved")
AT_THE_DOOR = ("no_answer", "refused", "moved")
APPOINTMENTS_HOURS = 14
TEMPLATE = "screening/inquiry.html"


@page("list.work")
def inquiry(request: DeskRequest, inquiry: UUID) -> HttpResponse:
    """All that is known of one person, and the form for what they say."""
    return _shown(request, card_of(inquiry, now=request.now))


@page("list.work")
def list_row(request: DeskRequest, row: UUID) -> HttpResponse:
    """The person that a row is about."""
    found = one_in_scope(ListRow.objects.filter(pk=row))
    return redirect("inquiry", found.inquiry_id)


@page("list.work")
@sent("work")
def called(request: DeskRequest, inquiry: UUID) -> HttpResponse:
    """The phones, written down before they are shown, each with the digits that the caller says first."""
    card = card_of(inquiry, now=request.now)
    if tired(request, card):
        messages.warning(
            request, _("您今天已经打了很多电话，该歇歇了。这一位请在这一页下面交给别人，或者明天再打。")
        )
        return redirect("inquiry", inquiry)
    take_in_hand(request, card)
    numbers = numbers_of(card, by=request.user, at=request.now, reason=_("核查名单，打电话"))
    codes = for_calls(
        [phone for _whose, phone in numbers], by=request.user, area=card.inquiry.area_code, at=request.now
    )
    told = [(whose, phone, codes[phone]) for whose, phone in numbers]
    answer = _shown(request, card_of(inquiry, now=request.now), numbers=told)
    answer["Cache-Control"] = "no-store"
    return answer


@page("list.work")
def met(request: DeskRequest, inquiry: UUID) -> HttpResponse:
    """What somebody said: every list that they are on has its answer."""
    if request.method != "POST":
        return redirect("inquiry", inquiry)
    card = card_of(inquiry, now=request.now)
    plan = plan_of(card.inquiry.area_code, now=request.now)
    form = _form(card, plan, request.POST)

    def write(typed: dict[str, Any]) -> None:
        said = form.told()
        replies = replies_in(said)
        told = Told(
            inquiry=inquiry,
            at=request.now,
            id=typed["token"],
            follow_up=card.follow_up and card.settled,
            **said,
        )
        record_checks([told], by=request.user, at=request.now, plan_now=plan)
        reply(
            replies, about=typed["token"], area=card.inquiry.area_code, by=request.user, happened_at=request.now,
            at=request.now, inquiry=inquiry, person=card.inquiry.person_id,
        )  # fmt: skip

    if not done(form, write):
        return _shown(request, card, form=form, status=422)
    check = Check.objects.get(pk=form.cleaned_data["token"])
    follows = "、".join(_(ENTAILS[key]) for key in check.entails if key in ENTAILS)
    said = _("{name}：核实好了，接下来：{follows}。").format(name=shown_name(request, card), follows=follows)
    messages.success(request, said)
    if "referral" in check.entails:
        messages.error(request, _("有人不舒服：请马上联系医院，送到以后点“医生看过了”。"))
        return redirect("inquiry", inquiry)
    return redirect("work")


@page("list.work")
def elsewhere(request: DeskRequest, inquiry: UUID) -> HttpResponse:
    """Not ours: handed to the right community, or back to the sender, with the evidence."""
    if request.method != "POST":
        return redirect("inquiry", inquiry)
    card, form = card_of(inquiry, now=request.now), ElsewhereForm(request.POST)
    if not done(form, lambda said: hand_over_rows([inquiry], by=request.user, at=request.now, **said)):
        return _shown(request, card, elsewhere_form=form, status=422)
    said = _("{name}：转给{whom}了。")
    whom = form.cleaned_data["to_whom"]
    messages.success(request, said.format(name=shown_name(request, card), whom=whom))
    return redirect("work")


@page("list.work")
@sent("work")
def somebody_else(request: DeskRequest, inquiry: UUID) -> HttpResponse:
    """The row does not mean the person it was found to mean; it goes back to those who choose."""
    card = card_of(inquiry, now=request.now)
    if card.person is None:
        raise NotInScope()
    not_these(inquiry, [card.person.pk], by=request.user, at=request.now)
    messages.success(request, _("记下了：名单上的不是他。信息员会再找。"))
    return redirect("work")


@page("list.work")
def struck(request: DeskRequest, check: UUID) -> HttpResponse:
    """An answer that was entered by mistake."""
    found = one_in_scope(Check.objects.filter(pk=check))
    inquiry = found.inquiry_id
    card = card_of(inquiry, now=request.now)
    if request.method != "POST":
        return redirect("inquiry", inquiry)
    form = ReasonForm(request.POST)
    if not done(form, lambda said: take_back(check, by=request.user, at=request.now, **said)):
        return _shown(request, card, strike_form=form, status=422)
    messages.success(request, _("撤销了，这些名单又要核实。"))
    return redirect("inquiry", inquiry)


def _form(card: Card, plan: Plan | None, data: Any = None, **more: Any) -> CheckForm:
    """What is asked of anybody, and what forms from above ask besides."""
    form = CheckForm(data, plan=plan, **more)
    add_questions(form, asked_here(card.inquiry.area_code, ON_LISTS))
    return form


def tired(request: DeskRequest, card: Card) -> bool:
    """Counts this call: whether it is one more today than the plan asks of anybody. Whoever is ill is called all the same."""
    rules = plan_of(card.inquiry.area_code, now=request.now)
    most = rules.clocks.calls_a_day if rules and rules.clocks else None
    made = one_more("calls", str(request.user.pk), within=day_end(request.now) - request.now, at=request.now)
    return most is not None and made > most and card.referral is None


def _shown(
    request: DeskRequest, card: Card, *, form: CheckForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    plan = plan_of(card.inquiry.area_code, now=request.now)
    row = next(iter(card.waiting or card.rows), None)
    away = (
        {"to_whom": row.elsewhere, "reason": _("住址写的是{place}").format(place=row.address)} if row else {}
    )
    shown = {
        "card": card,
        "name": shown_name(request, card),
        "own_page": request.build_absolute_uri(path_of(card.inquiry)),
        "full_names": FULL_NAMES in request.grants.may,
        "form": form or _form(card, plan, initial=known_of(card)),
        "elsewhere_form": ElsewhereForm(
            initial=away if row and row.address else {"to_whom": row.elsewhere if row else ""}
        ),
        "strike_form": ReasonForm(),
        "doctor_form": DoctorForm(),
        "outcomes": OUTCOMES,
        "by_phone": [(name, OUTCOMES[name]) for name in BY_PHONE],
        "at_the_door": [(name, OUTCOMES[name]) for name in AT_THE_DOOR],
        "times": _times(request),
        "entails": ENTAILS,
        "helpers": Helper.objects.filter(left_at=None, user__is_active=True).order_by("name")[:200],
        **more,
    }
    return render(request, TEMPLATE, shown, status=status)


def _times(request: DeskRequest) -> list[str]:
    """The whole and half hours that somebody may name."""
    begin = request.now.astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
    halves = (begin + timedelta(minutes=30 * number) for number in range(1, APPOINTMENTS_HOURS * 2))
    return [f"{moment:%H:%M}" for moment in halves if moment > request.now]
