"""Gates of the street, passes in people's hands, and a guard with a phone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shouwang.access.models import Grant, User
from shouwang.access.scope import scope
from shouwang.api.client import Phone
from shouwang.gates.keeping import add_gate
from shouwang.gates.models import Gate
from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.plans.actions import activate, keep_shipped
from shouwang.register.models import Person
from shouwang.standing import tokens
from shouwang.standing.models import Hold, Pass
from tests.devices.phones import phone_of
from tests.world import DIANLI, XIANGYUN, World

WEEK = timedelta(days=7)


def gates_of(world: World, *names: str, area: str = DIANLI, plan: str = "covid_9th") -> list[Gate]:
    """Gates of 电力楼院 under a plan."""
    now = clock.now()
    with scope([XIANGYUN]):
        activate(
            XIANGYUN, keep_shipped(plan, at=now), reason="指挥部", by=world.users["书记刘"], at=now - WEEK
        )
        return [
            add_gate(area, kind="compound", name=name, by=world.users["书记刘"], at=now) for name in names
        ]


def person_of(world: World, door: str) -> Person:
    """Who lives behind this door."""
    with scope([XIANGYUN]):
        return Person.objects.get(household=world.doors[door])


def give_pass(world: World, door: str, *, kind: str = "resident", **more: object) -> Pass:
    """A pass in the hand of whoever lives here."""
    now, person = clock.now(), person_of(world, door)
    known = {
        "area_code": person.area_code,
        "person": person,
        "from_at": now - WEEK,
        "until": now + WEEK,
    } | more
    with scope([XIANGYUN]):
        number = f"{Pass.objects.count() + 1:06d}"
        return Pass.objects.create(id=uuid7(now), kind=kind, number=number, issued_at=now, **known)


def shown(card: Pass) -> str:
    """What is behind the picture on the card."""
    return tokens.write(tokens.Token(card.pk, card.kind, card.area_code, card.from_at, card.until))


def keep_home(world: World, door: str, *, until: datetime) -> Hold:
    """Whoever lives here stays at home until then."""
    now, person = clock.now(), person_of(world, door)
    with scope([XIANGYUN]):
        return Hold.objects.create(
            id=uuid7(now), area_code=person.area_code, person=person, about=uuid7(now), mode="home",
            from_at=now - timedelta(hours=1), until=until, reason_code="close_contact", reason="密接",
            authority="区指挥部", document="1号", legal_basis="第三十九条", proposed_by=world.users["李楼长"],
            approved_by=world.users["书记刘"], approved_at=now,
        )  # fmt: skip


@dataclass
class Guard:
    """A guard at a gate with a phone of their own; what happens is told online or later."""

    phone: Phone
    worker: int
    gate: Gate
    said: list[UUID] = field(default_factory=list)

    def passage(self, *, at: datetime, basis: str = "local_list", **payload: object) -> UUID:
        """Somebody came by; into the outbox. Nothing else said: a resident goes in and is let through."""
        scanned = payload.pop("scanned", "")
        told = {
            "gate": str(self.gate.pk),
            "direction": "in",
            "kind": "resident",
            "decision": "admit",
        } | payload
        more = {"decision_basis": basis, "scanned": scanned, "package_version": self.phone.version}
        self.said.append(self.phone.tell("gates.passage", told, worker=self.worker, at=at, **more))
        return self.said[-1]

    def watch(self, on: bool, *, at: datetime, **payload: object) -> UUID:
        """Takes over, or hands over."""
        return self.phone.tell(
            "gates.watch", {"gate": str(self.gate.pk), "on": on, **payload}, worker=self.worker, at=at
        )


def guard_at(world: World, gate: Gate, name: str = "门卫老周") -> Guard:
    """Somebody at this gate, enrolled by the secretary."""
    if name not in world.users:
        now = clock.now()
        user = world.users[name] = User.objects.create_user(name, None, name=name, created_at=now)
        Grant.objects.create(user=user, role="gate_guard", area_codes=[DIANLI], from_at=now - WEEK)
    phone = phone_of(world, [DIANLI], name, role="gate_guard")
    return Guard(phone, world.users[name].pk, gate)
