"""Somebody is let out, on the hour or before it: certificate, a message without a health word, a call on the day after."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F

from shouwang.access.models import User
from shouwang.duties.plan import communities_in, plan
from shouwang.duties.windows import Window
from shouwang.isolation.caring import release
from shouwang.isolation.duties import WELCOME
from shouwang.isolation.home import path_of
from shouwang.isolation.models import Care, Order
from shouwang.isolation.overview import late_out
from shouwang.lib.clock import day_end
from shouwang.lib.codes import subtree
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import Sealer, sealer
from shouwang.outreach.actions import Wanted, send

PURPOSE = "let_go"


def let_go(orders: Sequence[UUID], *, by: User | None, at: datetime, reason: str = "") -> list[Care]:
    """Lets people out, and everything that follows from it. Raises as `release`."""
    cares = release(orders, by=by, at=at, reason=reason)
    greet(orders, by=by, at=at)
    return cares


def let_go_on_the_hour(community: str, *, now: datetime) -> int:
    """Whoever's time has run out in this community is let out, by nobody's hand. How many."""
    low, high = subtree(community)
    due = late_out(now).filter(area_code__gte=low, area_code__lt=high)
    orders = list(due.values_list("pk", flat=True))
    return len(let_go(orders, by=None, at=now)) if orders else 0


def communities_with_an_end(*, now: datetime) -> list[str]:
    """Where somebody's time has run out."""
    return communities_in(late_out(now))


def greet(orders: Sequence[UUID], *, by: User | None, at: datetime) -> None:
    """They are told, once, and somebody calls by the end of the next day."""
    rows = Order.objects.filter(pk__in=orders, released_at__isnull=False)
    who = rows.annotate(subject=F("person_id"), about=F("id"))
    plan(WELCOME, who, Window(at, day_end(at) + timedelta(days=1)), at=at)
    keys = sealer(settings.SEALING_KEY_FILE)
    send([_wanted(one, keys) for one in rows.select_related("person")], by=by, at=at)


def _wanted(order: Order, keys: Sealer) -> Wanted:
    phones = (keys.open(sealed) for sealed in order.person.phones_sealed)
    return Wanted(
        phone=next((one for one in phones if MOBILE.fullmatch(one)), ""), purpose=PURPOSE, once=str(order.pk),
        area_code=order.area_code, person=order.person, about=order.pk, params={"path": path_of(order)},
    )  # fmt: skip
