"""A wrong tap taken back within minutes, by the one who tapped."""

from datetime import datetime, timedelta
from uuid import UUID

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.duties.models import Attempt
from shouwang.lib.errors import Refusal
from shouwang.screening.actions import void_visit
from shouwang.screening.models import Visit

MINUTES = 10
REASON = "点错"


class TooLate(Refusal):
    code = "screening.too_late_to_take_back"
    sentence = "超过 {minutes} 分钟，不能自己撤销了。请告诉社区信息员更正。"


def take_back(told: UUID, *, by: User, tapped_at: datetime, at: datetime) -> None:
    """Strikes out the visit, or forgets the attempt, that somebody told by mistake; done twice it is done once.

    Shape: `tapped_at` is when taking back was tapped, `at` when it arrived. Raises: TooLate.
    """
    visit = Visit.objects.filter(pk=told, by=by).first()
    attempt = Attempt.objects.filter(pk=told, by=by).first()
    happened = visit or attempt
    if happened is None or (visit and visit.void_at):
        return
    if tapped_at - happened.at > timedelta(minutes=MINUTES):
        raise TooLate(minutes=MINUTES)
    if visit:
        void_visit(told, reason=REASON, by=by, at=at)
        return
    attempt.delete()
    audit(
        "screening.take_back_attempt", at=at, by=by, area=attempt.area_code, reason=REASON,
        attempt=told, household=attempt.household_id, outcome=attempt.outcome, tried_at=attempt.at,
    )  # fmt: skip
