"""The door of a pass's page: whose link it is, and four digits of a phone of whoever carries it, once on each phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.http import HttpResponse

from shouwang.access.links import read
from shouwang.access.scope import one_in_scope, scope
from shouwang.access.tries import one_more
from shouwang.desk.doors import OpenRequest
from shouwang.lib.codes import COMPOUND
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.standing.models import Pass
from shouwang.standing.own import PHONE_TAIL, PURPOSE, is_of

TRIES_A_DAY = 10
A_DAY = timedelta(days=1)
COOKIE, SALT = "pass", "page of a pass"


class TooManyTries(Refusal):
    code = "desk.too_many_tries_at_a_pass"
    sentence = "今天试的次数太多了。请给社区打电话。"


class NotYours(Refusal):
    code = "desk.not_your_pass"
    sentence = "对不上。请看证上的号，填办证时登记的手机号后四位。"


@contextmanager
def pass_behind(code: str) -> Iterator[Pass]:
    """The pass of a link, in a scope of its compound: what happened at the gate stands there. Raises: NotInScope for other words."""
    about = read(PURPOSE, code)
    if about is None:
        raise NotInScope()
    pk, community = about
    with scope([community]):
        row = one_in_scope(Pass.objects.filter(pk=pk))
    with scope([row.area_code[:COMPOUND]]):
        rows = Pass.objects.select_related("person__household", "household", "host", "replaced_by")
        yield rows.get(pk=pk)


@contextmanager
def own(request: OpenRequest, code: str) -> Iterator[Pass]:
    """The same for whoever proved to carry it, and sends something."""
    with pass_behind(code) as card:
        if request.method != "POST" or not known(request, card):
            raise NotInScope()
        yield card


def digits(request: OpenRequest, who: str) -> str:
    """Four digits as they were typed. Raises: TooManyTries."""
    if one_more("pass", who, within=A_DAY, at=request.now) > TRIES_A_DAY:
        raise TooManyTries()
    return "".join(sign for sign in request.POST.get("tail", "") if sign.isdecimal())[: 2 * PHONE_TAIL]


def check(request: OpenRequest, card: Pass) -> None:
    """Whether whoever types knows a phone of the bearer. Raises: TooManyTries, NotYours."""
    if not is_of(card, digits(request, card.pk.hex)):
        raise NotYours()


def known(request: OpenRequest, card: Pass) -> bool:
    """Whether this phone came in before."""
    return request.get_signed_cookie(_name(card), default="", salt=SALT) == card.pk.hex


def remember(answer: HttpResponse, request: OpenRequest, card: Pass) -> HttpResponse:
    """This phone comes in as long as the pass may last, and a little longer for what is said afterwards."""
    kept = max(card.until - request.now, timedelta(0)) + 7 * A_DAY
    answer.set_signed_cookie(
        _name(card), card.pk.hex, salt=SALT, max_age=int(kept.total_seconds()), httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return answer


def _name(card: Pass) -> str:
    return f"{COOKIE}_{card.pk.hex}"
