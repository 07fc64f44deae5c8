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
    if visit and not visit.void_at:
        _in_time(visit.at, tapped_at)
        void_visit(told, reason=REASON, by=by, at=at)
    if attempt:
        _in_time(attempt.at, tapped_at)
        _forget(attempt, by=by, at=at)


def _in_time(happened_at: datetime, tapped_at: datetime) -> None:
    if tapped_at - happened_at > timedelta(minutes=MINUTES):
        raise TooLate(minutes=MINUTES)


def _forget(attempt: Attempt, *, by: User, at: datetime) -> None:
    """What was never tried is no attempt: the audit says what stood there."""
    audit(
        "screening.take_back_attempt", at=at, by=by, area=attempt.area_code, reason=REASON,
        attempt=attempt.pk, household=attempt.household_id, outcome=attempt.outcome, tried_at=attempt.at,
    )  # fmt: skip
    attempt.delete()
