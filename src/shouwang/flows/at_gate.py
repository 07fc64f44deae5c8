"""A fever was read twice at a gate: whoever the plan names is called there at once, and a resident is referred to a doctor (F4).

Messages name the gate and nobody, and say nothing of anybody's health; who was told stands beside the reading.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from shouwang.access.models import User
from shouwang.flows.at_home.ill import chain_of, nearest_of
from shouwang.gates.models import Fever
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Wanted, send
from shouwang.plans.actions import plan_of
from shouwang.register.answering import Helper
from shouwang.register.responsibility import ROLES
from shouwang.screening.lists.asking import Ill, refer, told_of

PURPOSE = "gate_alarm"


def fever_at_gate(fevers: Sequence[Fever], *, by: User | None, at: datetime) -> None:
    """Calls the chain to the gate, and hands residents on to a doctor, once each. Raises as `refer`."""
    ill = [Ill(one.person_id, one.at, f"卡口体温 {one.temperature_c} ℃") for one in fevers if one.person_id]
    referrals = {one.person_id: one.pk for one in refer(ill, by=by, at=at)} if ill else {}
    for fever in fevers:
        whom = "、".join(_call(fever, by, at))
        told = "；".join(filter(None, (fever.told, whom)))[:200]
        Fever.objects.filter(pk=fever.pk).update(told=told)
        if fever.person_id in referrals:
            told_of(referrals[fever.person_id], whom=whom)


def _call(fever: Fever, by: User | None, at: datetime) -> list[str]:
    """Messages to the chain. Who was reached, by name and role."""
    keys = sealer(settings.SEALING_KEY_FILE)
    chain = _chain(fever.area_code, at)
    wanted = {
        helper.pk: Wanted(
            phone=keys.open(helper.phone_sealed), purpose=PURPOSE, once=f"{fever.pk} {helper.pk}",
            area_code=fever.area_code, about=fever.pk, urgent=True,
            params={"gate": fever.gate.name, "path": f"/gates/{fever.gate_id}/"},
        )
        for _role, helper in chain if helper.phone_sealed
    }  # fmt: skip
    reached = send(wanted.values(), by=by, at=at).new
    return [f"{helper.name}（{ROLES[role]}）" for role, helper in chain if wanted.get(helper.pk) in reached]


def _chain(area: str, now: datetime) -> list[tuple[str, Helper]]:
    """Whom the plan names for gates, the nearest of each role; without a plan whoever is told of the ill."""
    plan = plan_of(area, now=now)
    roles = plan.gates.fever_told if plan and plan.gates else ()
    return nearest_of(roles, area, now=now) if roles else chain_of(area, now=now)
