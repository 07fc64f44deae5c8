"""When something happened, from clocks that may be wrong: values in, values out.

A phone's clock may be a day off, and may be set right between an event and its sending. What is believed is how long ago
it was: by the phone's clock at both ends, and by the time that the page counted itself, which nobody can set.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

TOLERATED_SKEW = timedelta(minutes=10)
EARLY = timedelta(minutes=10)  # so much a clock may run ahead before anybody need look
LONG_AGO = timedelta(days=7)


@dataclass(frozen=True)
class Clock:
    """A phone's clocks at the moment of sending, and ours at that of receiving."""

    received_at: datetime
    sent_at: datetime | None = None
    elapsed_ms: int | None = None
    boot_id: str = ""

    @property
    def skew(self) -> timedelta:
        """How far the server's clock is ahead of the phone's."""
        return self.received_at - self.sent_at if self.sent_at else timedelta(0)

    @property
    def wrong(self) -> bool:
        """Whether somebody should set the phone's clock."""
        return abs(self.skew) > TOLERATED_SKEW

    def happened_at(
        self, occurred_at: datetime, elapsed_ms: int | None = None, boot_id: str = ""
    ) -> datetime:
        """When it was by our clock: never in the future.

        A page that sleeps counts too little, a clock that was set back counts too little: the longer of both is right.
        """
        ages = [timedelta(0), (self.sent_at or self.received_at) - occurred_at]
        if boot_id and boot_id == self.boot_id and elapsed_ms is not None and self.elapsed_ms is not None:
            ages.append(timedelta(milliseconds=self.elapsed_ms - elapsed_ms))
        return self.received_at - max(ages)

    def odd(self, occurred_at: datetime) -> str:
        """What is odd about the time that an event claims, if anything."""
        if self.wrong:
            return "skewed_clock"
        if occurred_at > (self.sent_at or self.received_at) + EARLY:
            return "from_the_future"
        return "long_ago" if self.received_at - occurred_at > LONG_AGO else ""
