"""What a phone at a gate takes along: it looks up and decides nothing by rules.

Shape: a step is [decision, code, until or nothing]; the first whose `until` is ahead counts, the last has none. `usual` of the
rules are the steps of whoever lives here and shows no pass: only those whose steps differ carry their own.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F

from shouwang.devices.day import in_areas, minute
from shouwang.duties.models import Duty
from shouwang.gates.duties import STAFFED
from shouwang.gates.known import Asked, known_of
from shouwang.gates.models import COMPOUND, KINDS, Expected, Gate
from shouwang.lib.identity import mask_name
from shouwang.lib.kinds import Asking, Part
from shouwang.lib.sealing import sealer
from shouwang.plans.actions import plan_of
from shouwang.plans.form.fieldwork import Gates
from shouwang.plans.schema import Plan
from shouwang.register.models import Household, Person
from shouwang.register.responsibility import ROLES, who_answers_each
from shouwang.standing.models import Pass
from shouwang.standing.queries import held_or_barred
from shouwang.standing.verdict import DIRECTIONS, IN, OUT, Known, timeline

WORK, FULL_NAMES = frozenset({"gate.work"}), "register.read"
HORIZON = timedelta(hours=48)
STILL_KNOWN = timedelta(
    days=7
)  # so long a gate says of a pass that it has run out, and not that nobody knows it
PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领警学港澳挂"
Steps = list[list[Any]]


def gates(asking: Asking) -> Mapping[str, Any]:
    """The gates of these areas, and until when somebody is on duty."""
    duty = Duty.objects.filter(
        kind=STAFFED.name, opens_at__lte=asking.now, lapses_at__gt=asking.now, void_at=None
    )
    ends = duty.order_by("lapses_at").values_list("about", "lapses_at")
    until = {gate: minute(at) for gate, at in ends if at}
    return {
        str(gate.pk): {
            "name": gate.name, "kind": gate.kind, "area": gate.area_code,
            "on_duty_until": until.get(gate.pk),
        }
        for gate in _gates(asking)
    }  # fmt: skip


def passes(asking: Asking) -> Mapping[str, Any]:
    """Every pass, lost and withdrawn ones too: [number, kind, name, door, plate, in, out], and the gates where not all."""
    rows = (
        Pass.objects.filter(in_areas(asking.codes), until__gt=asking.now - STILL_KNOWN)
        .select_related("person__household", "household")
        .order_by("id")
    )
    cards = list(rows)
    asked = [Asked(_any_gate(card.area_code, asking), asking.now, card=card.pk) for card in cards]
    said = known_of(asked, _plan(asking))
    clear = FULL_NAMES in asking.may
    return {
        card.pk.hex: [
            card.number, card.kind, _called(card, clear), _door(card), card.plate,
            *_both(whom.known, asking.now), *([[str(gate) for gate in card.gates]] if card.gates else []),
        ]
        for card, whom in zip(cards, said, strict=True)
    }  # fmt: skip


def known_people(asking: Asking) -> Mapping[str, Any]:
    """Who lives behind these gates, for those who left their papers at home: [name, door], and the steps where not usual."""
    rows = list(
        Person.objects.filter(in_areas(asking.codes), kept=F("id"), left_at=None)
        .order_by("id")
        .values_list("id", "name", "area_code", "household__building", "household__unit", "household__room")
    )
    special, clear = (
        _special([(pk, area) for pk, _name, area, *_door in rows], asking),
        FULL_NAMES in asking.may,
    )
    return {
        str(pk): [name if clear else mask_name(name), "-".join(filter(None, door)), *special.get(pk, ())]
        for pk, name, _area, *door in rows
    }


def sentences(asking: Asking) -> Mapping[str, Any]:
    """What the guard says and does for each code, in three languages."""
    return spoken()


def expected(asking: Asking) -> Mapping[str, Any]:
    """Visitors whom households have announced."""
    rows = Expected.objects.filter(in_areas(asking.codes), until__gt=asking.now, cancelled_at=None)
    clear = FULL_NAMES in asking.may
    return {
        str(row.pk): {
            "name": row.name if clear else mask_name(row.name), "plate": row.plate, "people": row.people,
            "host": row.host_id, "door": row.host.door, "from": minute(row.from_at), "until": minute(row.until),
        }
        for row in rows.select_related("host").order_by("until")
    }  # fmt: skip


def gate_rules(asking: Asking) -> Mapping[str, Any]:
    """The few numbers of the plan that a guard works by, whom to tell of a fever, and what a plate begins with."""
    plan = _plan(asking)
    heat, own = (plan.temperature, plan.gates) if plan else (None, None)
    return {
        "fever_c": heat.fever_c if heat else None,
        "fever_comparison": heat.comparison if heat else None,
        "ask_again_below_c": heat.ask_again_below_c if heat else None,
        "on_fever": own.on_fever if own else None,
        "fever_told": _told(asking, own.fever_told if own else ()),
        "scan_out": own.scan_out if own else False,
        "outside_vehicles": own.outside_vehicles if own else "admit",
        "order": list(own.order) if own else [],
        "plate_provinces": PLATES,
        "usual": dict(zip(DIRECTIONS, _both(Known(lives_here=True), asking.now), strict=True)),
        "unknown": {kind: _unknown(kind, own) for kind, _words in KINDS},
        "kinds": _kinds(plan),
    }


PARTS = tuple(
    Part(part.__name__, part, WORK) for part in (gates, passes, known_people, sentences, expected, gate_rules)
)


@cache
def spoken() -> dict[str, dict[str, list[str]]]:
    """`sentences.toml`, by code."""
    return tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))


def _special(people: Sequence[tuple[int, str]], asking: Asking) -> dict[int, list[Steps]]:
    """The steps of those who are held or barred, where they are not the usual ones; nothing else makes a neighbour special."""
    apart = held_or_barred(now=asking.now)
    asked = [Asked(_any_gate(area, asking), asking.now, person=pk) for pk, area in people if pk in apart]
    usual = _both(Known(lives_here=True), asking.now)
    found = zip(asked, known_of(asked, _plan(asking)), strict=True)
    steps = {one.person: _both(whom.known, asking.now) for one, whom in found if one.person}
    return {pk: own for pk, own in steps.items() if own != usual}


def _both(known: Known, now: datetime) -> list[Steps]:
    return [_steps(known, direction, now) for direction in (IN, OUT)]


def _steps(known: Known, direction: str, now: datetime) -> Steps:
    return [
        [step.verdict.decision, step.verdict.code, minute(step.until) if step.until else None]
        for step in timeline(known, direction, now=now, horizon=HORIZON)
    ]


def _any_gate(area: str, asking: Asking) -> Gate:
    """A gate of the phone's area that this may be about: what a gate lets into is the area of the phone."""
    own = next((code for code in asking.codes if area.startswith(code)), area)
    return Gate(area_code=own)


def _gates(asking: Asking) -> list[Gate]:
    return list(Gate.objects.filter(in_areas(asking.codes), closed_at=None).order_by("area_code", "name"))


def _plan(asking: Asking) -> Plan | None:
    return plan_of(asking.codes[0], now=asking.now)


def _kinds(plan: Plan | None) -> dict[str, Any]:
    found = plan.gates.passes.items() if plan and plan.gates else ()
    return {
        name: {
            "words": {"zh-hans": kind.words.zh_hans, "zh-hant": kind.words.zh_hant, "en": kind.words.en},
            "colour": kind.colour, "per": kind.per, "check": list(kind.check), "announced": kind.brought_in_by_resident,
        }
        for name, kind in found
    }  # fmt: skip


def _unknown(kind: str, own: Gates | None) -> dict[str, list[str]]:
    """What is done at a gate of this kind about somebody from outside without papers, and about their vehicle."""
    if kind == COMPOUND:
        return {who: ["refuse", "no_pass"] for who in ("person", "vehicle")}
    closed = own is not None and own.outside_vehicles == "refuse"
    through = ["admit", "registered"]
    return {"person": through, "vehicle": ["refuse", "outside_vehicle"] if closed else through}


def _told(asking: Asking, roles: Sequence[str]) -> list[dict[str, str]]:
    """Who is called when a fever stands at the gate: workers by name and number."""
    keys = sealer(settings.SEALING_KEY_FILE)
    found = who_answers_each({(role,): [asking.codes[0]] for role in roles}, now=asking.now)
    helpers = [(role, found[(role,)].get(asking.codes[0])) for role in roles]
    return [
        {"role": ROLES[role], "name": helper.name, "phone": keys.open(helper.phone_sealed)}
        for role, helper in helpers if helper
    ]  # fmt: skip


def _called(card: Pass, clear: bool) -> str:
    name = card.person.name if card.person else card.holder
    return name if clear else mask_name(name)


def _door(card: Pass) -> str:
    home: Household | None = card.household or (card.person.household if card.person else card.host)
    return home.door if home else ""
