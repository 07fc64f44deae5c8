"""What became of a request to have a code taken back: written down, and the person has a message without a health word."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from shouwang.access.models import User
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import Sealer, sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.screening.codes.actions import end, told
from shouwang.screening.codes.models import CodeRequest

PURPOSE = "request_done"
DONE, NOT_DONE = "已经办好了", "没有办成，原因请打电话问"


def answer_requests(
    requests: Sequence[UUID], *, converted: bool, reason: str, by: User | None, at: datetime
) -> Sent:
    """Ends these requests and tells the people; who has no number that a message reaches is told by telephone.

    Raises: as `end`.
    """
    ended = end(requests, converted=converted, reason=reason, by=by, at=at)
    keys = sealer(settings.SEALING_KEY_FILE)
    sent = send([_wanted(one, keys) for one in ended], by=by, at=at)
    told([one.about for one in (*sent.new, *sent.already) if one.about], at=at)
    return sent


def _wanted(request: CodeRequest, keys: Sealer) -> Wanted:
    person = request.row.inquiry.person
    sealed = [*(person.phones_sealed if person else ()), *request.row.phones_sealed]
    phone = next((number for number in map(keys.open, sealed) if MOBILE.fullmatch(number)), "")
    return Wanted(
        phone=phone, purpose=PURPOSE, once=f"{request.pk} {request.ended_at:%Y%m%d%H%M}", area_code=request.area_code, person=person,
        about=request.pk, params={"outcome": DONE if request.converted else NOT_DONE},
    )  # fmt: skip
