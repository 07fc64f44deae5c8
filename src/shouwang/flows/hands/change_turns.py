"""A roster is published, somebody is sent to another post, turns are swapped: done, and whoever it concerns is told (A6)."""

from datetime import date, datetime
from uuid import UUID

from shouwang.access.models import User
from shouwang.flows.gates.gate_shifts import lay
from shouwang.flows.hands.tell_workers import tell_turns
from shouwang.outreach.actions import Sent
from shouwang.roster import turns
from shouwang.roster.models import Turn


def publish_roster(area: str, *, from_on: date, until_on: date, by: User | None, at: datetime) -> Sent:
    """The roster of these days holds from now on, and everybody hears of their own turns."""
    told = turns.publish(area, from_on=from_on, until_on=until_on, by=by, at=at)
    lay(area, at=at)
    return tell_turns(told, by=by, at=at)


def give_turn(shift: UUID, helper: int, *, by: User | None, at: datetime, once: UUID | None = None) -> Turn:
    """Somebody takes an open place and hears of it. Raises: as `turns.give`."""
    made = turns.give(shift, helper, by=by, at=at, once=once)
    turns.tell([made], at=at)
    tell_turns([made], by=by, at=at)
    return made


def replace_turn(turn: UUID, helper: int, *, why: str, by: User | None, at: datetime) -> Turn:
    """Somebody else takes a turn over and hears of it. Raises: as `turns.replace`."""
    made = turns.replace(turn, helper, why=why, by=by, at=at)
    tell_turns([made], by=by, at=at)
    return made


def move_worker(turn: UUID, shift: UUID, *, why: str, by: User | None, at: datetime) -> Turn:
    """Somebody is sent to another post (调人) and hears where to. Raises: as `turns.move`."""
    made = turns.move(turn, shift, why=why, by=by, at=at)
    tell_turns([made], by=by, at=at)
    return made


def exchange_turns(one: UUID, other: UUID, *, by: User | None, at: datetime) -> list[Turn]:
    """Two people swap their turns and hear of it. Raises: as `turns.exchange`."""
    made = turns.exchange(one, other, by=by, at=at)
    tell_turns(made, by=by, at=at)
    return made
