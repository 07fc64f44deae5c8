"""The door of a household's page: whose link it is, four digits on a new phone, and the inner door of one person alone."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse

from shouwang.access.links import read
from shouwang.access.scope import scope
from shouwang.access.tries import one_more
from shouwang.desk.doors import OpenRequest
from shouwang.isolation.home import HOME, KIN, kin_digest, phone_tails
from shouwang.isolation.models import Order, Relative
from shouwang.lib.errors import NotInScope, Refusal
from shouwang.register.models import Household, Person

TRIES_A_DAY = 10
A_DAY = timedelta(days=1)
ALONE = timedelta(minutes=10)  # so long a private part stays open on a phone that others may pick up
COOKIE, SALT = "home", "home of an isolated household"


class TooManyTries(Refusal):
    code = "desk.too_many_tries_at_home"
    sentence = "今天试的次数太多了。请给社区打电话。"


class WrongDigits(Refusal):
    code = "desk.wrong_digits"
    sentence = "对不上。请填家里登记过的手机号的后四位。"


@dataclass(frozen=True)
class Door:
    """The household behind a link, the order that it names, and the relative whose link it is."""

    household: Household
    order: Order
    community: str
    relative: Relative | None = None

    @property
    def cookie(self) -> str:
        """Under which name a phone remembers that it may come in."""
        return f"{COOKIE}_{self.relative.pk}" if self.relative else f"{COOKIE}_{self.household.pk}"


@contextmanager
def door_of(code: str) -> Iterator[Door]:
    """The household of a link, in a scope of exactly its door. Raises: NotInScope for any other words."""
    about = read(HOME, code)
    kin = None if about else read(KIN, code)
    if about is None and kin is None:
        raise NotInScope()
    pk, community = about or kin  # type: ignore[misc]
    with scope([community]):
        relative, order = _of_relative(pk) if kin else (None, _order(pk))
    if order is None:
        raise NotInScope()
    with scope([order.household.area_code]):
        yield Door(order.household, order, community, relative)


@contextmanager
def own(request: OpenRequest, code: str) -> Iterator[Door]:
    """The same for whoever proved to be of the household, and sends something."""
    with door_of(code) as door:
        if request.method != "POST" or not known(request, door):
            raise NotInScope()
        yield door


def known(request: OpenRequest, door: Door) -> bool:
    """Whether this phone came in before."""
    kept = request.get_signed_cookie(door.cookie, default="", salt=SALT)
    return kept == str(door.household.pk)


def remember(answer: HttpResponse, request: OpenRequest, door: Door) -> HttpResponse:
    """This phone comes in until the end."""
    kept = max(door.order.until - request.now, timedelta(0)) + 2 * A_DAY
    return _keep(answer, request, door.cookie, str(door.household.pk), kept)


def check(request: OpenRequest, door: Door) -> None:
    """The digits of a phone of the household, or of the relative whose link it is. Raises: TooManyTries, WrongDigits."""
    typed = _typed(request, f"{door.household.pk}")
    if door.relative:
        ours = secrets.compare_digest(bytes(door.relative.tail_digest), kin_digest(door.household, typed))
    else:
        ours = _is_of(people_of(door), typed)
    if not ours:
        raise WrongDigits()


def alone(request: OpenRequest, person: Person) -> bool:
    """Whether this person opened the own part on this phone just now."""
    return request.get_signed_cookie(_mine(person), default="", salt=SALT, max_age=ALONE) == str(person.pk)


def check_alone(request: OpenRequest, person: Person) -> None:
    """The digits of the person's very own phone. Raises: TooManyTries, WrongDigits."""
    typed = _typed(request, f"mine {person.pk}")
    if not _is_of([person], typed):
        raise WrongDigits()


def remember_alone(answer: HttpResponse, request: OpenRequest, person: Person) -> HttpResponse:
    """For a few minutes."""
    return _keep(answer, request, _mine(person), str(person.pk), ALONE)


def forget_alone(answer: HttpResponse, person: Person) -> HttpResponse:
    """The own part is closed at once."""
    answer.delete_cookie(_mine(person))
    return answer


def people_of(door: Door) -> list[Person]:
    """Who lives behind the door."""
    return list(Person.objects.filter(household__kept_id=door.household.kept_id, left_at=None))


def _of_relative(pk: UUID) -> tuple[Relative | None, Order | None]:
    relative = Relative.objects.filter(pk=pk, ended_at=None).select_related("household").first()
    if relative is None:
        return None, None
    here = Order.objects.filter(household__kept_id=relative.household.kept_id, withdrawn_at=None)
    return relative, here.select_related("household", "plan").order_by("-proposed_at").first()


def _order(pk: UUID) -> Order | None:
    return Order.objects.filter(pk=pk).select_related("household", "plan").first()


def _typed(request: OpenRequest, who: str) -> str:
    if one_more("home", who, within=A_DAY, at=request.now) > TRIES_A_DAY:
        raise TooManyTries()
    return "".join(sign for sign in request.POST.get("tail", "") if sign.isdecimal())[:8]


def _is_of(people: list[Person], typed: str) -> bool:
    matches = [secrets.compare_digest(tail, typed) for tail in phone_tails(people)]
    return any(matches)


def _mine(person: Person) -> str:
    return f"mine_{person.pk}"


def _keep(answer: HttpResponse, request: OpenRequest, name: str, value: str, kept: timedelta) -> HttpResponse:
    answer.set_signed_cookie(
        name, value, salt=SALT, max_age=int(kept.total_seconds()), httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return answer
