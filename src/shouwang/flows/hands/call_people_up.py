"""Peacetime to emergency: the squads are called, everybody has a message with one tap to answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shouwang.access.models import User
from shouwang.flows.hands.tell_workers import tell_called
from shouwang.outreach.actions import Sent
from shouwang.plans.actions import activate
from shouwang.plans.models import Activation, PlanVersion
from shouwang.roster.callups import call_up
from shouwang.roster.workers import members, squads_of


def call_people_up(
    area: str, squads: Sequence[str], *, reason: str, by: User | None, at: datetime, at_once: bool = False,
    once: UUID | None = None,
) -> Sent:  # fmt: skip
    """Calls these squads and writes to everybody in them. Raises: as `call_up`."""
    return tell_called(
        call_up(area, squads, reason=reason, by=by, at=at, once=once), by=by, at=at, at_once=at_once
    )


def activate_and_call(
    area: str, version: PlanVersion, *, reason: str, by: User | None, at: datetime
) -> tuple[Activation, int]:
    """The plan holds from now on, and its squads are called at once; how many people. Raises: NoReason."""
    activation = activate(area, version, reason=reason, by=by, at=at)
    squads = list(squads_of(area, now=at))
    called = [helper for those in members(area, squads).values() for helper in those]
    if called:
        call_people_up(area, squads, reason=reason, by=by, at=at, at_once=True)
    return activation, len({helper.pk for helper in called})
