"""The one clock. Only views, commands, jobs and device endpoints read it; everybody else is handed `now`.

`SHOUWANG_CLOCK` sets it in demo and tests alone: `+/-seconds` shifts it, an ISO time stops it there.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo(os.environ.get("SHOUWANG_ZONE", "Asia/Shanghai"))


def now() -> datetime:
    """The time in the community, or the time that a demo or a test asked for."""
    asked = os.environ.get("SHOUWANG_CLOCK", "")
    if asked and asked[0] not in "+-":
        return datetime.fromisoformat(asked).astimezone(ZONE)
    return datetime.now(UTC).astimezone(ZONE) + timedelta(seconds=float(asked or 0))


def day_of(at: datetime) -> date:
    """The community's calendar day of a moment."""
    return at.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """The moment at which a community's day begins."""
    return datetime.combine(day, time(), tzinfo=ZONE)


def day_end(at: datetime) -> datetime:
    """The midnight that ends the day of this moment: by then everything owed today must be settled."""
    return midnight(day_of(at) + timedelta(days=1))
