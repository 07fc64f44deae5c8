"""A building is closed on the word of two: from now on its exit is walked to, today already."""

from datetime import datetime
from uuid import UUID

from shouwang.access.models import User
from shouwang.flows.isolation_day import owe_the_day
from shouwang.isolation.buildings.seals import approve
from shouwang.isolation.models import Seal
from shouwang.lib.codes import community_of


def close_building(seal: UUID, *, exit_open: bool, by: User, at: datetime) -> Seal:
    """Approves a proposal, and today's walks to the exit are owed. Raises as `approve`."""
    row = approve(seal, exit_open=exit_open, by=by, at=at)
    owe_the_day(community_of(row.area_code), now=at)
    return row
