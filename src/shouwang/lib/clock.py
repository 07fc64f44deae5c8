"""The one clock. Only views, commands, jobs and device endpoints read it; everybody else is handed `now`.

`SHOUWANG_CLOCK` shifts it in demo and tests: an ISO time is where the clock starts when the process starts;
`+/-seconds` is an offset.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo(os.environ.get("SHOUWANG_ZONE", "Asia/Shanghai"))


def now() -> datetime:
    """The time in the community, shifted where a demo or a test asked for it."""
    return datetime.now(UTC).astimezone(ZONE) + _shift()


def day_of(at: datetime) -> date:
    """The community's calendar day of a moment."""
    return at.astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """The moment at which a community's day begins."""
    return datetime.combine(day, time(), tzinfo=ZONE)


def day_end(at: datetime) -> datetime:
    """The midnight that ends the day of this moment: by then everything owed today must be settled."""
    return midnight(day_of(at) + timedelta(days=1))


_started_at = datetime.now(UTC)


def _shift() -> timedelta:
    asked = os.environ.get("SHOUWANG_CLOCK", "")
    if not asked:
        return timedelta()
    if asked[0] in "+-":
        return timedelta(seconds=float(asked))
    start = datetime.fromisoformat(asked)
    return (start if start.tzinfo else start.replace(tzinfo=ZONE)) - _started_at
