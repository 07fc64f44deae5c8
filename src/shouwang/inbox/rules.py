"""By when somebody who spoke has an answer, and sees it settled. Pure: moments in, moments out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from shouwang.lib.clock import day_end

# What comes late in the evening is settled by the end of the next day: nobody is made to tick it before midnight.
SETTLED_WITHIN = timedelta(hours=4)


@dataclass(frozen=True)
class Due:
    """The three clocks of a matter."""

    answer: datetime
    handle: datetime
    tell_back: datetime


def due(received_at: datetime, answer_hours: Decimal | float | None) -> Due:
    """Answered within the plan's hours, else today; handled and told back today (日清), or tomorrow what came late."""
    tonight = day_end(received_at)
    settled = tonight if tonight - received_at >= SETTLED_WITHIN else tonight + timedelta(days=1)
    answer = received_at + timedelta(hours=float(answer_hours)) if answer_hours else min(tonight, settled)
    return Due(answer, max(answer, settled), max(answer, settled))
