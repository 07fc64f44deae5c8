"""A notice as a message to everybody's phone, where the operator has set a gateway; nobody gets one version twice."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from shouwang.access.audit import record as audit
from shouwang.access.models import User
from shouwang.lib.codes import community_of, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.phones import MOBILE
from shouwang.lib.sealing import sealer
from shouwang.outreach.actions import Sent, Wanted, send
from shouwang.outreach.channels import community_ways
from shouwang.outreach.notices.actions import ReplacedAlready, notice_of
from shouwang.outreach.notices.queries import for_sms
from shouwang.register.models import Person

PURPOSE = "notice"


class NoGateway(Refusal):
    code = "outreach.no_gateway"
    sentence = "还没有短信通道，发不了短信。请先让管理员在“通知宣传”里加一个。"


def has_gateway(area: str) -> bool:
    """Whether messages to phones leave a community by themselves."""
    return bool(community_ways(area).of(to_phone=True))


def text_everybody(notice: UUID, area: str, *, by: User, at: datetime) -> Sent:
    """One message to every mobile phone of a community; in the night the outbox waits. Raises: NotInScope, NoGateway, ReplacedAlready.

    Cost: opens every number once, and as `send`.
    """
    row = notice_of(notice)
    if not has_gateway(area):
        raise NoGateway()
    if row.ended_at or (row.until and row.until <= at):
        raise ReplacedAlready()
    low, high = subtree(community_of(area))
    keys, found = sealer(settings.SEALING_KEY_FILE), dict[str, str]()
    living = Person.objects.filter(area_code__gte=low, area_code__lt=high, left_at=None).exclude(
        phones_sealed=[]
    )
    for code, phones in living.values_list("area_code", "phones_sealed").iterator():
        found |= {phone: code for phone in map(keys.open, phones) if MOBILE.fullmatch(phone)}
    said = {"said": for_sms(row), "path": f"/c/{community_of(area)}/"}
    sent = send(
        [
            Wanted(phone=phone, purpose=PURPOSE, once=str(row.pk), area_code=code, about=row.pk, params=said)
            for phone, code in found.items()
        ],
        by=by, at=at,
    )  # fmt: skip
    audit("outreach.text_notice", at=at, by=by, area=community_of(area), notice=row.pk, phones=len(sent.new))
    return sent
