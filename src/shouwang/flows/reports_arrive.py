"""What residents reported by themselves lands on the list desk; who has answered gets no further message."""

from datetime import datetime

from shouwang.outreach.actions import answered
from shouwang.screening.reports.landing import Landed, land


def take_in(community: str, *, at: datetime) -> Landed:
    """Everything that was reported here and has not landed yet. Twice is as good as once."""
    landed = land(community, at=at)
    answered(landed.inquiries, at=at)
    return landed
