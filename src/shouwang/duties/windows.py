"""When a duty is what: pure decisions from facts and a given `now`.

opens_at ─────── due_at ─────── lapses_at
waiting │  open   │   overdue    │  missed
          done        late         (a record here counts for nothing)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

STATES = ("waiting", "open", "overdue", "done", "late", "missed", "waived", "void")


@dataclass(frozen=True)
class Window:
    """From when something is owed, by when it is due, and when it is too late (never, where there is no lapse)."""

    opens_at: datetime
    due_at: datetime
    lapses_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.opens_at < self.due_at or (self.lapses_at and self.lapses_at < self.due_at):
            raise ValueError(f"a window opens before it is due and lapses not before that: {self}")

    def holds(self, at: datetime) -> bool:
        """Whether a record of this moment counts."""
        return self.opens_at <= at and (self.lapses_at is None or at < self.lapses_at)


@dataclass(frozen=True)
class Facts:
    """What is stored about one duty."""

    window: Window
    done_at: datetime | None = None
    waived_at: datetime | None = None
    missed_at: datetime | None = None
    void_at: datetime | None = None


def state(facts: Facts, now: datetime) -> str:
    """What a duty is now. Void beats a record, a record beats a waiver, a waiver beats the clock."""
    window = facts.window
    if facts.void_at:
        return "void"
    if facts.done_at:
        return "done" if facts.done_at < window.due_at else "late"
    if facts.waived_at:
        return "waived"
    if facts.missed_at or (window.lapses_at and window.lapses_at <= now):
        return "missed"
    if now < window.opens_at:
        return "waiting"
    return "open" if now < window.due_at else "overdue"


def next_try(failed_at: datetime, hours: Sequence[time]) -> datetime | None:
    """When to come again after nobody was home: the next of the plan's hours (meal times, the evening).

    Within the hour after the failed try nobody is asked to come back. None where the plan names no hours.
    """
    soonest = failed_at + timedelta(hours=1)
    days = (failed_at.date(), failed_at.date() + timedelta(days=1))
    times = (datetime.combine(day, hour, tzinfo=failed_at.tzinfo) for day in days for hour in sorted(hours))
    return next((moment for moment in times if moment >= soonest), None)
