"""The phones of the demo's day: in order, with a backlog, a gap, a wrong clock, silent, lost; and what was odd."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from shouwang.access.models import User
from shouwang.access.scope import Grants, grants_of, scope
from shouwang.access.signing import as_jwk, raw_signature
from shouwang.api.client import Phone, Reply
from shouwang.catalogue import EVENT_KINDS
from shouwang.demo.stage import Stage
from shouwang.devices.enrolling import PERMISSION, Asked, enrol, issue, message_to_sign, revoke
from shouwang.devices.envelope import read_sending
from shouwang.devices.models import Device
from shouwang.devices.receiving import receive
from shouwang.lib.codes import COMPOUND
from shouwang.screening.duties import VISIT

ROLE, VISITED = "building_lead", VISIT.name
DOORS, BACKLOG = 24, 9
A_DAY = timedelta(days=1)


@dataclass
class Line:
    """A line to the server at a moment of the demo: what the endpoints do, without a network."""

    at: datetime
    device: UUID

    def __call__(self, method: str, path: str, headers: object, body: bytes) -> Reply:
        """Takes a batch in."""
        sending = read_sending(body)
        device = Device.objects.select_for_update().get(pk=self.device)
        name = sending.batch_id if sending else ""
        with scope(device.area_codes):
            answer = receive(body, sending, name, EVENT_KINDS, device=device, at=self.at)
        return Reply(201, {}, msgspec.json.encode(answer))


@dataclass
class InHand:
    """A phone with its line, who holds it, and the doors that it goes to."""

    phone: Phone
    line: Line
    worker: User
    doors: list[int]

    def visit(self, number: int, at: datetime) -> UUID:
        """Somebody was met at one of the doors."""
        said = {"household": self.doors[number % len(self.doors)], "people_count": 2}
        return self.phone.tell(VISITED, said, worker=self.worker.pk, at=at)

    def send(self, at: datetime, *, off: timedelta = timedelta(0)) -> None:
        """What is waiting, with the phone's clock so far off."""
        self.line.at = at
        self.phone.send(at=at + off)


def phones(stage: Stage) -> None:
    """Six phones, each let in by the secretary's code this morning."""
    grants = grants_of(stage.secretary, permission=PERMISSION, now=stage.moment)
    teams = [(code, team) for code, team in sorted(stage.teams.items()) if team]
    hands = [_let_in(stage, grants, number, *teams[number % len(teams)]) for number in range(6)]
    wrong, in_order, behind, gap, _silent, lost = hands
    for hand in hands[1:]:
        for number in range(DOORS // 2):
            hand.visit(number, stage.at(8, 10 * number))
        hand.send(stage.at(10, 20))
    for play, hand in ((_wrong_clock, wrong), (_goes_on, in_order), (_backlog, behind), (_gap, gap)):
        play(stage, hand)
    revoke(lost.line.device, reason="下楼时丢了", wipe=True, by=grants, at=stage.at(12, 5))


def _goes_on(stage: Stage, hand: InHand) -> None:
    """Sends as it goes; one door was another compound's, and one text came broken."""
    for number in range(DOORS // 2, DOORS):
        hand.visit(number, stage.at(11, 10 * (number - DOORS // 2)))
    elsewhere = next(door.id for door in stage.doors if door.id not in hand.doors)
    hand.phone.tell(VISITED, {"household": elsewhere}, worker=hand.worker.pk, at=stage.at(13, 2))
    hand.phone.tell(VISITED, {"household": "3-2-502"}, worker=hand.worker.pk, at=stage.at(13, 4))
    hand.send(stage.at(14, 28))


def _backlog(stage: Stage, hand: InHand) -> None:
    """Out of the basement for a moment only: a part has come, the phone says how much is left."""
    made = [str(hand.visit(number, stage.at(13, 2 * number))) for number in range(DOORS)]
    hand.line.at = stage.at(14, 21)
    hand.phone.send_these(made[:-BACKLOG], at=stage.at(14, 21))


def _gap(stage: Stage, hand: InHand) -> None:
    """One event in between never came, and a slip was taken back too late."""
    slip, never, _last = (hand.visit(number, stage.at(11, 5 * number)) for number in range(3))
    hand.phone.outbox.pop(str(never))
    hand.phone.tell("undo", {"of": str(slip)}, worker=hand.worker.pk, at=stage.at(13, 40))
    hand.send(stage.at(14, 25))


def _wrong_clock(stage: Stage, hand: InHand) -> None:
    """Its clock is a day ahead."""
    for number in range(4):
        hand.visit(number, stage.at(13, 10 * number) + A_DAY)
    hand.send(stage.at(14, 24), off=A_DAY)


def _let_in(stage: Stage, grants: Grants, number: int, compound: str, team: list[User]) -> InHand:
    at, worker = stage.at(7, 40 + number), team[number // len(stage.teams) % len(team)]
    code = issue(team, role=ROLE, areas=[compound], by=grants, at=at, label=f"{number + 1}号机")
    key = ec.generate_private_key(ec.SECP256R1())
    proof = raw_signature(key, message_to_sign(code).encode())
    line = Line(at, enrol(Asked(code, as_jwk(key.public_key()), proof), at=at).pk)
    phone = Phone(line, key=key, device_id=line.device, token="in")
    doors = [door.id for door in stage.doors if door.area_code[:COMPOUND] == compound]
    return InHand(phone, line, worker, doors)
