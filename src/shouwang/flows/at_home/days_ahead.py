"""Dialysis and visits before a birth: what falls on the coming days is asked for, and the person is reminded a day before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from shouwang.isolation.models import Need
from shouwang.isolation.needs.regular import leaving_between, make_ahead
from shouwang.lib.clock import ZONE
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import Sealer, sealer
from shouwang.outreach.actions import Wanted, send

PURPOSE = "car_tomorrow"
A_DAY = timedelta(days=1)


def ask_ahead(*, now: datetime) -> Sequence[Need]:
    """The requests of the coming days, and a message without a health word to whoever leaves within a day; each once."""
    made = make_ahead(now=now)
    keys = sealer(settings.SEALING_KEY_FILE)
    send([_wanted(need, keys) for need in leaving_between(now, now + A_DAY)], by=None, at=now)
    return made


def _wanted(need: Need, keys: Sealer) -> Wanted:
    phones = (keys.open(sealed) for sealed in (need.person.phones_sealed if need.person else ()))
    return Wanted(
        phone=next(filter(MOBILE.fullmatch, phones), ""), purpose=PURPOSE, once=str(need.pk),
        area_code=need.area_code, person=need.person, about=need.pk,
        params={"at": f"{need.due_at.astimezone(ZONE):%m月%d日 %H:%M}"},
    )  # fmt: skip
