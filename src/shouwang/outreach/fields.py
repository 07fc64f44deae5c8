"""What 通知宣传 offers to ledgers: copies handed out, times played, ringtones changed, by the day on which it was written down."""

from collections.abc import Callable

from django.db.models import F, QuerySet

from shouwang.lib.codes import subtree
from shouwang.lib.fields import Field, NumberField
from shouwang.outreach.notices.models import COPIES, Handed


def _by(*ways: str) -> Callable[[str], QuerySet]:
    def rows(area: str) -> QuerySet:
        low, high = subtree(area)
        found = Handed.objects.filter(area_code__gte=low, area_code__lt=high, by_way__in=ways)
        return found.annotate(
            happened_at=F("at"), came_at=F("recorded_at"), gone_at=F("void_at"), subject=F("household_id")
        )

    return rows


FIELDS: tuple[Field, ...] = (
    NumberField(
        key="outreach.leaflets_day", words="宣传/发放资料(份)", synonyms=("发放资料(份)", "发放资料", "发放宣传资料", "宣传资料份数"),
        span="day", source=_by(*COPIES), means="这一期里发出的宣传资料：入户带去的和成捆发出的，按份数加。",
    ),
    NumberField(
        key="outreach.leaflets_ever", words="累计发放资料(份)", synonyms=("累计发放资料", "累计发放宣传资料"),
        span="ever", source=_by(*COPIES), means="到截止时间为止发出的宣传资料，按份数加。",
    ),
    NumberField(
        key="outreach.broadcasts_day", words="宣传/小喇叭(次)", synonyms=("小喇叭广播次数", "广播次数", "播放次数"),
        span="day", source=_by("loudspeaker"), means="这一期里小喇叭播放的次数。",
    ),
    NumberField(
        key="outreach.ringtones_day", words="更换手机彩铃(个)", synonyms=("更换手机彩铃", "手机彩铃"),
        span="day", source=_by("ringtone"), means="这一期里换成宣传彩铃的手机数。",
    ),
)  # fmt: skip
