"""Which notices are in force, in which words each channel says them, and how many went out where."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from shouwang.lib.codes import ancestors, community_of, subtree
from shouwang.outreach.notices.models import BY, Handed, Notice

SMS_SIGNS = 60


@dataclass(frozen=True)
class Told:
    """How much of a notice went out by one way: how often, how many altogether, to how many doors."""

    way: str
    words: str
    times: int
    amount: int
    doors: int


def in_force(area: str, *, now: datetime) -> QuerySet[Notice]:
    """What is announced here now, by the community and by those above, the latest first."""
    rows = Notice.objects.filter(
        Q(until=None) | Q(until__gt=now), area_code__in=ancestors(community_of(area)), ended_at=None
    )
    return rows.order_by("-published_at")


def handed(area: str) -> QuerySet[Handed]:
    """What went out in an area and counts."""
    low, high = subtree(area)
    return Handed.objects.filter(area_code__gte=low, area_code__lt=high, void_at=None)


def told(notice: Notice, area: str) -> list[Told]:
    """How much of a notice, all its versions together, went out in an area."""
    titles = handed(area).filter(Q(notice=notice) | Q(title=notice.title))
    sums = titles.values("by_way").annotate(
        times=Count("pk"), amount=Sum("amount"), doors=Count("household", distinct=True)
    )
    return [
        Told(one["by_way"], dict(BY)[one["by_way"]], one["times"], one["amount"], one["doors"])
        for one in sums
    ]


def for_loudspeaker(notice: Notice) -> str:
    """What is read aloud: short sentences, the title first."""
    return f"各位居民请注意：{notice.title}。{notice.body}"


def for_loop(notice: Notice) -> str:
    """What is played again and again."""
    return notice.loop or f"{notice.title}。详情请看楼道告示。"


def for_chat(notice: Notice, link: str) -> str:
    """What is pasted into a residents' group."""
    changed = f"\n（和上次比：{notice.changed}）" if notice.changed else ""
    return f"【{notice.title}】\n{notice.body}{changed}\n{link}"


def for_sms(notice: Notice) -> str:
    """What fits into one message."""
    return f"{notice.title}：{notice.body}"[:SMS_SIGNS]
