"""打印名片: who works today gets a card; a card that was lost is taken back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from shouwang.access import cards
from shouwang.access.models import Card
from shouwang.desk.doors import DeskRequest, page, sentence
from shouwang.flows.personal_cards import Printed, print_cards
from shouwang.lib.codes import BUILDING, COMPOUND
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.answering import Helper, Responsibility
from shouwang.register.models import Area


@never_cache
@page("responsibility.edit")
def choose(request: DeskRequest) -> HttpResponse:
    """Who answers for doors here, and what became of their last card."""
    wrong = ""
    if request.method == "POST":
        try:
            return _sheet(request)
        except Refusal as refusal:
            wrong = sentence(refusal)
    held = Responsibility.objects.in_force(request.now).filter(helper__left_at=None).values("helper")
    rows = Helper.objects.filter(pk__in=held).select_related("user")
    helpers = list(rows.order_by("unit", "name", "id"))
    last = {
        card.user_id: card
        for card in Card.objects.filter(user__in=[one.user_id for one in helpers if one.user_id]).order_by(
            "pk"
        )
    }
    shown = {
        "rows": [(one, _card_of(request, last.get(one.user_id or 0)), _cannot(one)) for one in helpers],
        "chosen": {*request.POST.getlist("helper")} if wrong else set(),
        "all": request.GET.get("all") == "1",
        "wrong": wrong,
    }
    return render(request, "door/cards.html", shown)


@require_POST
@page("responsibility.edit")
def take_back(request: DeskRequest, pk: int) -> HttpResponse:
    """The card opens nothing any more, and who came in with it is out."""
    cards.revoke(pk, by=request.grants, at=request.now)
    return redirect("door_cards")


def _cannot(helper: Helper) -> str:
    """Why somebody gets no card, if so."""
    if not helper.phone_sealed:
        return _("没有手机号")
    if helper.user and helper.user.has_usable_password():
        return _("用账号登录")
    return ""


def _card_of(request: DeskRequest, card: Card | None) -> dict[str, object] | None:
    """How a card stands: not yet used, in use, over."""
    if card is None:
        return None
    over = bool(card.revoked_at) or (card.expires_at <= request.now and not card.used_at)
    return {"card": card, "over": over, "open": not over}


def _sheet(request: DeskRequest) -> HttpResponse:
    chosen = request.POST.getlist("helper")
    if not chosen or not all(one.isascii() and one.isdigit() and len(one) < 19 for one in chosen):
        raise NotInScope()
    printed = print_cards([int(one) for one in chosen], by=request.grants, at=request.now)
    labels = dict(Area.objects.filter(code__in=_above(printed)).values_list("code", "label"))
    shown = [(one, _groups(one.code), _scanned(request, one.code), _words(one, labels)) for one in printed]
    return render(request, "door/cards_sheet.html", {"cards": shown, "address": _address(request)})


def _above(printed: list[Printed]) -> set[str]:
    return {code[:length] for one in printed for code in one.area_codes for length in (COMPOUND, BUILDING)}


def _words(printed: Printed, labels: dict[str, str]) -> str:
    """What somebody answers for, as the street says it; a long list is cut."""
    said = [
        " ".join(labels[part] for part in dict.fromkeys((code[:COMPOUND], code[:BUILDING])) if part in labels)
        for code in printed.area_codes
    ]
    return "、".join(dict.fromkeys(filter(None, said)))[:60]


def _address(request: DeskRequest) -> str:
    return request.build_absolute_uri(reverse("door_enter"))


def _scanned(request: DeskRequest, code: str) -> str:
    """Where WeChat leads whoever scans the card."""
    return request.build_absolute_uri(reverse("door_enter_code", args=[code]))


def _groups(code: str) -> str:
    """Four by four by four: read aloud and typed without losing one's place."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
