"""A day at the gates: residents go out and come home, cars from other provinces turn back and one from another city
does not, one forehead is warm; one gate has nobody.
"""

from datetime import datetime, timedelta
from random import Random
from typing import Literal

from shouwang.demo.stage import Stage
from shouwang.flows.gates.gate_shifts import gates_of_posts
from shouwang.gates.events import Counts, Passed, Stood
from shouwang.gates.models import Gate
from shouwang.gates.recording import record_passages, record_watches
from shouwang.lib.ids import uuid7
from shouwang.lib.kinds import Told
from shouwang.standing.models import Pass

RESIDENTS, CARS, LET_THROUGH = 90, 24, 4
MORNING, HOURS = (6, 40), 7.5


def at_the_gates(stage: Stage) -> None:
    """Posts become gates; what happened there since this morning is written down."""
    made = gates_of_posts(stage.community, by=stage.secretary, at=stage.at(6))
    if not made:
        return
    gates, chance = {gate.pk: gate for gate in made}, Random(20200215)
    told = [*_residents(stage, made, chance), *_cars(stage, made[0], chance)]
    record_passages(sorted(told, key=lambda one: one.at), gates, stage.moment)
    record_watches([_watch(stage, gate) for gate in made[:-1] or made], gates, stage.moment)


def _residents(stage: Stage, gates: list[Gate], chance: Random) -> list[Told]:
    cards = Pass.objects.filter(area_code__startswith=stage.community, kind="resident").order_by("number")
    told = []
    for card in cards[:RESIDENTS]:
        gate = chance.choice(gates)
        went = stage.at(*MORNING) + timedelta(hours=HOURS * chance.random())
        back = went + timedelta(minutes=chance.randrange(15, 120))
        ways: list[tuple[Literal["in", "out"], datetime]] = [("out", went), ("in", back)]
        for way, at in ways:
            if at < stage.moment:
                warm = "36." + str(chance.randrange(2, 9))
                said = Passed(
                    gate=gate.pk, direction=way, kind="resident", card=card.pk, decision="admit", temperature_c=warm,
                    code="home" if way == "in" else "pass",
                )  # fmt: skip
                told.append(Told(uuid7(at), at, stage.clerk, said, "local_list"))
    return told


def _cars(stage: Stage, gate: Gate, chance: Random) -> list[Told]:
    """Every third is turned back; the last has somebody with a fever in it."""
    told = []
    for number in range(CARS):
        at = stage.at(*MORNING) + timedelta(minutes=number * 18)
        back = number % 3 == 0
        outside: Literal["", "city", "province"] = (
            "province" if back else "city" if number == LET_THROUGH else ""
        )
        said = Passed(
            gate=gate.pk, direction="in", kind="outsider", decision="refuse" if back else "ask_admit",
            code="outside_vehicle" if back else "announce", people=chance.randrange(1, 5), outside=outside,
            plate=f"{'鄂豫豫'[number % 3]}A{10000 + number * 37}", from_place={"province": "武汉", "city": "许昌"}.get(outside, "本市"),
            temperature_c="38.0" if number == CARS - 1 else "36.5", to_place="祥云",
        )  # fmt: skip
        told.append(Told(uuid7(at), at, stage.clerk, said, "local_list"))
    return told


def _watch(stage: Stage, gate: Gate) -> Told:
    at = stage.at(8)
    return Told(uuid7(at), at, stage.clerk, Stood(gate.pk, True, Counts(), "测温枪已经校过"))
