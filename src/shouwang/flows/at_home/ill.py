"""Somebody who is kept at home has a fever or feels ill: a doctor must see them within the plan's hours (C8).

Whoever answers for it by the plan (community doctor, cadre …) is told at once, each in a message of their own without a name
or a health word; who was told stands on the referral.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from shouwang.access.models import User
from shouwang.isolation.asking import who_is_ill
from shouwang.isolation.caring import Taken
from shouwang.lib.clock import ZONE
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Wanted, send
from shouwang.plans.actions import plan_of
from shouwang.register.answering import Helper
from shouwang.register.responsibility import ROLES, who_answers_each
from shouwang.screening.duties import REFERRAL
from shouwang.screening.lists.asking import Ill, refer, told_of
from shouwang.screening.lists.models import Referral

PURPOSE, QUEUE = "at_once", "/work/"


def refer_ill(readings: Sequence[Taken], *, by: User | None, at: datetime) -> list[Referral]:
    """Whoever is ill by these readings is referred, once, and the chain is told. Returns the new referrals. Raises as `refer`."""
    ill = [Ill(one.person, one.at, _found(one)) for one in who_is_ill(readings)]
    made = refer(ill, by=by, at=at) if ill else []
    for referral in made:
        _tell(referral, by, at)
    return made


def _found(reading: Taken) -> str:
    heat = f"体温 {reading.temperature_c} ℃" if reading.temperature_c else ""
    return "、".join(filter(None, (heat, *reading.symptoms)))


def _tell(referral: Referral, by: User | None, at: datetime) -> None:
    keys = sealer(settings.SEALING_KEY_FILE)
    chain = chain_of(referral.area_code, now=at)
    wanted = {
        helper.pk: Wanted(
            phone=keys.open(helper.phone_sealed), purpose=PURPOSE, once=f"{referral.pk} {helper.pk}",
            area_code=referral.area_code, about=referral.pk, urgent=True,
            params={"due": f"{referral.due_at.astimezone(ZONE):%H:%M}", "path": f"{QUEUE}referrals/{referral.pk}/"},
        )
        for _role, helper in chain if helper.phone_sealed
    }  # fmt: skip
    reached = send(wanted.values(), by=by, at=at).new
    told = [pk for pk, one in wanted.items() if one in reached]
    words = [f"{helper.name}（{ROLES[role]}）" for role, helper in chain if helper.pk in told]
    told_of(referral.pk, whom="、".join(words))


def chain_of(area: str, *, now: datetime) -> list[tuple[str, Helper]]:
    """Who is told that somebody in this area has to see a doctor, in the order of the plan; each person once."""
    rules = plan_of(area, now=now)
    roles = (rules.answers.get(REFERRAL.name) if rules else None) or REFERRAL.answers
    return nearest_of(roles, area, now=now)


def nearest_of(roles: Sequence[str], area: str, *, now: datetime) -> list[tuple[str, Helper]]:
    """The nearest who answers for an area in each of these roles; each person once."""
    found = who_answers_each({(role,): [area] for role in roles}, now=now)
    nearest = [(role, found[(role,)].get(area)) for role in roles]
    first: dict[int, tuple[str, Helper]] = {}
    for role, helper in nearest:
        if helper:
            first.setdefault(helper.pk, (role, helper))
    return list(first.values())
