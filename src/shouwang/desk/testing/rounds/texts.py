"""The words with which people are called: one for the groups, one for the loudspeaker. No word about anybody's health."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from shouwang.lib.clock import ZONE
from shouwang.testing.models import Call, Point, Round

SOON = 3


def for_group(row: Round, point: Point, calls: Sequence[tuple[Call, str]], *, apart_m: float | None) -> str:
    """For the chat group: every building with its hour. Sent to all buildings alike. Units: `apart_m` metres, as the plan says."""
    head = _("【{name}】{point}{where}，按下面的时间下楼，不用早来：").format(
        name=row.name, point=point.name, where=_where(point)
    )
    lines = [f"{one.called_at.astimezone(ZONE):%H:%M}　{words}" for one, words in calls]
    apart = [_("排队前后隔 {metres} 米。").format(metres=f"{apart_m:g}")] if apart_m else []
    foot = _("请带身份证或采样码，戴好口罩。走不动的老人、病人、孕妇请告诉楼长，我们上门。")
    return "\n".join([head, *lines, *apart, foot])


def for_loudspeaker(point: Point, calls: Sequence[tuple[Call, str]], *, now: datetime) -> str:
    """For the loudspeaker: who comes next."""
    coming = [(one, words) for one, words in calls if one.through_at > now][:SOON]
    if not coming:
        return _("各位邻居，{point}的采样快结束了，还没采的请现在过来。").format(point=point.name)
    said = "；".join(f"{one.called_at.astimezone(ZONE):%H:%M}，{words}" for one, words in coming)
    return _("各位邻居请注意，现在请到{point}采样：{who}。请戴口罩、带身份证，下楼走慢一点。").format(
        point=point.name, who=said
    )


def _where(point: Point) -> str:
    return f"（{point.where}）" if point.where else ""
