"""The ways out of a community: its own settings, and the gateways that the operator added."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from shouwang.access.audit import record
from shouwang.access.models import User
from shouwang.access.scope import one_in_scope
from shouwang.lib.codes import ancestors, community_of, subtree
from shouwang.lib.errors import Refusal
from shouwang.lib.sealing import sealer
from shouwang.outreach import gateway
from shouwang.outreach.models import (
    CHANNEL_KINDS,
    DINGTALK,
    EMAIL,
    FEISHU,
    SMS,
    WECOM,
    Batch,
    Channel,
    Office,
)

GROUPS = {
    "wecombot": WECOM,
    "dingtalk": DINGTALK,
    "feishu": FEISHU,
    "lark": FEISHU,
    "mailto": EMAIL,
    "mailtos": EMAIL,
}
OFFICES_SHOWN = 30
KIND_WORDS = dict(CHANNEL_KINDS)


class NotAnAddress(Refusal):
    code = "outreach.not_an_address"
    sentence = (
        "这个通道地址用不了。短信网关的地址里要有 {{phone}}（号码放在哪里），群和邮箱用 "
        "wecombot://、dingtalk://、feishu://、mailtos:// 开头的地址。"
    )


@dataclass(frozen=True)
class WaysOut:
    """How messages leave one community.

    Shape: `office` is how it signs; `channels` are nearest first, oldest first.
    """

    community: str
    office: Office | None
    channels: list[Channel] = field(default_factory=list)

    def of(self, *, to_phone: bool) -> list[Channel]:
        """The channels that reach a phone, or those that reach a group."""
        return [channel for channel in self.channels if (channel.kind == SMS) == to_phone]


def ways_out(communities: Iterable[str]) -> dict[str, WaysOut]:
    """How messages leave these communities, in two questions. A larger area's settings hold where its own are missing."""
    wanted = set(communities)
    above = {code for community in wanted for code in ancestors(community)}
    offices = {office.area_code: office for office in Office.objects.filter(area_code__in=above)}
    channels = list(Channel.objects.filter(area_code__in=above, ended_at=None).order_by("id"))
    return {code: _ways_out(code, offices, channels) for code in wanted}


def _ways_out(community: str, offices: dict[str, Office], channels: list[Channel]) -> WaysOut:
    chain = ancestors(community)
    office = next((offices[code] for code in chain if code in offices), None)
    own = sorted((one for one in channels if one.area_code in chain), key=lambda one: -len(one.area_code))
    return WaysOut(community, office, own)


def add_channel(area: str, *, name: str, url: str, by: User | None, at: datetime) -> Channel:
    """A new way out for an area and all below it; what waits goes out through it. Raises: NotAnAddress."""
    kind = GROUPS.get(url.split(":", 1)[0].lower(), SMS)
    if (kind == SMS) != (gateway.PHONE in url) or not gateway.fits(url):
        raise NotAnAddress()
    sealed = sealer(settings.SEALING_KEY_FILE).seal(url)
    channel = Channel.objects.create(area_code=area, kind=kind, name=name, url_sealed=sealed, added_at=at)
    record("outreach.add_channel", at=at, by=by, area=area, channel=channel.pk, kind=kind)
    wake(area, at=at)
    return channel


def end_channel(channel: int, *, by: User | None, at: datetime) -> None:
    """Nothing leaves this way any more. Raises: NotInScope."""
    found = one_in_scope(Channel.objects.filter(pk=channel, ended_at=None))
    Channel.objects.filter(pk=channel).update(ended_at=at)
    record("outreach.end_channel", at=at, by=by, area=found.area_code, channel=channel)


def set_office(
    community: str, *, name: str, phone: str, address: str, daily_most: int, by: User | None, at: datetime
) -> Office:
    """How a community signs from now on; what waited for it goes out."""
    told = {
        "name": name,
        "phone": phone,
        "address": address.rstrip("/"),
        "daily_most": daily_most,
        "set_at": at,
        "set_by": by,
    }
    office, _ = Office.objects.update_or_create(area_code=community, defaults=told)
    record("outreach.set_office", at=at, by=by, area=community, name=name, phone=phone, address=address)
    wake(community, at=at)
    return office


def offices() -> list[Office]:
    """Every community's name and telephone, as on its door."""
    return list(Office.objects.order_by("area_code")[:OFFICES_SHOWN])


def wake(area: str, *, at: datetime) -> None:
    """What waits in this area is looked at again now."""
    low, high = subtree(area)
    waiting = Q(messages__sent_at=None, messages__unsure_at=None, messages__given_up_at=None)
    here = Q(messages__area_code__gte=low, messages__area_code__lt=high)
    found = Batch.objects.filter(waiting & here).values("pk")
    Batch.objects.filter(pk__in=list(found.distinct().values_list("pk", flat=True))).update(next_at=at)


def community_ways(area: str) -> WaysOut:
    """How messages leave the community of one area."""
    community = community_of(area)
    return ways_out([community])[community]
