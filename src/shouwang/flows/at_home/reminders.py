"""What the outbox tells people at home: that this hour's reading is not there yet, and that an objection has its answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from shouwang.access.models import User
from shouwang.duties.windows import Window
from shouwang.isolation.daily import temperature_windows
from shouwang.isolation.home import path_of
from shouwang.isolation.overview import without_reading
from shouwang.lib.clock import day_of
from shouwang.lib.codes import subtree
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.plans.actions import plan_of

REMINDED, ANSWERED = "not_told_yet", "answered"
BEFORE = timedelta(hours=4)  # a reading that is due at midnight is asked for before anybody sleeps


def remind(community: str, *, now: datetime) -> int:
    """One message to each household that has not told a reading hours before it is due; once for each. How many."""
    window = _window(community, now)
    if window is None:
        return 0
    low, high = subtree(community)
    waiting = without_reading(now).filter(area_code__gte=low, area_code__lt=high).select_related("person")
    wanted: dict[int, Wanted] = {}
    for order in waiting.order_by("household", "person"):
        phone = _phone(order.person.phones_sealed)
        if phone and order.household_id not in wanted:
            wanted[order.household_id] = Wanted(
                phone=phone, purpose=REMINDED, once=f"{order.household_id} {window.due_at:%Y%m%d%H%M}",
                area_code=order.area_code, about=order.pk, params={"path": path_of(order)},
            )  # fmt: skip
    return len(send(wanted.values(), by=None, at=now).new) if wanted else 0


def tell_answer(
    objection: UUID, phones: Iterable[bytes | memoryview], *, path: str, area: str, by: User, at: datetime
) -> Sent:
    """Whoever objected is told that the answer stands on their page; never what it says."""
    told = Wanted(
        phone=_phone(phones), purpose=ANSWERED, once=str(objection), area_code=area, about=objection, params={"path": path}
    )  # fmt: skip
    return send([told], by=by, at=at)


def _window(community: str, now: datetime) -> Window | None:
    """The reading that is due within the next hours."""
    rules = plan_of(community, now=now)
    windows = temperature_windows(rules.temperature if rules else None, day_of(now))
    return next((one for one in windows if max(one.opens_at, one.due_at - BEFORE) <= now < one.due_at), None)


def _phone(sealed: Iterable[bytes | memoryview]) -> str:
    keys = sealer(settings.SEALING_KEY_FILE)
    return next(filter(MOBILE.fullmatch, map(keys.open, sealed)), "")
