"""When a message may go out, when it is tried again, and when no more. Pure: moments in, moments out."""

from datetime import datetime, time, timedelta

from shouwang.lib.clock import ZONE

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
MORNING = time(7)
# Longer than handing over one handful can take: whoever has not noted an outcome by then never will.
IN_HAND_MOST = timedelta(minutes=10)


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries that certainly failed; None: no more."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else None


def after_quiet(at: datetime, quiet_from: time | None, quiet_until: time | None) -> datetime:
    """This moment, or the end of the quiet hours that it lies in. The hours may pass midnight."""
    local = at.astimezone(ZONE)
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return at
    over_midnight = quiet_from > quiet_until
    hour = local.time()
    inside = (hour >= quiet_from or hour < quiet_until) if over_midnight else quiet_from <= hour < quiet_until
    if not inside:
        return at
    ends_tomorrow = over_midnight and hour >= quiet_from
    return _on(local, quiet_until, days=1 if ends_tomorrow else 0)


def tomorrow_morning(at: datetime, quiet_until: time | None) -> datetime:
    """When somebody who has had enough messages today may get the next one."""
    return _on(at.astimezone(ZONE), quiet_until or MORNING, days=1)


def _on(local: datetime, hour: time, *, days: int) -> datetime:
    return datetime.combine(local.date() + timedelta(days=days), hour, tzinfo=ZONE)
